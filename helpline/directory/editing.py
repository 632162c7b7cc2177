"""Edits of one service at the console. They change rows of HSDS, with the checks of an import, or they change nothing.

The service is then made again from its rows. An edit never changes which telephones count.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from helpline.directory import first_rows, records, services
from helpline.directory.hsds.admission import Areas, People, Runs
from helpline.directory.hsds.draft import Bodies, Draft, tables_of
from helpline.directory.hsds.edited_hours import Days, Week
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
from helpline.store.engine import Tx
from helpline.store.sql import new_id

TOPICS: Mapping[str, Topic] = {
    topic.name: topic
    for topic in (
        Status(), Week(), Days(), Capacity(), Names(), Runs(), Speaks(), Needs(), Areas(), People(), Safety(),
    )
}  # fmt: skip
"""What can be edited: one form each."""
SAFETY = "safety"
AS_ONE = frozenset({"days", "runs", "people"})
"""Topics that the audit log names as a whole, not by the fields that changed."""
FOLLOWS = frozenset({"reports_to_police", "may_contact_offender", "registers_identity", "needs_official_status"})
"""Codes of `after_contact` that keep people from a service, or are read to them first (R21)."""
TELLS_WHERE = "(R41)"
"""The mark of a flaw that would give a place away."""


class Stale(Exception):
    """Somebody else has changed this since the form was shown."""


class NeedsProof(Exception):
    """The edit needs a fresh second factor.

    It opens the service to more people, makes its place less secret, or changes what callers are told of its calls.
    """


class Invalid(Exception):
    """The form cannot be saved. `beside` is each flaw with the field beside which it is shown."""

    def __init__(self, beside: Sequence[tuple[str, Flaw]]) -> None:
        super().__init__("; ".join(str(flaw) for _, flaw in beside))
        self.beside = beside


@dataclass(frozen=True, slots=True)
class Edits:
    """Edits services of one country."""

    ground: Ground
    """What rows are checked against on one day."""
    audit_key: bytes

    def draft(self, tx: Tx, service: str) -> Draft | None:
        """Return the rows that show one service; None if there is no such service."""
        return self._draft(self.rows(tx), service)

    def rows(self, tx: Tx, *, to_change: bool = False) -> Bodies:
        """Return all rows; with `to_change`, lock the directory until the transaction ends."""
        read = records.rows_to_change if to_change else records.rows
        return first_rows.or_made(tx, self.country, read(tx, self.country))

    def edit(
        self, tx: Tx, service: str, topic: Topic, typed: Typed, was: str, by: str, *,
        proven: bool,
    ) -> list[str]:  # fmt: skip
        """Save what was typed. Return the fields that changed.

        `was` is the version of what the form showed. `proven` says that a second factor was given just before. Raise
        `Stale`, `Invalid` or `NeedsProof`, and `LookupError` if the service has no rows.
        """
        rows = self.rows(tx, to_change=True)
        draft, before = self._draft(rows, service), services.service_by_id(tx, service)
        if draft is None or before is None:
            raise LookupError(service)
        shown = topic.shown(draft)
        if version(shown) != was:
            raise Stale
        fields = [topic.name] if topic.name in AS_ONE else changed(shown, typed)
        if fields:
            topic.edit(draft, typed)
        if draft.rows == rows:
            return []
        made = self.checked(rows, draft, lambda flaw: beside(topic, flaw))
        after = next(each for each in made.services if each.id == service)
        if not proven and self._loosens(tables_of(rows), draft.tables, before, after):
            raise NeedsProof
        self._write(tx, draft, after, made, before)
        for name in fields:
            audit_log.append(tx, self.audit_key, tx.now, by, f"edited_{name}", service)
        outbox.wake(tx, "listed", self.country, tx.now)
        return fields

    @property
    def country(self) -> str:
        """The code of the country."""
        return self.ground.country.code

    def _draft(self, rows: Bodies, service: str) -> Draft | None:
        return Draft.of(rows, service, self.ground, new_id) if service in rows.get("service", {}) else None

    def checked(self, rows: Bodies, draft: Draft, place: Callable[[Flaw], str]) -> Made:
        """Make the whole directory again. Flaws that other services had before do not block the edit.

        `place` returns the field for a flaw that is in no row of the form. Raise `Invalid`.
        """
        made = make(draft.tables, self.ground)
        known = set(make(tables_of(rows), self.ground).flaws) if made.flaws else set()
        if new := [flaw for flaw in made.flaws if flaw not in known]:
            fields = set(draft.places.values())
            raise Invalid(
                [
                    (field, flaw)
                    for flaw in new
                    for field in (flaw.place.split(",") if flaw.place in fields else [place(flaw)])
                ]
            )
        return made

    def _loosens(self, old: Tables, new: Tables, before: Service, after: Service) -> bool:
        told, tells = before.after_contact, after.after_contact
        return (
            (after.child_safeguarding and not before.child_safeguarding)
            or after.kind != before.kind  # police are asked only by a caller's own choice (R20)
            or after.shows != before.shows  # a caller is told what their phone will show, and relies on it (R10)
            or (told is None and tells is not None)
            or bool(((told or frozenset()) - (tells or frozenset())) & FOLLOWS)
            or (self._is_hidden(old, after.id) and not self._is_hidden(new, after.id))
        )

    def _is_hidden(self, tables: Tables, service: str) -> bool:
        row = tables.get("service", service)
        return row is not None and is_hidden(row, terms_of(tables, [], self.ground.today))

    def _write(self, tx: Tx, draft: Draft, after: Service, made: Made, before: Service) -> None:
        """Save rows and facts.

        A telephone that counts keeps its number and what it may get; its name follows the service's.
        """
        records.replace(tx, self.country, draft.rows)
        services.write(tx, self.country, replace(after, reached=before.reached))
        wanted = {contact.phone: contact for contact in made.contacts if contact.service == after.id}
        for contact in contacts.of_service(tx, after.id):
            like = wanted.get(contact.phone, contact)
            renamed = replace(contact, names=after.names or contact.names, language=like.language)
            if renamed != contact:
                contacts.rename(tx, self.country, renamed)


def tells_where(flaw: Flaw) -> bool:
    """Whether a flaw says that the place of a shelter would be given away."""
    return TELLS_WHERE in flaw.what
