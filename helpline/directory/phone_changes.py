"""A new telephone of a service counts after three days and a second person's approval.

Somebody may trick a coordinator, or the keeper of the sheet, into a number that is not the service's. That number would
then get the numbers of callers. So there is time in which any coordinator can call it off, and so can the service,
which is told on its old telephones. Removing a telephone needs neither: that never shows more.

Whatever changes telephones locks the directory first, as edits and imports do, and then rows and the audit log. So two
of them wait for each other in turn, never in a circle.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from helpline.core.config import Config
from helpline.directory import first_rows, pending_phones, records, services
from helpline.directory.hsds.mirrored import with_phone, without_phone
from helpline.directory.pending_phones import PhoneChange
from helpline.staff import contacts, lost_phones, people
from helpline.staff.contact import Contact
from helpline.store import audit_log, outbox, texts_out
from helpline.store.engine import Tx
from helpline.store.sql import new_id

LOOK = "contact"
"""The kind of outbox row that checks whether a change counts by now."""
REDRAW = "redraw"
"""The kind of outbox row that redraws the codes of a desk."""
OUT = "out_contact"
"""In the audit log: a telephone was removed, by the id of its contact."""
UNTIL_SEALED = timedelta(hours=1)
"""When a change is checked again if the account that asked for it or approved it is not sealed."""
IMPORT = "import"
"""The actor of an import by somebody who gave no name."""


def imported_by(name: str) -> str:
    """Return the actor for an import.

    A name that was cut off counts as that of everybody whose name begins in the same way.
    """
    return f"{IMPORT} {name}".strip()[:40]


def split(present: Sequence[Contact], wanted: Sequence[Contact]) -> tuple[list[Contact], list[Contact]]:
    """Return the telephones of an import that count at once, and those that wait.

    A telephone that its desk had before counts at once, under any name and in any language. A new telephone waits. So
    does an agreement to get numbers by SMS (R32), while the telephone itself stays.
    """
    before = {(contact.phone, contact.desk): contact for contact in present}
    counts, waits = [], []
    for contact in wanted:
        known = before.get((contact.phone, contact.desk))
        if known is None:
            waits.append(contact)
        elif contact.accepts_numbers_by_sms and not known.accepts_numbers_by_sms:
            counts.append(replace(contact, accepts_numbers_by_sms=False))
            waits.append(contact)
        else:
            counts.append(contact)
    return counts, waits


@dataclass(frozen=True, slots=True)
class PhoneChanges:
    """The telephones of one country that wait."""

    country: str
    audit_key: bytes
    wait: timedelta
    """How long each of them waits at least."""

    @classmethod
    def of(cls, config: Config, audit_key: bytes) -> "PhoneChanges":
        """Return the changes of a deployment."""
        return cls(config.country, audit_key, timedelta(hours=config.contact_hours))

    def ask(self, tx: Tx, wanted: Contact, by: str, replaces: str = "") -> str:
        """Ask for a telephone of a service, in place of the contact `replaces` if there is one.

        All telephones of the service are told. Return the id of the change; the earlier one if just this was asked for
        before.
        """
        for each in pending_phones.waiting(tx, self.country):
            if (each.wanted.phone, each.wanted.desk) == (wanted.phone, wanted.desk) and each.replaces == replaces:
                return each.id
        change = PhoneChange(new_id(), wanted, replaces, by, tx.now)
        pending_phones.add(tx, self.country, change)
        audit_log.append(tx, self.audit_key, tx.now, by, "asked_contact", change.id)
        for contact in contacts.of_service(tx, wanted.service) if wanted.service else ():
            values = {"phone": contact.id}
            texts_out.add(tx, contact.kind, contact.desk, "to_ngo.contact_asked", "", values=values)
        return change.id

    def agree(self, tx: Tx, id: str, by: str) -> str:
        """Approve a change. Return `agreed`, `own` (they asked for it themselves) or `gone`."""
        records.lock_rows(tx)
        change = self._asked(tx, id)
        if change is None:
            return "gone"
        if people.person_of(tx, change.by) == people.person_of(tx, by):
            return "own"
        if not change.agreed_by or people.has_left(tx, change.agreed_by):
            pending_phones.agree(tx, self.country, replace(change, agreed_by=by))
            audit_log.append(tx, self.audit_key, tx.now, by, "agreed_contact", id)
        outbox.wake(tx, LOOK, id, max(tx.now, change.at + self.wait))
        return "agreed"

    def agree_here(self, tx: Tx, id: str, name: str) -> str:
        """Approve a change at the machine, by name, if nobody uses the console. Return the same as `agree`.

        It is also `own` if the person imported it. It is `nameless` if the import gave no name: then nobody can be
        known to be a second person.
        """
        change = self._asked(tx, id)
        if change is not None and change.by == IMPORT:
            return "nameless"
        if change is not None and (change.by == imported_by(name) or people.is_named(tx, change.by, name)):
            return "own"
        return self.agree(tx, id, name)

    def call_off(self, tx: Tx, id: str, by: str) -> bool:
        """Call a change off. Return False if it no longer waits."""
        records.lock_rows(tx)
        if not pending_phones.drop(tx, id):
            return False
        outbox.drop(tx, LOOK, id)
        audit_log.append(tx, self.audit_key, tx.now, by, "off_contact", id)
        return True

    def look(self, tx: Tx, id: str) -> datetime | None:
        """Make a change count if it has waited long enough and is approved. Return when to check again, or None."""
        records.lock_rows(tx)
        change = self._asked(tx, id)
        if change is None or not change.agreed_by:
            return None
        if any(people.waits_for_seal(tx, each) for each in (change.by, change.agreed_by)):
            return tx.now + UNTIL_SEALED
        if people.has_left(tx, change.agreed_by):
            return None
        if tx.now < change.at + self.wait:
            return change.at + self.wait
        self._count(tx, change)
        return None

    def _asked(self, tx: Tx, id: str) -> PhoneChange | None:
        """Return a change that waits. If the account that asked for it was disabled since, call the change off.

        An account may be unsealed only because of an update, so what it asked for waits and does not count.
        """
        change = pending_phones.get(tx, self.country, id)
        if change is None or not people.has_left(tx, change.by) or people.waits_for_seal(tx, change.by):
            return change
        self.call_off(tx, id, change.by)
        return None

    def _count(self, tx: Tx, change: PhoneChange) -> None:
        pending_phones.drop(tx, change.id)
        taken_out = audit_log.search(tx, ref=change.id, action="off_contact")  # somebody has put the row back
        if taken_out or self._is_anothers(tx, change.wanted) or self._is_gone(tx, change.wanted):
            return
        old = contacts.get(tx, change.replaces) if change.replaces else None
        pending_phones.admit(tx, self.country, change.wanted, change.replaces)
        self._keep_rows(tx, change.wanted, old)
        audit_log.append(tx, self.audit_key, tx.now, change.agreed_by, "counts_contact", change.id)
        outbox.wake(tx, "listed", self.country, tx.now)

    def _keep_rows(self, tx: Tx, came: Contact | None, went: Contact | None) -> None:
        """Update the rows of HSDS to what counts now, so that importing an export changes nothing."""
        about = came or went
        service = services.service_by_id(tx, about.service) if about and about.service else None
        if service is None:
            return
        count = {each.phone for each in contacts.of_service(tx, service.id)}
        after = records.rows_to_change(tx, self.country)
        if went and went.phone not in count:
            after = without_phone(after, went, self.country)
        if came and came.phone in count:
            after = with_phone(after, came, self.country, service.languages, new_id)
        records.replace(tx, self.country, after)

    def _is_anothers(self, tx: Tx, wanted: Contact) -> bool:
        """Whether a telephone is now somebody else's, other than of a service that is gone."""
        holder = contacts.by_phone(tx, wanted.phone)
        if holder is None or holder.desk == wanted.desk:
            return False
        return not self._is_gone(tx, holder)

    def _is_gone(self, tx: Tx, contact: Contact) -> bool:
        """Whether a telephone belongs to a service that the directory no longer has."""
        service = services.service_by_id(tx, contact.service) if contact.service else None
        return service is not None and service.status == services.GONE

    def take_out(self, tx: Tx, id: str, by: str) -> bool:
        """Remove a telephone at once: it may be lost. Return False if it does not count anyway.

        It is told nothing and can order nothing any more, and a worker redraws the codes that it knows.
        """
        records.lock_rows(tx)
        contact = contacts.get(tx, id)
        if contact is None:
            return False
        first_rows.save(tx, self.country)
        pending_phones.dismiss(tx, self.country, contact)
        lost_phones.add(tx, contact.phone)
        outbox.wake(tx, REDRAW, contact.desk, tx.now)
        self._keep_rows(tx, None, contact)
        audit_log.append(tx, self.audit_key, tx.now, by, OUT, id)
        return True

    def waiting(self, tx: Tx, service: str = "") -> list[PhoneChange]:
        """Return the changes that wait, of one service or of all, oldest first."""
        return [
            each for each in pending_phones.waiting(tx, self.country) if not service or each.wanted.service == service
        ]

    def expect(self, tx: Tx, waits: Sequence[Contact], name: str = "") -> None:
        """Ask for the telephones of an import. Call off what an earlier import asked for and this one does not.

        `name` is the person who imports; empty if nobody said.
        """
        wanted = {(contact.phone, contact.desk) for contact in waits}
        for each in pending_phones.waiting(tx, self.country):
            if each.by.startswith(IMPORT) and (each.wanted.phone, each.wanted.desk) not in wanted:
                self.call_off(tx, each.id, IMPORT)
        for contact in waits:
            self.ask(tx, contact, imported_by(name))
