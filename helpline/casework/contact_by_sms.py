"""The next contact with a caller who was reached, saved by SMS: NEXT, five digits, a day and a time.

It is a call of the service: an SMS on a telephone that others may find must not say who comes where. So it counts only
in the caller's hours (R3). The command is that of the console (`next_contact`).
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from helpline.casework import next_contact
from helpline.casework.answers import Answer, ContactAgreed, NextContact, NotOpen, Refused, Why
from helpline.referral.context import Context
from helpline.request import offers, requests
from helpline.request.model import DRILL
from helpline.request.offers import WE_CALL, Offered, OfferState
from helpline.staff.contact import Actor
from helpline.store.engine import Tx
from menus.orders import DayAndTime

AHEAD: Mapping[str, int] = {"today": 0, "tomorrow": 1}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEK = timedelta(days=7)
WHY: Mapping[NextContact, Why] = {
    NextContact.UNCLEAR: Why.NEXT_UNCLEAR, NextContact.PAST: Why.NEXT_PAST, NextContact.TOO_LATE: Why.NEXT_TOO_LATE,
    NextContact.LOCKED: Why.NEXT_LOCKED, NextContact.OUTSIDE: Why.NEXT_OUTSIDE,
}  # fmt: skip
NOT_HELPED: Mapping[OfferState, Why] = {
    OfferState.OPEN: Why.ANSWER_FIRST, OfferState.PROPOSED: Why.ANSWER_FIRST, OfferState.CLAIMED: Why.REACH_FIRST,
}  # fmt: skip
"""What a service must do first: nothing can be agreed on before it has reached the caller."""


def agree_by_sms(ctx: Context, tx: Tx, actor: Actor, offer: Offered, when: DayAndTime | None) -> Answer:
    """Save when the service calls next, by the clock of the country, in place of what was saved before."""
    at = instant_of(when, ZoneInfo(ctx.country.zone), tx.now) if when else None
    saved = next_contact.agree(ctx, tx, actor, offer, at=at, how=WE_CALL)
    if isinstance(saved, NotOpen):
        return Refused(offer, NOT_HELPED[offer.state]) if offer.state in NOT_HELPED else saved
    if not isinstance(saved, NextContact):
        return saved
    if saved in WHY or at is None:
        return Refused(offer, WHY.get(saved, Why.NEXT_UNCLEAR))
    request = requests.get(tx, offer.request)
    practice = request is not None and request.kind == DRILL
    return ContactAgreed(offer, reminded=not practice and at - offers.CONTACT_AHEAD > tx.now)


def instant_of(when: DayAndTime, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Return the next such day and time: today's weekday is today as long as the time is to come. None for 25:00."""
    here = now.astimezone(zone)
    days = AHEAD[when.day] if when.day in AHEAD else (WEEKDAYS.index(when.day) - here.weekday()) % len(WEEKDAYS)
    try:
        clock = time(when.hour, when.minute)
    except ValueError:
        return None
    at = datetime.combine(here.date() + timedelta(days=days), clock, zone)
    return at + WEEK if at <= now and when.day not in AHEAD else at
