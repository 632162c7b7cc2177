"""Test calls: somebody rings a service to see whether it answers, and in which language (R40)."""

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
from helpline.directory.hsds.tables import Body, said
from helpline.directory.records import Check
from helpline.directory.service import Contact, Service
from helpline.staff import contacts
from helpline.store import outbox
from helpline.store.engine import Database

MARGIN_DAYS = 14
"""So long before a service counts as unchecked it is due for a test call: somebody must find time for it."""


REASONS = ("never", "soon", "untested", "nobody", "language")
"""Why a service is due: it was never checked, or will soon be so too long ago; nobody ever rang it; at the last call
nobody answered, or somebody in a language that it does not promise."""


class Unknown(Exception):
    """There is no such service. The text says which may have been meant."""


@dataclass(frozen=True, slots=True)
class DueCall:
    """A service to be test-called: by when, why, on which telephones. `reason`: one of `REASONS`; `why`: in words."""

    service: Service
    by: date
    reason: str
    why: str
    telephones: tuple[str, ...]


def _new_id() -> str:
    return str(uuid.uuid4())


@dataclass(frozen=True, slots=True)
class Checkups:
    """The test calls of one country. `zone`: by whose clock a day is a day; `now`: the clock of the service."""

    db: Database
    country: str
    zone: str
    fresh_days: int
    now: Callable[[], datetime]
    new_id: Callable[[], str] = _new_id

    @property
    def today(self) -> date:
        """The day by the country's clock, on which people write down days."""
        return self.now().astimezone(ZoneInfo(self.zone)).date()

    def due(self) -> list[DueCall]:
        """Give the active services that somebody must test-call, the most urgent first."""
        with self.db.read() as tx:
            active = [each for each in services.services(tx, self.country) if each.status == "active"]
            calls = records.last_calls(tx)
            phones = contacts.of_kind(tx, "service", self.country)
        found = [self._due(each, calls.get(each.id), phones) for each in active]
        return sorted((due for due in found if due.reason), key=lambda due: (due.by, due.service.id))

    def record(self, id: str, by: str, language: str) -> tuple[Service, bool]:
        """Write a test call down: `language` that was heard, empty where nobody answered; `by`: who rang.

        Gives the service as it was, and whether it counts as checked now: only where somebody answered in a language
        that it promises. Each call is a row of `metadata`, which is the trail. Raises `Unknown`.
        """
        with self.db.write() as tx:
            service = services.service_by_id(tx, id)
            if service is None:
                known = [each.id for each in services.services(tx, self.country)]
                raise Unknown(f"there is no service {id}{near(id, known)}; `komek directory verify` lists them")
            records.hold(tx)
            counts = promised(service, language)
            records.add_call(tx, Check(id, self.now(), by, bool(language), language))
            if counts:
                services.assure(tx, self.country, service, self.today)
                outbox.wake(tx, "listed", self.country, self.now())
            if (row := records.get(tx, self.country, "service", id)) is not None:
                checked = self.today.isoformat() if counts else said(row.get("assured_date"))
                trail = _trail(self.new_id(), row, self.today, by, language, checked)
                records.put(tx, self.country, "metadata", trail["id"], trail)
                if counts:
                    records.put(tx, self.country, "service", id, row | {"assured_date": checked})
        return service, counts

    def _due(self, service: Service, last: Check | None, phones: Sequence[Contact]) -> DueCall:
        never = service.assured == NEVER
        by = self.today if never else service.assured + timedelta(days=self.fresh_days)
        telephones = (service.public_phone, *(who.phone for who in phones if who.service == service.id))
        soon = by - timedelta(days=MARGIN_DAYS) <= self.today
        reason = "never" if never else _reason(service, soon, last)
        return DueCall(service, by, reason, _why(reason, service, last), tuple(dict.fromkeys(filter(None, telephones))))


def promised(service: Service, language: str) -> bool:
    """Tell whether a language that was heard is one that a service promises, in whatever letters."""
    return bool(language) and spoken(language) in {spoken(each) for each in service.languages}


def _reason(service: Service, soon: bool, last: Check | None) -> str:
    """Say why a service is due for a call; empty where it is not."""
    if soon:
        return "soon"
    if last is None:
        return "untested"
    if not promised(service, last.language):
        return "language" if last.answered else "nobody"
    return ""


def _why(reason: str, service: Service, last: Check | None) -> str:
    """Say a reason in words, for whoever reads it in a terminal."""
    words = {
        "never": "never checked",
        "soon": f"checked {service.assured}",
        "untested": f"never test-called; checked {service.assured} by its own account",
        "nobody": "at the last test call nobody answered",
        "language": f"at the last test call somebody spoke {last.language if last else ''}",
    }
    return words.get(reason, "")


def _trail(id: str, row: Body, day: date, by: str, language: str, checked: str) -> Body:
    """Make the row of HSDS `metadata` that tells of a test call."""
    how = f"{TEST_CALL}: answered in {language}" if language else f"{TEST_CALL}: nobody answered"
    return {
        "id": id, "resource_id": row["id"], "resource_type": "service", "last_action_date": day.isoformat(),
        "last_action_type": how, "field_name": "assured_date", "previous_value": said(row.get("assured_date")),
        "replacement_value": checked, "updated_by": by,
    }  # fmt: skip
