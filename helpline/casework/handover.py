"""HANDED: a service names another one that is to go on, inside what she consented to (R28, R30)."""

from datetime import datetime

from helpline.casework import claims
from helpline.casework.outcomes import finish
from helpline.content.sms_fit import MOST_NAME, brief
from helpline.core.typed_text import match_name
from helpline.directory import services as service_rows
from helpline.directory.service import Service
from helpline.matching.ranking import why_not
from helpline.referral import context, ending, pass_on
from helpline.referral.context import Context
from helpline.request import attempts, offers, requests
from helpline.request.model import DRILL, HELD_ON, CallbackRequest, Outcome, State, covers
from helpline.request.offers import Offered, OfferState
from helpline.staff import contacts
from helpline.staff.contact import Contact
from helpline.store import audit_log, outbox, texts_out
from helpline.store.engine import Tx


def hand_over(ctx: Context, tx: Tx, who: Contact, code: str, name: str) -> None:
    """Hand a request to the service of a name. One that holds it gives it back; one that reached her, ends it."""
    ctx.stops.settle(tx)
    offer = claims.find(ctx, tx, who, code)
    request = requests.get(tx, offer.request) if offer else None
    if offer is None or request is None:
        return claims.wrong_code(ctx, tx, who, code)
    claimed = offer.state is OfferState.CLAIMED and request.state is State.CLAIMED
    if not claimed and request.state not in HELD_ON:
        return ending.tell_service(tx, offer, "to_ngo.menu_open", who)
    if not name:
        return ending.tell_service(tx, offer, "to_ngo.handed_whom", who)
    return _named(ctx, tx, who, offer, request, name)


def _named(ctx: Context, tx: Tx, who: Contact, offer: Offered, request: CallbackRequest, name: str) -> None:
    """Find the service that is meant; where it could be several, ask."""
    listed = contacts.of_kind(tx, "service", ctx.country.code)
    first = sorted(listed, key=lambda each: each.id == each.desk)  # a second phone has a name of its own
    others = {each.desk: each for each in first if each.desk != who.desk}
    named = {id: tuple(each.names.values()) for id, each in others.items()}
    one, several = (name, []) if name in others else match_name(name, named)  # chosen from a list, it is an id
    if not one:
        known = ", ".join(brief(others[id].name(who.language), MOST_NAME) for id in several)
        return ending.tell_service(tx, offer, "to_ngo.handed_choose", who, need=known)
    services = service_rows.services(tx, ctx.country.code)
    service = next((each for each in services if each.id == one), None)
    said = brief(others[one].name(who.language), MOST_NAME)
    if request.short_form or service is None or not covers(service.kind, request.expires, tx.now):
        return ending.tell_service(tx, offer, "to_ngo.handed_no", who)
    if request.state is State.CLAIMED and _unfit(ctx, service, request, tx.now):
        return ending.tell_service(tx, offer, "to_ngo.handed_unfit", who, name=said)
    return _hand(ctx, tx, who, offer, request, others[service.id], said)


def _unfit(ctx: Context, service: Service, request: CallbackRequest, now: datetime) -> bool:
    """Tell whether a service could not be asked (a practice request is asked of nobody)."""
    drill = request.kind == DRILL
    return not drill and bool(why_not(service, context.criteria_for(ctx, request, now)))


def _hand(
    ctx: Context, tx: Tx, who: Contact, offer: Offered, request: CallbackRequest, to: Contact, said: str,

) -> None:  # fmt: skip
    attempts.add(tx, offer, who.id, "handed", request.state)
    audit_log.append(tx, ctx.audit_key, tx.now, who.id, "handed", request.id)
    requests.hand_to(tx, request.id, to.desk)
    if request.state is State.CLAIMED:
        offers.ask_again(tx, request.id, to.desk)
        pass_on.pass_on(ctx, tx, offer, OfferState.PASSED)
        return ending.tell_service(tx, offer, "to_ngo.handed", who, name=said)
    finish(tx, offer, request, Outcome.HANDED_OVER)
    if request.kind != DRILL:
        _announce(tx, who, to)
    return ending.tell_service(tx, offer, "to_ngo.handed_over", who, name=said)


def _announce(tx: Tx, who: Contact, to: Contact) -> None:
    """Tell the other service, neutrally, that this one will ring it."""
    name = brief(who.name(to.language), MOST_NAME)
    id = texts_out.add(tx, to.kind, to.desk, "to_ngo.coming", "", values={"name": name})
    outbox.wake(tx, "send", id, tx.now)
