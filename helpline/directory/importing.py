"""Import and export of a directory (R41).

All rows are read and checked first. Then one short transaction saves the rows as they came, with what matching and
texts need of them, or it saves nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from helpline.core.call_windows import instant
from helpline.core.channels_file import ChannelSettings
from helpline.directory import records, replace_directory, services
from helpline.directory.hsds.draft import Bodies, Change, bodies, differences, with_check_calls
from helpline.directory.hsds.files import read
from helpline.directory.hsds.ground import Ground
from helpline.directory.hsds.made import Made, all_flaws, make, offered
from helpline.directory.hsds.tables import Body, Flaw, Row, Tables, tables_from
from helpline.directory.phone_changes import PhoneChanges, split
from helpline.directory.unreached import without_channel
from helpline.staff import contacts, on_call, raid_lock
from helpline.staff.contact import Contact
from helpline.store import outbox
from helpline.store.engine import Database, Tx

NOBODY_TO_CALL = Flaw(
    "directory",
    "",
    "no coordinator would be left who can be called: a new telephone only counts after some days, so keep an old one",
)


class Refused(Exception):
    """A directory cannot be imported. `flaws` is everything that is wrong with it."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        super().__init__("; ".join(map(str, flaws)))
        self.flaws = flaws


class MeanwhileChanged(Exception):
    """Somebody else changed the directory while this one was being read."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import changed, or would change."""

    changes: Sequence[Change]
    """The rows that were added, changed or removed."""
    gone: Sequence[str]
    """Ids of services that are no longer offered."""
    doubts: Sequence[str]
    """Remarks that are no reason to refuse the directory."""
    services: int
    offered: int
    """How many services can be offered."""
    telephones: int
    coordinators: int
    waiting: Sequence[Contact] = ()
    """Telephones that do not count until a second person has approved them and some days have passed."""


@dataclass(frozen=True, slots=True)
class Importer:
    """Imports and exports the directory of one country."""

    db: Database
    ground: Ground
    fresh_days: int
    changes: PhoneChanges
    now: Callable[[], datetime]
    """The clock of the service."""
    channels: Sequence[ChannelSettings] = ()
    """What sends texts. Without any, nothing is said about telephones that none reaches."""
    say: Callable[[str], None] = field(default=lambda _: None)
    """Called with each step of an import."""

    def take(self, path: Path, *, dry: bool = False, by: str = "") -> ImportResult:
        """Read a directory and replace the present one. With `dry`, only return what that would change.

        `by` is the name of the person who imports it, if it is known. Raise `Refused` with all flaws, `OSError` if
        there is no such file, or `MeanwhileChanged`.
        """
        self.say(f"reading {path}")
        tables, flaws = read(path)
        self.say(f"checking {sum(map(len, tables.rows.values()))} rows")
        made = make(tables, self.ground)
        if wrong := all_flaws(flaws, made):
            raise Refused(wrong)
        with self.db.read() as tx:
            before = records.rows(tx, self._country)
            counts, waiting = self._split(tx, made, before)
            if on_call.in_turn(tx, self._country) and not on_call.can_be_called(tx, counts):
                raise Refused([NOBODY_TO_CALL])
            there = {each.id for each in services.services(tx, self._country) if each.status != services.GONE}
        coming = bodies(tables)
        after = with_check_calls(before, coming)
        if after != coming:
            made = make(_tables(after, tables), self.ground)
        gone = sorted(there - {each.id for each in made.services})
        if not dry:
            self.say("writing")
            gone = self._write(before, after, made, by)
        return replace(self._taken(differences(before, after), gone, made), waiting=waiting)

    def rows(self) -> Mapping[str, Sequence[Body]]:
        """Return all imported rows by table, as they came. Raise `Locked` if the raid lock is on."""
        with self.db.read() as tx:
            raid_lock.refuse_if_locked(tx)
            return {table: list(rows.values()) for table, rows in records.rows(tx, self._country).items()}

    @property
    def _country(self) -> str:
        return self.ground.country.code

    def _this_morning(self) -> datetime:
        return instant(self.ground.today, time(0), ZoneInfo(self.ground.country.zone))

    def _write(self, before: Bodies, after: Bodies, made: Made, by: str) -> list[str]:
        with self.db.write(self.now()) as tx:
            if records.rows_to_change(tx, self._country) != before:
                raise MeanwhileChanged("the directory was changed while this one was read; import it again")
            records.replace(tx, self._country, after)
            outbox.wake(
                tx, "listed", self._country, self._this_morning()
            )  # a worker checks which requests can be offered now
            counts, waits = self._split(tx, made, before)
            self.changes.expect(tx, waits, by)
            return replace_directory.put(tx, self._country, made.services, counts)

    def _split(self, tx: Tx, made: Made, before: Bodies) -> tuple[Sequence[Contact], Sequence[Contact]]:
        """Return the telephones that count at once and those that wait. In the first directory, none waits."""
        present = [
            contact for kind in ("service", "coordinator") for contact in contacts.of_kind(tx, kind, self._country)
        ]
        return split(present, made.contacts) if before and present else (made.contacts, ())

    def _taken(self, changes: Sequence[Change], gone: Sequence[str], made: Made) -> ImportResult:
        able = sum(offered(each, self.ground.today, self.fresh_days) for each in made.services)
        people = sum(each.kind == "coordinator" for each in made.contacts)
        desks = len(made.contacts) - people
        lost = without_channel(made.contacts, self.channels) if self.channels else ()
        doubts = [*made.doubts, *(f"no channel sends texts to {id}: see the channels file" for id in lost)]
        return ImportResult(changes, gone, doubts, len(made.services), able, desks, people)


def _tables(after: Bodies, before: Tables) -> Tables:
    """Return merged rows with the places where they were read."""
    places = {(row.table, row.id): row.place for row in before.every()}
    rows = (
        Row(table, places.get((table, id), "directory"), body)
        for table, listed in after.items()
        for id, body in listed.items()
    )
    return tables_from(rows)
