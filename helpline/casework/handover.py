"""Hand a request over to another service that its holder names, within the caller's consent (R28, R30)."""

from helpline.casework import claims
from helpline.casework.answers import (
    Answer,
    ChooseService,
    DoesNotFit,
    HandedOn,
    HandedOver,
    NotOpen,
    Refused,
    Why,
)
from helpline.casework.outcomes import finish
from helpline.content.sms_fit import MOST_NAME, brief
from helpline.core.typed_text import match_name
from helpline.directory import services as service_rows
from helpline.directory.service import Service
from helpline.matching.ranking import why_not
from helpline.referral import context, pass_on
from helpline.referral.context import Context
from helpline.request import attempts, offers, requests
from helpline.request.model import DRILL, HELD_ON, CallbackRequest, Outcome, State, covers
from helpline.request.offers import MEANS_SOMETHING, Offered, OfferState
from helpline.request.recipients import recipients_of
from helpline.staff import contacts
from helpline.staff.actor import Actor
from helpline.staff.contact import Contact
from helpline.store import audit_log, outbox, texts_out
from helpline.store.engine import Tx


def hand_over(ctx: Context, tx: Tx, actor: Actor, offer: Offered | None, name: str) -> Answer:
    """Hand a request to the service of a name or an id. A claim is given back; a case of a reached caller is closed."""
    found = claims.current(ctx, tx, actor, offer)
    if found is None or found[0].state not in MEANS_SOMETHING:
        return NotOpen()
    offer, request = found
    claimed = offer.state is OfferState.CLAIMED and request.state is State.CLAIMED
    if not claimed and request.state not in HELD_ON:
        return Refused(offer, Why.ANSWER_FIRST)
    if not name:
        return Refused(offer, Why.NAME_MISSING)
    others = _other_services(ctx, tx, actor)
    named = {id: tuple(contact.names.values()) for id, contact in others.items()}
    one, several = (name, []) if name in others else match_name(name, named)
    if not one:
        return ChooseService(offer, tuple(others[id].name(actor.language) for id in several))
    return _hand_to(ctx, tx, actor, offer, request, others[one])


def _other_services(ctx: Context, tx: Tx, actor: Actor) -> dict[str, Contact]:
    """Return a contact of each other service by the service's id: the first one, since a second has its own name."""
    listed = contacts.of_kind(tx, "service", ctx.country.code)
    first_last = sorted(listed, key=lambda contact: contact.id == contact.desk)
    return {contact.desk: contact for contact in first_last if contact.desk != actor.desk}


def _hand_to(ctx: Context, tx: Tx, actor: Actor, offer: Offered, request: CallbackRequest, to: Contact) -> Answer:
    """Hand a request to a service, if the caller's consent and the service allow it."""
    listed = service_rows.services(tx, ctx.country.code)
    service, name = next((each for each in listed if each.id == to.desk), None), to.name(actor.language)
    if service is None or not may_be_handed(ctx, tx, request, service):
        return Refused(offer, Why.NOT_CONSENTED)
    claimed = request.state is State.CLAIMED
    if claimed and not _could_be_offered(ctx, tx, service, request):
        return DoesNotFit(offer, name)
    attempts.add(tx, offer, actor.id, "handed", request.state)
    audit_log.append(tx, ctx.audit_key, tx.now, actor.id, "handed", request.id)
    requests.hand_to(tx, request.id, to.desk)
    if claimed:
        offers.ask_again(tx, request.id, to.desk)
        pass_on.pass_on(ctx, tx, offer, OfferState.PASSED)
        return HandedOn(offer, name)
    finish(tx, offer, request, Outcome.HANDED_OVER)
    if request.kind != DRILL:
        _announce(tx, actor, to)
    return HandedOver(offer, name)


def may_be_handed(ctx: Context, tx: Tx, request: CallbackRequest, to: Service) -> bool:
    """Whether the caller's consent covers a service besides those that have the number (R28, R30)."""
    may_get = recipients_of(tx, request, ctx.config.most_services).may_get(to.id)
    return may_get and covers(to.kind, request.expires, tx.now)


def _announce(tx: Tx, actor: Actor, to: Contact) -> None:
    """Text the other service, neutrally, that this one will call it."""
    name = brief(actor.name(to.language), MOST_NAME)
    id = texts_out.add(tx, to.kind, to.desk, "to_ngo.coming", "", values={"name": name})
    outbox.wake(tx, "send", id, tx.now)


def _could_be_offered(ctx: Context, tx: Tx, service: Service, request: CallbackRequest) -> bool:
    """Whether a service could be asked about a request. A practice request is offered to nobody, so any will do."""
    return request.kind == DRILL or not why_not(service, context.criteria_for(ctx, request, tx.now))
