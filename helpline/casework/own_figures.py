"""FIGURES: a service asks for its own counts of the running month, and gets them on the telephone that asked.

Small counts are not hidden (R36): the service has seen each of these requests. Only the directory's telephones of a
service come here. A coordinator finds the figures of all services at the console.
"""

from datetime import UTC, datetime

from helpline.casework.answers import Answer, Notice, OwnFigures
from helpline.request import service_counts
from helpline.staff.contact import Contact
from helpline.store.engine import Tx


def of_month(tx: Tx, contact: Contact) -> Answer:
    """Return the counts of a service since the first of this month."""
    if contact.kind != "service":
        return Notice.HELP
    start = first_of_month(tx.now)
    return OwnFigures(f"{start:%m.%Y}", service_counts.since(tx, contact.desk, start))


def first_of_month(now: datetime) -> datetime:
    """Return the first instant of the running month: in UTC, as in the figures that are published."""
    return now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
