"""The form for the next contact that was agreed on with a caller: which days it offers, and what was chosen."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from gateway.console.cases.case_list import contact_step
from gateway.console.context import Visit
from gateway.console.pages import first_of
from helpline.casework import next_contact
from helpline.casework.next_contact import WAYS
from helpline.request.model import CallbackRequest
from helpline.request.offers import Offered
from helpline.store.engine import Tx

CLOCK = tuple(f"{hour:02}:{minute:02}" for hour in range(6, 23) for minute in (0, 30))
"""The times that can be chosen."""


def contact_of(tx: Tx, visit: Visit, offer: Offered, about: CallbackRequest, ends: datetime | None) -> dict[str, Any]:
    """Return what was agreed on with the caller, and what can be chosen until the case closes at `ends`."""
    known, today = next_contact.known(tx, offer, about), visit.console.now().astimezone(visit.zone).date()
    last = ends.astimezone(visit.zone).date() if ends else today
    return {
        "known": known, "hidden": next_contact.why_hidden(tx, offer, about),
        "step": contact_step(known[1], known[0], tx.now) if known else "", "ways": WAYS,
        "clock": CLOCK, "days": [today + timedelta(days=ahead) for ahead in range((last - today).days + 1)],
    }  # fmt: skip


def chosen(visit: Visit, form: Mapping[str, str]) -> tuple[datetime | None, str]:
    """Return when and how they meet or talk next, by the clock of the console. No time if it cannot be read."""
    day, clock, how = (first_of(form, name, 10) for name in ("day", "clock", "how"))
    try:
        return datetime.fromisoformat(f"{day}T{clock if clock in CLOCK else ''}").replace(tzinfo=visit.zone), how
    except ValueError:
        return None, how
