"""What was permitted: the consent that stands behind a request (R28, R29, R30)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from menus.draft import NO, YES

NGO = "ngo"
"""The only kind of recipient that consent is for by default (R20, R30)."""
STATE = "state"
"""A line of the state: a kind that she may say yes to, after she has read what may follow (R21, R30)."""


@dataclass(frozen=True, slots=True)
class Consent:
    """Given by pressing the drawn key and then choosing a time.

    `version` names the very content she read (its digest), `language` the one she read it in. The only kind of
    recipient that can be consented to by default is an NGO (R20, R30). `short_form`: by SMS, one NGO and no
    handover.
    """

    version: str
    language: str
    given: datetime
    expires: datetime
    short_form: bool = False

    @classmethod
    def now(cls, version: str, language: str, now: datetime, days: int, *, short_form: bool) -> "Consent":
        """Consent given at `now`, for `days` days."""
        return cls(version, language, now, now + timedelta(days=days), short_form)


def covers(kind: str, expires: datetime, now: datetime, state_line: str = NO) -> bool:
    """Tell whether a recipient of this kind may still receive the request.

    `ngo` by the consent itself; `state` only where `state_line` is her yes to that kind; `police`, `migration` and
    whatever else there is never (R20, R30).
    """
    return now < expires and (kind == NGO or (kind == STATE and state_line == YES))
