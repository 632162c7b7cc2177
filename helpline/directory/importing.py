"""Taking a directory up and giving it back (R41).

Rows are read and checked first; then one short transaction writes the rows as they came, and what matching and texts
need of them, or nothing at all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection

from helpline.core.call_windows import instant
from helpline.directory import records, replace_directory, services
from helpline.directory.hsds.draft import Bodies, Change, bodies, differences, kept
from helpline.directory.hsds.files import read
from helpline.directory.hsds.ground import Ground
from helpline.directory.hsds.made import Made, make, offered
from helpline.directory.hsds.tables import Body, Flaw, Row, Tables, gathered
from helpline.directory.phone_changes import Changes, parted
from helpline.directory.service import Contact
from helpline.staff import contacts, on_call, raid_lock
from helpline.store import outbox
from helpline.store.engine import Database

NOBODY_TO_CALL = Flaw(
    "directory",
    "",
    "no coordinator would be left who can be called: a new telephone waits, so keep one that counts until it does",
)


class Refused(Exception):
    """A directory cannot be taken up. `flaws`: everything that is wrong with it."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        super().__init__("; ".join(map(str, flaws)))
        self.flaws = flaws


class MeanwhileChanged(Exception):
    """Somebody else changed the directory while this one was read."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import changed, or would: rows, services that are offered no more, how many there are of what.

    `waiting`: telephones that do not count before a second person has said yes, and time has passed.
    """

    changes: Sequence[Change]
    gone: Sequence[str]
    doubts: Sequence[str]
    services: int
    offered: int
    telephones: int
    coordinators: int
    waiting: Sequence[Contact] = ()


@dataclass(frozen=True, slots=True)
class Directories:
    """The directory of one country. `now`: the clock of the service; `say`: told what is being done."""

    db: Database
    ground: Ground
    fresh_days: int
    changes: Changes
    now: Callable[[], datetime]
    say: Callable[[str], None] = field(default=lambda _: None)

    def take(self, path: Path, *, dry: bool = False, by: str = "") -> Taken:
        """Read a directory and put it in place of the present one; `dry`: only tell what that would change.

        `by`: the name of whoever imports it, where it is known.

        Raises `Refused` with every flaw, `OSError` where nothing is there, `MeanwhileChanged`.
        """
        self.say(f"reading {path}")
        tables, flaws = read(path)
        self.say(f"checking {sum(map(len, tables.rows.values()))} rows")
        made = make(tables, self.ground)
        if flaws or made.flaws:
            raise Refused([*flaws, *made.flaws])
        with self.db.read() as tx:
            before = records.rows(tx, self._country)
            counts, waiting = self._parted(tx, made, before)
            if on_call.in_turn(tx, self._country) and not on_call.can_be_called(tx, counts):
                raise Refused([NOBODY_TO_CALL])
            there = {each.id for each in services.services(tx, self._country) if each.status != services.GONE}
        coming = bodies(tables)
        after = kept(before, coming)
        if after != coming:
            made = make(_tables(after, tables), self.ground)
        gone = sorted(there - {each.id for each in made.services})
        if not dry:
            self.say("writing")
            gone = self._write(before, after, made, by)
        return replace(self._taken(differences(before, after), gone, made), waiting=waiting)

    def rows(self) -> Mapping[str, Sequence[Body]]:
        """Give all rows that were imported, by table, as they came. Raises `Locked` while the raid lock is on."""
        with self.db.read() as tx:
            raid_lock.refuse_if_locked(tx)
            return {table: list(rows.values()) for table, rows in records.rows(tx, self._country).items()}

    @property
    def _country(self) -> str:
        return self.ground.country.code

    def _this_morning(self) -> datetime:
        return instant(self.ground.today, time(0), ZoneInfo(self.ground.country.zone))

    def _write(self, before: Bodies, after: Bodies, made: Made, by: str) -> list[str]:
        with self.db.write() as tx:
            if records.rows_to_change(tx, self._country) != before:
                raise MeanwhileChanged("the directory was changed while this one was read; import it again")
            records.replace(tx, self._country, after)
            outbox.wake(tx, "listed", self._country, self._this_morning())  # a worker looks who can be helped now
            counts, waits = self._parted(tx, made, before)
            self.changes.expect(tx, waits, self.now(), by)
            return replace_directory.put(tx, self._country, made.services, counts)

    def _parted(self, tx: Connection, made: Made, before: Bodies) -> tuple[Sequence[Contact], Sequence[Contact]]:
        """Part telephones into those that count at once and those that wait: none does in the first directory."""
        present = [who for kind in ("service", "coordinator") for who in contacts.of_kind(tx, kind, self._country)]
        return parted(present, made.contacts) if before and present else (made.contacts, ())

    def _taken(self, changes: Sequence[Change], gone: Sequence[str], made: Made) -> Taken:
        able = sum(offered(each, self.ground.today, self.fresh_days) for each in made.services)
        people = sum(each.kind == "coordinator" for each in made.contacts)
        desks = len(made.contacts) - people
        return Taken(changes, gone, made.doubts, len(made.services), able, desks, people)


def _tables(after: Bodies, before: Tables) -> Tables:
    """Give merged rows with the places where they stood."""
    places = {(row.table, row.id): row.place for row in before.every()}
    rows = (
        Row(table, places.get((table, id), "directory"), body)
        for table, listed in after.items()
        for id, body in listed.items()
    )
    return gathered(rows)
