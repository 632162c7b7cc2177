"""Hand a case over to another service that its holder names, within the caller's consent (R28, R30).

The other service is asked to take the case over. Its holder keeps the case until it accepts: so at every moment one
service is responsible for the caller, and no more than one other is asked.
"""

from collections.abc import Collection, Sequence

from helpline.casework import claims
from helpline.casework.answers import (
    Answer,
    ChooseService,
    Claimed,
    DoesNotFit,
    HandedOn,
    HandedOver,
    HandingAsked,
    HandingWithdrawn,
    NotOpen,
    NotTaken,
    Refused,
    TakenOver,
    Why,
)
from helpline.casework.outcomes import finish
from helpline.content.sms_fit import MOST_NAME, brief
from helpline.core.call_windows import Span
from helpline.core.typed_text import match_name
from helpline.directory import services as service_rows
from helpline.matching import candidates as candidate_rows
from helpline.matching.criteria import first_common_window
from helpline.matching.next_step import for_an_answer
from helpline.matching.ranking import HOURS, NO_MORE_SERVICES, Candidate
from helpline.matching.ranking import candidates as ranked
from helpline.referral import context, ending, offer_next, pass_on, timeouts
from helpline.referral.context import Context
from helpline.request import attempts, free_windows, offers, phone_lines, requests
from helpline.request.model import DRILL, HELD_ON, CallbackRequest, Outcome, State
from helpline.request.offers import LIVE, Offered, OfferState
from helpline.request.recipients import recipients_of
from helpline.staff import contacts
from helpline.staff.contact import Actor, Contact
from helpline.store import audit_log, exclusive, outbox
from helpline.store.engine import Tx

HOLDS = (OfferState.CLAIMED, OfferState.FOLLOWED)
IN_VAIN = frozenset({OfferState.PASSED, OfferState.LAPSED, OfferState.UNDELIVERABLE})


def candidates(ctx: Context, tx: Tx, request: CallbackRequest) -> list[Candidate]:
    """Return each service of the country with all reasons why it is not offered a request."""
    services = service_rows.services(tx, ctx.country.code)
    full = frozenset(candidate_rows.full(tx, services))
    recipients = recipients_of(tx, request, ctx.config.most_services)
    return ranked(services, context.criteria_for(ctx, tx, request, full), recipients.may_get)


def receivers(ctx: Context, tx: Tx, request: CallbackRequest, giver: str) -> list[Candidate]:
    """Return each other service with all reasons why it cannot take a case over.

    Its hours do not matter once the caller was reached: the services agree on when to call.
    """
    found = [each for each in candidates(ctx, tx, request) if each.id != giver]
    if request.state not in HELD_ON:
        return found
    return [each if each.why != (HOURS,) else Candidate(each.id, (), each.later, None, each.far) for each in found]


def first_calls(
    ctx: Context, tx: Tx, offer: Offered, request: CallbackRequest, ids: Collection[str]
) -> dict[str, Span | None]:  # fmt: skip
    """Return when each of these services could first call: no window of its giver is used again (R11)."""
    free = free_windows.calls_to_come(tx, offer.line, request)
    asked = [each for each in service_rows.services(tx, ctx.country.code) if each.id in ids]
    return {each.id: first_common_window(each, request, tx.now, free) for each in asked}


def hand_over(ctx: Context, tx: Tx, actor: Actor, offer: Offered | None, name: str) -> Answer:
    """Ask the service of a name or an id to take a case over. The case stays with its holder until it accepts."""
    found = claims.current(ctx, tx, actor, offer)
    if found is None or found[0].state not in (*LIVE, OfferState.FOLLOWED):
        return NotOpen()
    offer, request = found
    if not _is_held(offer, request):
        return Refused(offer, Why.ANSWER_FIRST)
    if not name:
        return Refused(offer, Why.NAME_MISSING)
    others = _other_services(ctx, tx, actor)
    named = {id: tuple(contact.names.values()) for id, contact in others.items()}
    one, several = (name, []) if name in others else match_name(name, named)
    if not one:
        return ChooseService(offer, tuple(others[id].name(actor.language) for id in several))
    if request.kind == DRILL:
        return _practise(ctx, tx, actor, offer, request, others[one].name(actor.language))
    return _ask(ctx, tx, actor, offer, request, others[one])


def _is_held(offer: Offered, request: CallbackRequest) -> bool:
    """Whether an offer makes its desk the holder of a request."""
    if offer.state is OfferState.CLAIMED:
        return request.state is State.CLAIMED
    return offer.state is OfferState.FOLLOWED and request.state in HELD_ON


def _other_services(ctx: Context, tx: Tx, actor: Actor) -> dict[str, Contact]:
    """Return a contact of each other service by the service's id: the first one, since a second has its own name."""
    listed = contacts.of_kind(tx, "service", ctx.country.code)
    first_last = sorted(listed, key=lambda contact: contact.id == contact.desk)
    return {contact.desk: contact for contact in first_last if contact.desk != actor.desk}


def _ask(ctx: Context, tx: Tx, actor: Actor, offer: Offered, request: CallbackRequest, to: Contact) -> Answer:
    """Ask a service to take a case over, if it fits, the caller's consent allows it, and no other one is asked."""
    exclusive.desks(tx, [to.desk])  # before the request: its caller must not wait for a desk
    held, offer_now = requests.hold(tx, request.id), offers.get(tx, offer.id)
    if held is None or offer_now is None or not _is_held(offer_now, held):
        return NotOpen()  # a stop, a withdrawal or a time limit came first
    offer, request = offer_now, held
    if offers.proposed(tx, request.id):
        return Refused(offer, Why.ANOTHER_ASKED)
    why = _why_not(ctx, tx, request, actor.desk, to.desk)
    if NO_MORE_SERVICES in why or tx.now >= request.expires:
        return Refused(offer, Why.NOT_CONSENTED)
    if why or phone_lines.is_barred(tx, request):
        return DoesNotFit(offer, to.name(actor.language))
    id, draws = offer_next.new_offer_code(ctx, tx, to.desk)
    if not offers.add(tx, request.id, offer.line, to.desk, draws, id, OfferState.PROPOSED):
        return NotOpen()
    until = tx.now + for_an_answer(ctx.config, request.risk)
    offers.start_clock(tx, id, until)
    outbox.wake(tx, "lapse", id, until, request.queue)
    attempts.add(tx, offer, actor.id, attempts.HANDING, request.state)
    audit_log.append(tx, ctx.audit_key, tx.now, actor.id, attempts.HANDING, request.id)
    if proposal := offers.get(tx, id):
        ending.tell_service(tx, proposal, "to_ngo.take_over", name=brief(actor.name(to.language), MOST_NAME))
    return HandingAsked(offer, to.name(actor.language), to.desk)


def _why_not(ctx: Context, tx: Tx, request: CallbackRequest, giver: str, to: str) -> Sequence[str]:
    """Return why a service cannot take a case over; one that is not in the directory any more does not fit, either."""
    found = (each.why for each in receivers(ctx, tx, request, giver) if each.id == to)
    return next(found, ("gone",))


def take(ctx: Context, tx: Tx, actor: Actor, offer: Offered | None) -> Answer:
    """Claim an open offer, or accept a case that another service hands over."""
    if offer is None or offer.state is not OfferState.PROPOSED:
        return claims.claim(ctx, tx, actor, offer)
    found = claims.current(ctx, tx, actor, offer)
    if found is None or found[0].state is not OfferState.PROPOSED:
        return NotOpen()
    request, proposal = requests.hold(tx, found[1].id), offers.get(tx, found[0].id)
    if request is None or proposal is None or proposal.state is not OfferState.PROPOSED:
        return NotOpen()  # its time limit or a stop came first
    giver = holder(tx, request)
    if giver is None or not _may_accept(ctx, tx, proposal, request):
        end(tx, proposal, OfferState.LAPSED)
        return NotOpen()
    offer = proposal
    return _accept(ctx, tx, actor, offer, request, giver)


def holder(tx: Tx, request: CallbackRequest) -> Offered | None:
    """Return the claim of the service that holds a request."""
    return next((each for each in offers.live_of_request(tx, request.id) if _is_held(each, request)), None)


def _may_accept(ctx: Context, tx: Tx, offer: Offered, request: CallbackRequest) -> bool:
    """Whether the case may still pass to a service: in time, within the consent (R28, R30), on no frozen line (R8)."""
    in_time = offer.until is not None and tx.now < min(offer.until, request.expires)
    may_get = recipients_of(tx, request, ctx.config.most_services).may_get(offer.service)
    return in_time and may_get and not phone_lines.is_barred(tx, request)


def _accept(
    ctx: Context, tx: Tx, actor: Actor, offer: Offered, request: CallbackRequest, giver: Offered
) -> Answer:  # fmt: skip
    """Pass a case from its holder to the service that accepts. The request keeps its state: it has a holder always."""
    ending.end_offer(tx, giver, OfferState.PASSED)
    offers.move(tx, offer.id, OfferState.PROPOSED, giver.state)
    outbox.drop(tx, "lapse", offer.id)
    attempts.add(tx, giver, actor.id, attempts.HANDED, request.state)
    attempts.add(tx, offer, actor.id, "claim", request.state)
    for action in ("handed", "claim"):
        audit_log.append(tx, ctx.audit_key, tx.now, actor.id, action, request.id)
    ending.tell_service(tx, giver, "to_ngo.handed_over", name=name_for(tx, offer.service, giver.service))
    if giver.left_at is not None:
        offers.mark_left(tx, offer.id)  # the giver may tell it the number: it counts as one that has it (R30)
    if giver.state is OfferState.FOLLOWED:
        return TakenOver(offer)
    timeouts.await_a_sign(ctx, tx, offer.id, request)
    return Claimed(offer, request.has_wishes)


def decline(ctx: Context, tx: Tx, actor: Actor, offer: Offered | None) -> Answer:
    """Decline an offer, give a claim back, or do not take a case over."""
    if offer is None or offer.state is not OfferState.PROPOSED:
        return claims.decline(ctx, tx, actor, offer)
    found = claims.current(ctx, tx, actor, offer)
    if found is None or not end(tx, found[0], OfferState.PASSED):
        return NotOpen()
    attempts.add(tx, found[0], actor.id, attempts.NOT_TAKEN, found[1].state)
    audit_log.append(tx, ctx.audit_key, tx.now, actor.id, attempts.NOT_TAKEN, found[1].id)
    return NotTaken(found[0])


def withdraw(ctx: Context, tx: Tx, actor: Actor, offer: Offered | None) -> Answer:
    """Stop asking another service to take a case over. Nothing else changes."""
    found = claims.current(ctx, tx, actor, offer)
    if found is None or not _is_held(*found):
        return NotOpen()
    requests.hold(tx, found[1].id)
    if not ending.end_proposals(tx, found[1].id):
        return NotOpen()
    audit_log.append(tx, ctx.audit_key, tx.now, actor.id, "handing_back", found[1].id)
    return HandingWithdrawn(found[0])


def lapse(ctx: Context, tx: Tx, id: str) -> None:
    """End an offer, or a question to take a case over, that was not answered in time."""
    offer = offers.get(tx, id)
    if offer and offer.state is OfferState.PROPOSED and offer.until is not None and offer.until <= tx.now:
        end(tx, offer, OfferState.LAPSED)
    else:
        offer_next.lapse(ctx, tx, id)


def end(tx: Tx, offer: Offered, to: OfferState) -> bool:
    """End the question to take a case over, and tell its holder that the case stays theirs."""
    if not offers.move(tx, offer.id, OfferState.PROPOSED, to):
        return False
    outbox.drop(tx, "lapse", offer.id)
    request = requests.get(tx, offer.request)
    if request and (giver := holder(tx, request)):
        name = name_for(tx, offer.service, giver.service)
        ending.tell_service(tx, giver, "to_ngo.handing_no", name=name)
    return True


def asked_in_vain(tx: Tx, offer: Offered) -> dict[str, OfferState]:
    """Return the services that the holder of a case asked in vain to take it over, by id, with how each question ended.

    Services that were asked before the holder are left out.
    """
    found = offers.of_request(tx, offer.request)
    later = found[[each.id for each in found].index(offer.id) + 1 :]
    return {each.service: each.state for each in later if each.state in IN_VAIN}


def name_for(tx: Tx, service: str, reader: str) -> str:
    """Return the name of a service in the language of another desk, short enough for a text."""
    named, to = contacts.get(tx, service) or contacts.on_duty(tx, service), contacts.on_duty(tx, reader)
    return brief(named.name(to.language if to else named.language), MOST_NAME) if named else service[:MOST_NAME]


def _practise(
    ctx: Context, tx: Tx, actor: Actor, offer: Offered, request: CallbackRequest, name: str
) -> Answer:  # fmt: skip
    """End a practice request as if the other service had accepted at once. It is not asked."""
    attempts.add(tx, offer, actor.id, attempts.HANDED, request.state)
    audit_log.append(tx, ctx.audit_key, tx.now, actor.id, "handed", request.id)
    if request.state is State.CLAIMED:
        pass_on.pass_on(ctx, tx, offer, OfferState.PASSED)
        return HandedOn(offer, name)
    finish(tx, offer, request, Outcome.HANDED_OVER)
    return HandedOver(offer, name)
