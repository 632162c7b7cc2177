"""Changing facts of one service at the console: the rows of HSDS change, by the very checks of an import, or nothing.

What a service is made of then comes of the rows again. Which telephones count is never changed here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.engine import Connection

from helpline.directory import records, services
from helpline.directory.hsds.draft import Bodies, Draft, tables_of
from helpline.directory.hsds.edited_hours import Days, Week
from helpline.directory.hsds.from_services import rows_of
from helpline.directory.hsds.ground import Ground
from helpline.directory.hsds.made import Made, make
from helpline.directory.hsds.profile import terms_of
from helpline.directory.hsds.shelters import is_hidden
from helpline.directory.hsds.tables import Flaw, Tables
from helpline.directory.hsds.topics import (
    Capacity,
    Names,
    Needs,
    Safety,
    Speaks,
    Status,
    Topic,
    Typed,
    beside,
    changed,
    version,
)
from helpline.directory.service import Service
from helpline.staff import contacts
from helpline.store import audit_log, outbox
from helpline.store.sql import new_id

TOPICS: Mapping[str, Topic] = {
    topic.name: topic for topic in (Status(), Week(), Days(), Capacity(), Names(), Speaks(), Needs(), Safety())
}
"""What can be changed, a form each."""
SAFETY = "safety"
FOLLOWS = frozenset({"reports_to_police", "may_contact_offender", "registers_identity", "needs_official_status"})
"""What of `after_contact` keeps people from a service, or is read to them before (R21)."""
TELLS_WHERE = "(R41)"
"""How a flaw says that a place would be given away."""


class Stale(Exception):
    """Somebody else has changed this meanwhile."""


class NeedsProof(Exception):
    """This makes a service fit for more people, or its place less secret: a second factor must be fresh for it."""


class Faulty(Exception):
    """What was typed cannot be taken up. `beside`: each flaw with the field that it is about."""

    def __init__(self, beside: Sequence[tuple[str, Flaw]]) -> None:
        super().__init__("; ".join(str(flaw) for _, flaw in beside))
        self.beside = beside


@dataclass(frozen=True, slots=True)
class Edits:
    """Changes services of one country on a ground, which is of one day."""

    ground: Ground
    audit_key: bytes

    def draft(self, tx: Connection, service: str) -> Draft | None:
        """Give the rows to show one service by; None where there is no such service."""
        return self._draft(self._rows(tx, records.rows(tx, self._country)), service)

    def edit(
        self, tx: Connection, service: str, topic: Topic, typed: Typed, was: str, by: str, now: datetime, *,
        proven: bool,
    ) -> list[str]:  # fmt: skip
        """Take up what was typed; give the fields that changed.

        `was`: the version of what the form showed; `proven`: a second factor was given just before. Raises `Stale`,
        `Faulty`, `NeedsProof`, and `LookupError` where the service stands in no rows.
        """
        rows = self._rows(tx, records.rows_to_change(tx, self._country))
        draft, before = self._draft(rows, service), services.service_by_id(tx, service)
        if draft is None or before is None:
            raise LookupError(service)
        shown = topic.shown(draft)
        if version(shown) != was:
            raise Stale
        fields = [topic.name] if topic.name == "days" else changed(shown, typed)
        if fields:
            topic.edit(draft, typed)
        if draft.rows == rows:
            return []
        made = self._checked(rows, draft, topic)
        after = next(each for each in made.services if each.id == service)
        if not proven and self._loosens(tables_of(rows), draft.tables, before, after):
            raise NeedsProof
        self._write(tx, draft, after, made, before)
        for name in fields:
            audit_log.append(tx, self.audit_key, now, by, f"edited_{name}", service)
        outbox.wake(tx, "listed", self._country, now)
        return fields

    @property
    def _country(self) -> str:
        return self.ground.country.code

    def _rows(self, tx: Connection, rows: Bodies) -> Bodies:
        """Give the rows there are. A directory that came without any, as the demo's, gets its own at the first edit."""
        if rows:
            return rows
        people = [who for kind in ("service", "coordinator") for who in contacts.of_kind(tx, kind, self._country)]
        return rows_of(self._country, services.services(tx, self._country), people)

    def _draft(self, rows: Bodies, service: str) -> Draft | None:
        return Draft.of(rows, service, self.ground, new_id) if service in rows.get("service", {}) else None

    def _checked(self, rows: Bodies, draft: Draft, topic: Topic) -> Made:
        """Make the whole directory anew. What was wrong elsewhere before does not keep a service from being closed."""
        made = make(draft.tables, self.ground)
        known = set(make(tables_of(rows), self.ground).flaws) if made.flaws else set()
        if new := [flaw for flaw in made.flaws if flaw not in known]:
            fields = set(draft.places.values())
            raise Faulty(
                [
                    (field, flaw)
                    for flaw in new
                    for field in (flaw.place.split(",") if flaw.place in fields else [beside(topic, flaw)])
                ]
            )
        return made

    def _loosens(self, old: Tables, new: Tables, before: Service, after: Service) -> bool:
        told, tells = before.after_contact, after.after_contact
        return (
            (after.child_safeguarding and not before.child_safeguarding)
            or (told is None and tells is not None)
            or bool(((told or frozenset()) - (tells or frozenset())) & FOLLOWS)
            or (self._is_hidden(old, after.id) and not self._is_hidden(new, after.id))
        )

    def _is_hidden(self, tables: Tables, service: str) -> bool:
        row = tables.get("service", service)
        return row is not None and is_hidden(row, terms_of(tables, [], self.ground.today))

    def _write(self, tx: Connection, draft: Draft, after: Service, made: Made, before: Service) -> None:
        """Write rows and facts. A telephone that counts keeps its number and what it may get; its name follows."""
        records.replace(tx, self._country, draft.rows)
        services.write(tx, self._country, replace(after, reached=before.reached))
        wanted = {who.phone: who for who in made.contacts if who.service == after.id}
        for who in contacts.of_service(tx, after.id):
            like = wanted.get(who.phone, who)
            said = replace(who, names=after.names or who.names, language=like.language)
            if said != who:
                contacts.rename(tx, self._country, said)


def tells_where(flaw: Flaw) -> bool:
    """Tell whether a flaw is that the place of a shelter would be given away."""
    return TELLS_WHERE in flaw.what
