"""*My request*: what she changes with code and word. Each step is taken inside a transaction that is open already."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from helpline import ending
from helpline.request import CallbackRequest, State
from helpline.store import calls, offers, outbox, requests
from helpline.store.offers import Offered, OfferState
from menus.draft import NO, PERMISSIONS, Draft

STOPPED = frozenset({State.PAUSED, State.FROZEN, State.STRANDED})
"""What another hour sets going again: what stopped for her safety (R8, R48), and what nobody was found for."""


def another_hour(tx: Connection, request: CallbackRequest, hours: dict[str, Any], now: datetime) -> str:
    """Set other hours, counted from now. An offer that no longer fits is void; whoever claimed it is told."""
    requests.amend(tx, request.id, {**hours, "since": now, "promised_from": None, "promised_to": None}, now)
    if request.state in STOPPED:
        resume(tx, request, now, now)
    elif request.state in (State.WAITING, State.OFFERED):
        outbox.wake(tx, "attend", request.id, max(request.due, now) if request.state is State.WAITING else now)
    for offer in claims(tx, request):
        ending.tell_service(tx, offer, "to_ngo.hour", now)
    return "hour"


def resume(tx: Connection, request: CallbackRequest, due: datetime, now: datetime) -> None:
    """Let a request wait again that was paused, frozen or stranded."""
    if requests.move(tx, request.id, request.state, State.WAITING, now, due=due):
        calls.void(tx, request.id, now)
        outbox.drop(tx, "page", request.id)
        outbox.wake(tx, "attend", request.id, due)


def permit(tx: Connection, request: CallbackRequest, draft: Draft, now: datetime) -> str:
    """Set the four permissions (R4), all at *no* where another telephone is rung. Whoever claimed it is told."""
    said = {name: NO if request.other else getattr(draft, name) for name in PERMISSIONS}
    requests.amend(tx, request.id, said, now)
    for offer in claims(tx, request):
        ending.tell_service(tx, offer, "to_ngo.permissions", now)
        if replace(request, may_name_us=said["may_name_us"]).is_covered:
            ending.tell_service(tx, offer, "to_ngo.card_more", now)
    return "permissions"


def felt(tx: Connection, request: CallbackRequest, said: str, now: datetime) -> str:
    """Keep whether the call was all right. Harm goes into the register, which a worker keeps (R46)."""
    requests.amend(tx, request.id, {"felt": said}, now)
    if said == "harm" and request.felt != "harm":
        outbox.wake(tx, "harm", request.id, now)
    return "felt"


def claims(tx: Connection, request: CallbackRequest) -> list[Offered]:
    """Give the offer by which a service holds a request, if one does."""
    return [offer for offer in offers.live_of_request(tx, request.id) if offer.state is OfferState.CLAIMED]
