"""Check calls: somebody calls a service to check whether it answers, and in which language (R40).

The command line and the rows of HSDS call them test calls.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from helpline.core.languages import spoken
from helpline.directory import records, services
from helpline.directory.hsds.draft import TEST_CALL
from helpline.directory.hsds.files import near
from helpline.directory.hsds.making import NEVER
from helpline.directory.hsds.tables import Body, as_text
from helpline.directory.records import CheckCall
from helpline.directory.service import Service
from helpline.staff import contacts
from helpline.staff.contact import Contact
from helpline.store import audit_log, outbox
from helpline.store.engine import Database

COUNTED, ANSWERED, NOBODY = "test_call_counts", "test_call_answered", "test_call_nobody"
"""In the audit log: a check call that counts as a check; one that was answered in another language; one in vain."""
MARGIN_DAYS = 14
"""A service is due for a call so many days before it counts as unchecked, because somebody must find time for the
call."""


class Unknown(Exception):
    """There is no such service. The text suggests an id with a similar spelling."""


@dataclass(frozen=True, slots=True)
class DueCall:
    """A service that is due for a call."""

    service: Service
    by: date
    """The day by which it must be called."""
    reason: str
    """Why it is due: `never` (never checked), `soon` (its check is nearly too old), `untested` (nobody ever called
    it). Or the last call was bad: `nobody` (nobody answered) or `language` (somebody answered in a language it does
    not promise)."""
    why: str
    """The reason as a sentence."""
    telephones: tuple[str, ...]


def _new_id() -> str:
    return str(uuid.uuid4())


@dataclass(frozen=True, slots=True)
class CheckCalls:
    """The check calls of one country."""

    db: Database
    country: str
    zone: str
    """The zone by whose clock a day is counted."""
    fresh_days: int
    """How many days a check is good for."""
    now: Callable[[], datetime]
    """The clock of the service."""
    audit_key: bytes
    new_id: Callable[[], str] = _new_id

    @property
    def today(self) -> date:
        """The day by the country's clock, on which people record calls."""
        return self.now().astimezone(ZoneInfo(self.zone)).date()

    def due(self) -> list[DueCall]:
        """Return the active services that somebody must call, most urgent first."""
        with self.db.read() as tx:
            active = [each for each in services.services(tx, self.country) if each.status == "active"]
            calls = records.last_calls(tx)
            phones = contacts.of_kind(tx, "service", self.country)
        found = [self._due(each, calls.get(each.id), phones) for each in active]
        return sorted((due for due in found if due.reason), key=lambda due: (due.by, due.service.id))

    def record(self, id: str, by: str, language: str, actor: str = "") -> tuple[Service, bool]:
        """Save a check call by `by`. `language` is the one that was heard; empty if nobody answered.

        `actor` is the account for the audit log; empty at the command line, which has a name only.

        Return the service as it was, and whether it now counts as checked. It does if somebody answered in a language
        that it promises. Each call is also a row of HSDS `metadata`, as a trail. Raise `Unknown` if there is no such
        service.
        """
        with self.db.write(self.now()) as tx:
            service = services.service_by_id(tx, id)
            if service is None:
                known = [each.id for each in services.services(tx, self.country)]
                raise Unknown(f"there is no service {id}{near(id, known)}; `komek directory verify` lists them")
            records.lock_rows(tx)
            counts = promised(service, language)
            records.add_call(tx, CheckCall(id, tx.now, by, bool(language), language))
            did = COUNTED if counts else ANSWERED if language else NOBODY
            audit_log.append(tx, self.audit_key, tx.now, actor or by, did, id)
            if counts:
                services.set_assured(tx, self.country, service, self.today)
                outbox.wake(tx, "listed", self.country, tx.now)
            if (row := records.get(tx, self.country, "service", id)) is not None:
                checked = self.today.isoformat() if counts else as_text(row.get("assured_date"))
                trail = _trail(self.new_id(), row, self.today, by, language, checked)
                records.put(tx, self.country, "metadata", trail["id"], trail)
                if counts:
                    records.put(tx, self.country, "service", id, row | {"assured_date": checked})
        return service, counts

    def _due(self, service: Service, last: CheckCall | None, phones: Sequence[Contact]) -> DueCall:
        never = service.assured == NEVER
        by = self.today if never else service.assured + timedelta(days=self.fresh_days)
        telephones = (service.public_phone, *(contact.phone for contact in phones if contact.service == service.id))
        soon = by - timedelta(days=MARGIN_DAYS) <= self.today
        reason = "never" if never else _reason(service, soon, last)
        return DueCall(service, by, reason, _why(reason, service, last), tuple(dict.fromkeys(filter(None, telephones))))


def promised(service: Service, language: str) -> bool:
    """Whether a service promises this language, in any script."""
    return bool(language) and spoken(language) in {spoken(each) for each in service.languages}


def _reason(service: Service, soon: bool, last: CheckCall | None) -> str:
    """Return why a service is due for a call; empty if it is not."""
    if soon:
        return "soon"
    if last is None:
        return "untested"
    if not promised(service, last.language):
        return "language" if last.answered else "nobody"
    return ""


def _why(reason: str, service: Service, last: CheckCall | None) -> str:
    """Return a reason as a sentence for the terminal."""
    words = {
        "never": "never checked",
        "soon": f"checked {service.assured}",
        "untested": f"no test call yet; it says it was checked {service.assured}",
        "nobody": "at the last test call nobody answered",
        "language": f"at the last test call somebody spoke {last.language if last else ''}",
    }
    return words.get(reason, "")


def _trail(id: str, row: Body, day: date, by: str, language: str, checked: str) -> Body:
    """Return the row of HSDS `metadata` for a check call."""
    how = f"{TEST_CALL}: answered in {language}" if language else f"{TEST_CALL}: nobody answered"
    return {
        "id": id, "resource_id": row["id"], "resource_type": "service", "last_action_date": day.isoformat(),
        "last_action_type": how, "field_name": "assured_date", "previous_value": as_text(row.get("assured_date")),
        "replacement_value": checked, "updated_by": by,
    }  # fmt: skip
