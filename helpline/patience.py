"""How long is waited before the next step: as the settings say, and only minutes where somebody is in danger. Pure."""

from datetime import datetime, timedelta

from helpline.config import Config
from helpline.contact import NOW


def attend_at(config: Config, risk: str, written: datetime, now: datetime, *, ended: bool) -> datetime:
    """Give when to attend to a request that is being written, `written` since when.

    At the END screen (`ended`), or when no more hops are likely to come; in danger at once.
    """
    if ended or risk == NOW:
        return now
    grace, most = timedelta(seconds=config.grace_seconds), timedelta(seconds=config.grace_most_seconds)
    return min(now + grace, written + most)
