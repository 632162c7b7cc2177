"""In which order a coordinator sees what is open: what nobody helps with first, what goes well last."""

from collections import Counter
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from helpline.core.call_windows import NOW
from helpline.core.clock import FAR, micros
from helpline.oversight import hours_order
from helpline.oversight.desk_list import A_PAGE, before
from helpline.oversight.hours_order import A_PART, Condition, Integer, Kind, Kinds, ahead, integer, now_is, place
from helpline.oversight.open_requests import OF_ALL, SHORT, Claim, Part, is_silent, stranger
from helpline.request.model import DRILL, HELD_ON, OVER, State
from helpline.store.engine import Tx
from helpline.store.schema import IS_HELD, IS_OPEN, attempt, offer, raw, request
from helpline.store.sql import earliest

_o, _r = offer.c, request.c
_OPEN = (IS_OPEN, _r.kind != sa.literal_column(f"'{DRILL}'"))
"""In words, not told: what is planned for whatever it is told takes few for open, as most are of one kind."""
_ONE = _r.id == sa.bindparam("of_request")
_heard = sa.select(sa.func.max(attempt.c.at)).where(attempt.c.offer == _o.id, attempt.c.undone.is_(None))
_REMINDED = (
    sa.select(
        _o.id, _r.window, _r.days, _r.zone, _r.since, _r.expires, _o.claimed, _o.reminded, _o.shown_in,
        _heard.scalar_subquery(),
    )
    .join(request, _r.id == _o.request)
    .where(IS_HELD, _o.reminded.is_not(None), _o.claimed.is_not(None))
)  # fmt: skip
CALM = A_PART
A_WHOLE_PART = 2 * A_PART
"""Within a part danger comes first."""


class Hour(NamedTuple):
    """Where a claim stands, in which part stands what nobody took, and when the hour that is open closes."""

    start: int
    held: int
    asked: int
    closes: int


_HOURS = hours_order.table(Hour._fields)
_WITH_HOURS = hours_order.with_hours(OF_ALL, _HOURS)


def _place() -> Integer:
    """State the order: where a request stands in the list."""
    helped = _at(Part.HELPED_ON, sa.func.coalesce(raw(_o.claimed), raw(_r.created)))
    rests, over = _at(Part.RESTING, raw(_r.created)), _at(Part.OVER, raw(_r.created))
    frozen = sa.func.coalesce(_at(Part.FROZEN, raw(stranger)), rests)
    by_state = {State.STRANDED: _at(Part.STRANDED, raw(_r.updated)), State.FROZEN: frozen, State.PAUSED: rests}
    by_state |= dict.fromkeys(HELD_ON, helped) | dict.fromkeys(OVER, over)
    at = sa.case(by_state, value=_r.state, else_=_waits())
    return at + sa.case((_r.risk == NOW, 0), else_=integer(CALM))


def _at(part: Part, at: Integer) -> Integer:
    return place(2 * part, at)


def _waits() -> Integer:
    """Give the place of who waits for a call: late is a silent claim, and what was promised and did not happen."""
    silent = _o.id.in_(sa.bindparam("silent", expanding=True))
    broken = sa.and_(raw(_r.promised_to) <= now_is, _r.reveals == 0)
    hour, comes = _HOURS.c, raw(_r.expires) > _HOURS.c.start
    never = _by_hour(integer(Part.HELD * A_WHOLE_PART + FAR), integer(Part.ASKED * A_WHOLE_PART), integer(FAR))
    return sa.case(
        (silent, _at(Part.LATE, raw(_o.reminded))),
        (broken, _at(Part.LATE, raw(_r.promised_to))),
        (comes, _by_hour(hour.held, hour.asked, hour.closes)),
        (hours_order.is_new(_HOURS), sa.null()),
        else_=never,
    )


def _by_hour(held: Integer, asked: Integer, closes: Integer) -> Integer:
    """Give the place of a claim, or of what nobody took: by what ends first, her open hour, the offer or consent."""
    by = earliest(closes, sa.func.coalesce(raw(_o.until), FAR), raw(_r.expires))
    part = sa.case((_r.risk == NOW, integer(Part.CLOSING * A_WHOLE_PART)), else_=asked)
    return sa.case((_r.state == State.CLAIMED, held), else_=part + by)


_LIST = hours_order.listing(_r.id, _place(), _WITH_HOURS, *_OPEN, part=A_WHOLE_PART)
_AT = _place().label("at")
_OF_ONE = sa.select(_AT).select_from(_WITH_HOURS).where(_ONE).order_by(_AT)


def _hour(kind: Kind, now: datetime) -> Hour:
    window, at = ahead(kind, now)[0], micros(now)
    closes = window.end if window.start <= at else FAR
    part = Part.CLOSING if closes - SHORT < at else Part.ASKED
    return Hour(window.start, Part.HELD * A_WHOLE_PART + window.end, part * A_WHOLE_PART, closes)


class Open(NamedTuple):
    """A page of all that is open: ids, and the part that each stands in. `counts`: how many stand in each part."""

    page: list[tuple[str, Part]]
    counts: Counter[Part]


def everything(tx: Tx, kinds: Kinds, number: int = 1) -> Open:
    """Give a page of all requests that are open, but for practice; pages count from 1."""
    told = _told(tx, *_OPEN, after=before(number), many=A_PAGE)
    of_kinds = hours_order.kinds(request, *_OPEN)
    lines, counts = hours_order.listed(hours_order.ask(tx, _LIST, of_kinds, kinds, _hour, **told))
    page = [(id, Part(at // A_WHOLE_PART)) for id, at in lines]
    return Open(page, Counter({Part(part): count for part, count in counts.items()}))


def part_of(tx: Tx, id: str) -> Part:
    """Tell where one request stands, also one that is over."""
    told, of_kind = _told(tx, _ONE, of_request=id), hours_order.kinds(request, _ONE)
    rows = hours_order.ask(tx, _OF_ONE, of_kind, Kinds(), _hour, **told)
    # the worst of them, were it held twice; none where it went just now
    return Part(rows[0].at // A_WHOLE_PART) if rows else Part.OVER


def _told(tx: Tx, *where: Condition, **values: Any) -> dict[str, Any]:
    """Tell what a database cannot know but from us: of which claims nothing was heard."""
    claims = map(Claim._make, tx.execute(_REMINDED.where(*where), values))
    return {"silent": [claim.offer for claim in claims if is_silent(claim)], **values}
