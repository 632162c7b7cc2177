"""How long is waited before the next step: as the settings say, and only minutes where somebody is in danger. Pure."""

from datetime import datetime, timedelta

from helpline.config import Config
from helpline.contact import NOW

SELDOM = timedelta(hours=6)


def attend_at(config: Config, risk: str, written: datetime, now: datetime, *, ended: bool) -> datetime:
    """Give when to attend to a request that is being written, `written` since when.

    At the END screen (`ended`), or when no more hops are likely to come; in danger at once.
    """
    if ended or risk == NOW:
        return now
    grace, most = timedelta(seconds=config.grace_seconds), timedelta(seconds=config.grace_most_seconds)
    return min(now + grace, written + most)


def for_an_answer(config: Config, risk: str) -> timedelta:
    """Give how long a service has to answer (an offer of somebody in danger: five minutes)."""
    return timedelta(minutes=config.urgent_minutes if risk == NOW else config.offer_minutes)


def for_a_sign(config: Config, risk: str) -> tuple[timedelta, timedelta]:
    """Give how long the holder of a claim may be silent until it is reminded, and then until it gives the claim back.

    Somebody in danger waits minutes: as long as an offer may, then as long as an urgent one.
    """
    if risk == NOW:
        return timedelta(minutes=config.offer_minutes), timedelta(minutes=config.urgent_minutes)
    return timedelta(hours=config.silent_hours), timedelta(hours=config.silent_more_hours)


def between_rounds(config: Config, risk: str, rounds: int) -> timedelta:
    """Give how long is waited until coordinators are called again: twice as long each round, up to six hours."""
    first = config.urgent_minutes if risk == NOW else config.page_again_minutes
    return min(timedelta(minutes=first * (1 << min(rounds, 8))), SELDOM)
