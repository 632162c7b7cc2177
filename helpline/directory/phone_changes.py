"""A new telephone of a service counts after three days, and by the yes of a second person.

Whoever talks one coordinator, or whoever keeps the sheet, into a number that is not the service's, would get the
numbers of callers. So there is time in which the service, which is told on its old telephone, or any coordinator, can
say no. To take a telephone out needs neither: that shows less and never more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from helpline.directory import pending_phones, records, services
from helpline.directory.hsds.mirrored import with_phone, without_phone
from helpline.directory.pending_phones import Asked
from helpline.directory.service import Contact
from helpline.referral.referral import Referral
from helpline.staff import contacts, people
from helpline.store import audit_log, outbox, texts_out
from helpline.store.sql import new_id

LOOK = "contact"
"""The kind of outbox row that sees whether a change counts by now."""
UNTIL_SEALED = timedelta(hours=1)
"""When one looks again at a change that an account asked for, or agreed to, which is not sealed."""
IMPORT = "import"
"""Who asked for what came in a directory that was imported by nobody who gave a name."""


def imported_by(name: str) -> str:
    """Give who asks for what somebody imports. A name that was cut counts as that of all who begin so."""
    return f"{IMPORT} {name}".strip()[:40]


def parted(present: Sequence[Contact], wanted: Sequence[Contact]) -> tuple[list[Contact], list[Contact]]:
    """Part what an import wants into what counts at once and what waits.

    At once: whoever had that telephone before, under whatever name and in whatever language. A telephone that is new
    there waits; so does an agreement to get numbers by SMS (R32), while the telephone stays.
    """
    before = {(who.phone, who.desk): who for who in present}
    counts, waits = [], []
    for who in wanted:
        known = before.get((who.phone, who.desk))
        if known is None:
            waits.append(who)
        elif who.accepts_numbers_by_sms and not known.accepts_numbers_by_sms:
            counts.append(replace(who, accepts_numbers_by_sms=False))
            waits.append(who)
        else:
            counts.append(who)
    return counts, waits


@dataclass(frozen=True, slots=True)
class Changes:
    """The telephones of one country that are to come. `wait`: how long each of them waits at least."""

    country: str
    audit_key: bytes
    wait: timedelta

    @classmethod
    def of(cls, referral: Referral) -> "Changes":
        """Make it of what a deployment has."""
        return cls(referral.country.code, referral.audit_key, timedelta(hours=referral.config.contact_hours))

    def ask(self, tx: Connection, wanted: Contact, by: str, now: datetime, replaces: str = "") -> str:
        """Write down that a telephone is to be a service's, in place of another where `replaces` names one.

        Every telephone that the service has is told. Gives the id of the change; the former one where just this was
        asked for before.
        """
        for each in pending_phones.waiting(tx, self.country):
            if (each.wanted.phone, each.wanted.desk) == (wanted.phone, wanted.desk) and each.replaces == replaces:
                return each.id
        asked = Asked(new_id(), wanted, replaces, by, now)
        pending_phones.add(tx, self.country, asked)
        audit_log.append(tx, self.audit_key, now, by, "asked_contact", asked.id)
        for who in contacts.of_service(tx, wanted.service) if wanted.service else ():
            values = {"phone": who.id}
            message = texts_out.add(tx, who.kind, who.desk, "to_ngo.contact_asked", "", now, values=values)
            outbox.wake(tx, "send", message, now)
        return asked.id

    def agree(self, tx: Connection, id: str, by: str, now: datetime) -> str:
        """Say yes to a change: `agreed`; `own`, where one asked for it oneself; `gone`, where it waits no more."""
        asked = self._asked(tx, id, now)
        if asked is None:
            return "gone"
        if people.person_of(tx, asked.by) == people.person_of(tx, by):
            return "own"
        if not asked.agreed_by or people.has_left(tx, asked.agreed_by):
            pending_phones.agree(tx, self.country, replace(asked, agreed_by=by))
            audit_log.append(tx, self.audit_key, now, by, "agreed_contact", id)
        outbox.wake(tx, LOOK, id, max(now, asked.at + self.wait))
        return "agreed"

    def agree_here(self, tx: Connection, id: str, name: str, now: datetime) -> str:
        """Say yes at the machine, by name, where nobody uses the console: as `agree`.

        `own` also where one imported it; `nameless`, where nobody said who did: then nobody is known to be the second.
        """
        asked = self._asked(tx, id, now)
        if asked is not None and asked.by == IMPORT:
            return "nameless"
        if asked is not None and (asked.by == imported_by(name) or people.is_named(tx, asked.by, name)):
            return "own"
        return self.agree(tx, id, name, now)

    def call_off(self, tx: Connection, id: str, by: str, now: datetime) -> bool:
        """Say no to a change, which ends it whoever asked for it; false where it waits no more."""
        if not pending_phones.drop(tx, id):
            return False
        outbox.drop(tx, LOOK, id)
        audit_log.append(tx, self.audit_key, now, by, "off_contact", id)
        return True

    def look(self, tx: Connection, id: str, now: datetime) -> datetime | None:
        """Let a change count that has waited long enough and has its second yes; give when to look again, if ever."""
        asked = self._asked(tx, id, now)
        if asked is None or not asked.agreed_by:
            return None
        if any(people.waits_for_seal(tx, each) for each in (asked.by, asked.agreed_by)):
            return now + UNTIL_SEALED
        if people.has_left(tx, asked.agreed_by):
            return None
        if now < asked.at + self.wait:
            return asked.at + self.wait
        self._count(tx, asked, now)
        return None

    def _asked(self, tx: Connection, id: str, now: datetime) -> Asked | None:
        """Give a change that waits; what somebody asked for whose account was disabled since is called off.

        An account that is not sealed may be so after an update alone: what it asked for waits, and does not count.
        """
        asked = pending_phones.get(tx, self.country, id)
        if asked is None or not people.has_left(tx, asked.by) or people.waits_for_seal(tx, asked.by):
            return asked
        self.call_off(tx, id, asked.by, now)
        return None

    def _count(self, tx: Connection, asked: Asked, now: datetime) -> None:
        pending_phones.drop(tx, asked.id)
        taken_out = audit_log.search(tx, ref=asked.id, action="off_contact")  # a row that was put back afterwards
        if taken_out or self._is_anothers(tx, asked.wanted) or self._is_gone(tx, asked.wanted):
            return
        old = contacts.get(tx, asked.replaces) if asked.replaces else None
        pending_phones.admit(tx, self.country, asked.wanted, asked.replaces)
        self._keep_rows(tx, asked.wanted, old)
        audit_log.append(tx, self.audit_key, now, asked.agreed_by, "counts_contact", asked.id)
        outbox.wake(tx, "listed", self.country, now)

    def _keep_rows(self, tx: Connection, came: Contact | None, went: Contact | None) -> None:
        """Have the rows of the directory say what counts now: the next import of an export changes nothing then."""
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

    def _is_anothers(self, tx: Connection, wanted: Contact) -> bool:
        """Tell whether a telephone is somebody else's by now, and not that of a service that is gone."""
        holder = contacts.by_phone(tx, wanted.phone)
        if holder is None or holder.desk == wanted.desk:
            return False
        return not self._is_gone(tx, holder)

    def _is_gone(self, tx: Connection, who: Contact) -> bool:
        """Tell whether a telephone is that of a service which the directory has no more."""
        service = services.service_by_id(tx, who.service) if who.service else None
        return service is not None and service.status == services.GONE

    def take_out(self, tx: Connection, contact: str, by: str, now: datetime) -> bool:
        """Let a telephone of a service count no more, at once; false where it does not anyway."""
        who = contacts.get(tx, contact)
        if who is None or not who.service:
            return False
        pending_phones.dismiss(tx, self.country, who)
        self._keep_rows(tx, None, who)
        audit_log.append(tx, self.audit_key, now, by, "out_contact", contact)
        return True

    def waiting(self, tx: Connection, service: str = "") -> list[Asked]:
        """Give what waits, of one service or of all, the oldest first."""
        return [
            each for each in pending_phones.waiting(tx, self.country) if not service or each.wanted.service == service
        ]

    def expect(self, tx: Connection, waits: Sequence[Contact], now: datetime, name: str = "") -> None:
        """Ask for what an import wants; what an import asked for before and wants no more is called off.

        `name`: who imports, empty where nobody said so.
        """
        wanted = {(who.phone, who.desk) for who in waits}
        for each in pending_phones.waiting(tx, self.country):
            if each.by.startswith(IMPORT) and (each.wanted.phone, each.wanted.desk) not in wanted:
                self.call_off(tx, each.id, IMPORT, now)
        for who in waits:
            self.ask(tx, who, imported_by(name), now)
