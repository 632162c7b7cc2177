"""Backups in two parts: what was erased or stopped stays so, and everything else is restored."""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from helpline.caller import conversations, my_request
from helpline.casework import claims
from helpline.core.phone_numbers import Hidden, msisdn
from helpline.core.ports import IncomingSms
from helpline.keys import sealed_file
from helpline.operations import copies
from helpline.operations.backup import NEWEST, CannotCopy, mains, write
from helpline.operations.restore import Restored, restore
from helpline.staff import contacts, locks, raid_lock
from helpline.staff.contact import Actor
from helpline.store import audit_log
from helpline.store.engine import Database
from helpline.store.schema import audit, inbox, message, metadata, offer, person, request, vault
from menus.salt import marks
from tests.conftest import Databases
from tests.steps.desk import give_order
from tests.steps.every_store import all_values, found, marks_of, opened
from tests.world import CALLER, OTHER, Call, World, keys

pytestmark = pytest.mark.engines


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def new(request: pytest.FixtureRequest) -> Databases:
    """Return empty, migrated databases of one kind."""
    made: Databases = request.getfixturevalue(f"new_{request.param}")
    return made


@pytest.fixture
def world(new: Databases) -> World:
    return World.on(new())


def copy(world: World, folder: Path) -> Path:
    """Make a backup. Return its main part."""
    world.clock.at += timedelta(seconds=1)
    write(world.db, folder, keys()["backup_key"], world.config.country, world.clock())
    return mains(folder)[-1]


def back(world: World, db: Database, main: Path, numbers: Path | None = None, now: datetime | None = None) -> Restored:
    """Restore a backup into another database."""
    key = world.work.ctx.audit_key
    return restore(db, keys()["restore_key"], main, numbers, now or world.clock(), "aida", key)


def withdraw(world: World, call: Call) -> None:
    mark = marks(world.public.ctx.words.salt("at", call.session), 0)
    my_request.withdraw(world.public.ctx, mark.code, mark.word)
    world.run()


def test_r34_restoring_an_old_backup_restores_no_withdrawn_number(world: World, new: Databases, tmp_path: Path) -> None:
    """Back up, withdraw, back up again, and restore the old main part with the newest numbers.

    No key finds the withdrawn number.
    """
    call = world.ask(language="4")
    world.ask(OTHER, language="4")
    world.run()
    session = world.public.ctx.words.session("at", call.session)  # kept for a day to refuse a late hop (R34)
    secrets = [secret for secret in marks_of(world, CALLER) if secret != session]
    assert len(secrets) == 8
    old = copy(world, tmp_path)
    assert len(found(world.db, tmp_path, secrets)) > len(secrets)  # the search does find what exists
    withdraw(world, call)
    copy(world, tmp_path)
    restored = new()
    done = back(world, restored, old, tmp_path / NEWEST)
    assert (done.live, done.closed) == (1, 1)
    assert found(restored, tmp_path, secrets) == []
    (kept,) = {row.code_mac for row in world.rows(request) if row.outcome} & set(
        secrets
    )  # tells the caller that it is done
    assert found(world.db, tmp_path, [secret for secret in secrets if secret != kept]) == []
    again = on(world, restored)
    assert sorted((row.state, row.outcome) for row in again.rows(request)) == [
        ("closed", "withdrew"),
        ("offered", None),
    ]
    again.wait(hours=1)  # the offer lapses, and the next service is asked about the remaining request
    assert {row.request for row in again.rows(offer)} == {row.request for row in again.rows(vault)}
    assert len(again.rows(offer)) > 1
    again.wait(hours=24)
    assert found(restored, tmp_path / "none", [session]) == []


def on(world: World, db: Database) -> World:
    """Return the same service on another database."""
    db = db.timed_by(world.clock)
    dialogue = world.work.inbound.dialogue
    dialogue = replace(dialogue, ctx=replace(dialogue.ctx, db=db))
    work = replace(world.work, db=db, inbound=replace(world.work.inbound, dialogue=dialogue))
    public = replace(world.public, ctx=replace(world.public.ctx, db=db))
    return replace(world, db=db, work=work, public=public)


def test_r48_a_stop_after_a_backup_holds_when_that_backup_is_restored(
    world: World, new: Databases, tmp_path: Path
) -> None:
    """The part with numbers also has the latest state of requests that may still be called."""
    call = world.ask(language="4")
    world.run()
    old = copy(world, tmp_path)
    world.dial().press("4", "9", "3")
    world.run()
    copy(world, tmp_path)
    restored = new()
    back(world, restored, old, tmp_path / NEWEST)
    again = on(world, restored)
    again.wait(hours=2)
    assert again.state() == "paused"
    assert call.reply.last


def test_restored_requests_continue_as_before(world: World, new: Databases, tmp_path: Path) -> None:
    """A number claimed before is shown after. Code and word still open the request, and the log is one chain."""
    call = world.ask(language="4")
    world.run()
    to, code = world.offered()
    world.text(to, f"YES {code}")
    made_later = world.ask(OTHER)
    main = copy(world, tmp_path)
    restored = new()
    back(world, restored, main, tmp_path / NEWEST)
    again = on(world, restored)
    before = {row.id: row for row in world.rows(request)}
    assert {row.id: row for row in again.rows(request)} == before
    for table in (vault, offer):
        assert sorted(again.rows(table)) == sorted(world.rows(table))
    with restored.read() as tx:
        who = contacts.by_phone(tx, to)
        assert who is not None
        assert claims.find(again.work.ctx, tx, Actor.by_sms(who), code) is not None
    with restored.write(world.clock()) as tx:
        give_order(again.work.ctx, tx, who, claims.ask_number, code)
    again.run()
    assert [text for text in again.inbox(to) if CALLER in text] != []
    with restored.read() as tx:
        assert audit_log.broken_at(tx, world.work.ctx.audit_key) is None
        assert [entry.action for entry in audit_log.search(tx)] == ["claim", "restore", "reveal"]
    assert call.reply.last
    assert made_later.reply.last


def test_r34_the_main_part_has_counts_and_nothing_that_identifies_a_person(world: World, tmp_path: Path) -> None:
    """No number, no hash of one, no line, no session, no code, no time, no text."""
    world.ask(language="4")
    world.run()
    to, code = world.offered()
    world.text(to, f"YES {code}")
    world.text(CALLER, "hello")
    secrets = marks_of(world, CALLER)
    main = copy(world, tmp_path)
    told = opened(main)
    assert [secret for secret in secrets if secret in told] == []
    assert not {"vault", "inbox", "message", "block", "dialogue", "outbox", "offer"} & {
        json.loads(line)[0] for line in told.split("\n")[1:]
    }
    (row,) = [json.loads(line)[1] for line in told.split("\n")[1:] if json.loads(line)[0] == "request"]
    assert (row["window"], row["zone"], row["session"], row["other"], row["code_mac"]) == ("", "", None, None, None)
    assert row["created"] % (24 * 3600 * 10**6) == 0


def test_no_backup_contains_callers_texts_or_replies_to_them(world: World, new: Databases, tmp_path: Path) -> None:
    """A reply sent again would be unasked (R12). A stop that waits to be read is still obeyed (R48)."""
    world.ask(language="4")
    world.run()
    world.public.sms("at", _sms())
    world.dial().press("4", "9", "3")
    with world.db.write() as tx:
        conversations.show(tx, "s", 1, world.clock())
    assert world.work.step()
    main = copy(world, tmp_path)
    restored = new()
    back(world, restored, main, tmp_path / NEWEST)
    again = on(world, restored)
    assert [row for row in again.rows(message) if row.to == "caller"] == []
    assert {row.kind for row in again.rows(inbox)} <= {"stop"}
    again.run()
    assert again.state() == "paused"
    assert again.inbox(CALLER) == []


def _sms() -> IncomingSms:
    return IncomingSms("x", msisdn(OTHER), Hidden("hello"))


def test_without_the_numbers_every_open_request_is_closed(world: World, new: Databases, tmp_path: Path) -> None:
    world.ask()
    world.run()
    main = copy(world, tmp_path)
    restored = new()
    done = back(world, restored, main)
    assert (done.live, done.closed, done.numbers) == (0, 1, None)
    with restored.read() as tx:
        assert tx.execute(sa.select(request.c.state, request.c.outcome)).all() == [("closed", None)]


def test_an_older_main_part_neither_unlocks_nor_enables_anybody(world: World, new: Databases, tmp_path: Path) -> None:
    """The raid lock, and who may sign in, are as in the newest part."""
    dismissed = dict.fromkeys((column.name for column in person.c), "x") | {
        "id": "p1", "login": "aida", "totp": b"x", "totp_last": 0, "disabled": None, "created": world.clock(),
    }  # fmt: skip
    with world.db.write() as tx:
        tx.execute(person.insert().values(dismissed))
    old = copy(world, tmp_path)
    with world.db.write(world.clock()) as tx:
        tx.execute(person.update().values(disabled=world.clock()))
        raid_lock.lock(tx, "aida", world.work.ctx.audit_key)
    copy(world, tmp_path)
    restored = new()
    back(world, restored, old, tmp_path / NEWEST)
    with restored.read() as tx:
        assert locks.is_raid_on(tx)
        assert tx.execute(sa.select(person.c.disabled)).scalars().all() == [world.clock() - timedelta(seconds=1)]


IN_NO_PART = (
    "talk",
    "dialogue",
    "cry",
    "beat",
    "invitation",
    "web_session",
    "login_try",
    "spent",
    "draft",
    "bridge",
    "channel",
)


def test_each_table_is_listed_in_one_part_or_in_none() -> None:
    """A new table must be listed in one part or in none. Nothing sealed and no hash of a number is in the main part."""
    with_numbers = (*copies.OF_OPEN_REQUESTS, "message", "inbox", "outbox", *copies.NEWEST_WHOLE)
    listed = [*copies.MAIN, *with_numbers, *IN_NO_PART, "request"]
    assert sorted(listed) == sorted(metadata.tables)
    sealed = {t.name for t in metadata.tables.values() if any(isinstance(c.type, sa.LargeBinary) for c in t.c)}
    assert not sealed & set(copies.MAIN)


@dataclass
class Attempt:
    """A restore that is about to be tried. Each row of the table below breaks one thing."""

    world: World
    db: Database
    main: Path
    numbers: Path
    old: Path
    key: str = field(default_factory=lambda: keys()["restore_key"])

    def spoil(self, change: Callable[[bytes], bytes]) -> None:
        self.main.write_bytes(change(self.main.read_bytes()))

    def lock(self) -> None:
        with self.db.write(self.world.clock()) as tx:
            raid_lock.lock(tx, "aida", self.world.work.ctx.audit_key)

    def make(self, country: str) -> None:
        write(self.world.db, self.main.parent, keys()["backup_key"], country, self.world.clock() + timedelta(seconds=5))


REFUSED: Mapping[str, Callable[[Attempt], object]] = {
    "not empty": lambda it: setattr(it, "db", it.world.db),
    "older": lambda it: setattr(it, "numbers", it.old),
    "not a backup": lambda it: it.spoil(lambda _: b"hello"),
    "cannot decrypt it": lambda it: setattr(it, "key", keys()["opening_key"]),
    "cut off": lambda it: it.spoil(lambda raw: raw[: len(raw) // 2]),
    "cut off or changed": lambda it: it.spoil(lambda raw: raw[:-40] + bytes([raw[-40] ^ 1]) + raw[-39:]),
    "holds the part 'vault'": lambda it: setattr(it, "main", it.numbers),
    "the raid lock is on": lambda it: it.lock(),
    "another country": lambda it: it.make("KZ"),
    "of revision 0001": lambda it: resealed(it.main),
}


def resealed(path: Path) -> bool:
    """Put a copy of an earlier version in place."""
    head = b'{"komek":"main","at":"2026-11-24T04:00:00+00:00","revision":"0001","country":"KG"}'
    with path.open("wb") as file:
        sealed_file.write(file, keys()["backup_key"], [head])
    return path.exists()


@pytest.mark.parametrize("says", REFUSED)
def test_an_unusable_backup_is_refused_as_a_whole(new_sqlite: Databases, tmp_path: Path, says: str) -> None:
    """Everything or nothing is restored, and the error gives the reason in a sentence."""
    world = World.on(new_sqlite())
    world.ask()
    world.run()
    copy(world, tmp_path)
    old = Path(shutil.copy(tmp_path / NEWEST, tmp_path / "old.komek"))
    it = Attempt(world, new_sqlite(), copy(world, tmp_path), tmp_path / NEWEST, old)
    REFUSED[says](it)
    before = all_values(it.db)
    with pytest.raises((CannotCopy, raid_lock.Locked), match=says):
        restore(it.db, it.key, it.main, it.numbers, world.clock(), "aida", world.work.ctx.audit_key)
    assert all_values(it.db) == before


def test_a_main_part_is_never_overwritten(new_sqlite: Databases, tmp_path: Path) -> None:
    world = World.on(new_sqlite())
    main = copy(world, tmp_path)
    before = main.read_bytes()
    with pytest.raises(CannotCopy, match="never overwritten"):
        write(world.db, tmp_path, keys()["backup_key"], "KG", world.clock())
    assert main.read_bytes() == before


def test_an_interrupted_backup_leaves_the_last_one_unchanged(new_sqlite: Databases, tmp_path: Path) -> None:
    world = World.on(new_sqlite())
    copy(world, tmp_path)
    before = (tmp_path / NEWEST).read_bytes()
    with pytest.raises(ValueError, match="32 bytes"):
        write(world.db, tmp_path, "c2hvcnQ=", "KG", world.clock() + timedelta(seconds=9))
    assert (tmp_path / NEWEST).read_bytes() == before
    copy(world, tmp_path)
    assert (tmp_path / NEWEST).stat().st_mode & 0o777 == 0o600
    assert len(mains(tmp_path)) == 2


def test_new_rows_are_numbered_after_restored_ones(world: World, new: Databases, tmp_path: Path) -> None:
    key = world.work.ctx.audit_key
    with world.db.write() as tx:
        for each in range(5):
            audit_log.append(tx, key, world.clock(), "actor", "claim", f"r{each}")
    restored = new()
    back(world, restored, copy(world, tmp_path), tmp_path / NEWEST)
    with restored.write() as tx:
        audit_log.append(tx, key, world.clock(), "actor", "claim", "r9")
        assert tx.execute(sa.select(sa.func.max(audit.c.seq))).scalar() == 7
        assert audit_log.broken_at(tx, key) is None
