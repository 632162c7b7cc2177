"""Code and word: the work that a guess causes, and what can be read after a withdrawal, in any place."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from helpline.caller import my_request
from helpline.core.phone_numbers import Hidden, msisdn
from helpline.core.ports import Reply
from helpline.keys.sealing import CannotOpen, Opening, Words
from helpline.store.engine import Database
from helpline.store.schema import inbox, message, metadata, vault
from menus.draft import Act
from tests.steps.caller import claim, code_of, save_draft
from tests.world import CALLER, HOME, OTHER, World, routes_of

MINE = (*HOME, "9", "2")
ACTS: Mapping[Act, tuple[str, ...]] = {
    Act.SEE: (*MINE, "1"),
    Act.HOUR: (*MINE, "2", "1"),
    Act.WITHDRAW: (*MINE, "3"),
    Act.PERMIT: (*MINE, "9", "1", "1", "1", "2", "1"),
    Act.FELT: (*MINE, "9", "2", "3"),
}
"""The keys from the dial to the question for the code, for each thing that code and word open."""


@dataclass(frozen=True, slots=True)
class Counted(Words):
    """Records which hashes are made."""

    made: list[str] = field(default_factory=list)

    def _hash(self, use: bytes, text: str) -> str:
        self.made.append(use.decode())
        return Words._hash(self, use, text)

    def salt(self, channel: str, session: str) -> bytes:
        """Record a salt too."""
        self.made.append("salt")
        return Words.salt(self, channel, session)


def _mark(log: list[str], name: str, _tx: Any) -> None:
    log.append(name)


@contextmanager
def statements(db: Database) -> Iterator[list[str]]:
    """Record each statement to the database without its values, and where transactions begin and end."""
    executed: list[str] = []

    def note(_tx: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        executed.append(statement)

    marks = {name: partial(_mark, executed, name) for name in ("begin", "commit", "rollback")}
    sa.event.listen(db.engine, "before_cursor_execute", note)
    for name, mark in marks.items():
        sa.event.listen(db.engine, name, mark)
    try:
        yield executed
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
        for name, mark in marks.items():
            sa.event.remove(db.engine, name, mark)


def tried(world: World, act: Act, code: str, word: int, caller: str) -> tuple[Reply, list[str], list[str]]:
    """Try a code and a word, one hop per key. Return the last screen, the statements and the hashes."""
    counted = Counted(world.public.ctx.words.key)
    shown = replace(world, public=replace(world.public, ctx=replace(world.public.ctx, words=counted)))
    with statements(world.db) as executed:
        call = shown.dial(caller).press(*ACTS[act], code, str(word + 1))
    return call.reply, executed, counted.made


@pytest.mark.parametrize("act", ACTS)
def test_r27_a_wrong_code_and_no_request_cause_the_same_work(db: Database, act: Act) -> None:
    """The statements and hashes are the same, in the same order. The screen is the same to the last byte."""
    world = World.on(db, wrong_codes_a_day=100)
    save_draft(world)
    world.run()
    code, word = code_of(world)
    other = f"{(int(code) + 1) % 10**6:06}"
    guesses = [(other, word, CALLER), (code, (word + 1) % 7, CALLER), (other, word, OTHER), ("000000", 0, OTHER)]
    with_request = [tried(world, act, *guess) for guess in guesses]
    with world.db.write() as tx:
        for table in metadata.sorted_tables:
            if table.name in ("request", "vault", "offer", "message", "outbox"):
                tx.execute(sa.delete(table))
    without = [tried(world, act, *guess) for guess in guesses]
    screens, executed, made = zip(*with_request, *without, strict=True)
    assert len({(reply.text.encode(), reply.last) for reply in screens}) == 1
    assert screens[0].last
    assert all(each == executed[0] for each in executed)
    assert all(each == made[0] for each in made)
    assert sum("code_mac" in each for each in executed[0]) == 1, "it is really looked up"
    assert made[0].count("code") == 1, "and its hash is really made"


@pytest.mark.parametrize("act", ACTS)
def test_r49_a_right_and_a_wrong_code_that_come_too_soon_cause_the_work_of_a_wrong_one(db: Database, act: Act) -> None:
    """So nobody can tell by the time either whether somebody has guessed on this phone before."""
    world = World.on(db, wrong_codes_a_day=1)
    save_draft(world)
    world.run()
    code, word = code_of(world)
    guesses = [("000000", 0, CALLER), (code, word, CALLER), ("000000", 0, CALLER), (code, (word + 1) % 7, OTHER)]
    screens, executed, made = zip(*(tried(world, act, *guess) for guess in guesses), strict=True)
    assert len({reply.text.encode() for reply in screens}) == 1
    assert all(each == executed[0] for each in executed)
    assert all(each == made[0] for each in made)


def test_r27_the_right_code_causes_other_work(db: Database) -> None:
    """What these tests compare does differ if something is opened."""
    world = World.on(db)
    save_draft(world)
    world.run()
    code, word = code_of(world)
    right, wrong = tried(world, Act.HOUR, code, word, CALLER), tried(world, Act.HOUR, code, (word + 1) % 7, CALLER)
    assert right[0].text != wrong[0].text
    assert len(right[1]) > len(wrong[1])


def readable(world: World) -> list[str]:
    """Return where the caller's number can be read with the whole database and every key."""
    opening, hashed = world.work.outgoing.opening, world.work.inbound.dialogue.hashing.caller(msisdn(CALLER))
    sealed = ((table, row) for table in (vault, message, inbox) for row in world.rows(table) if row.sealed is not None)
    found = [f"{table.name}: sealed" for table, row in sealed if CALLER in _opened(opening, row[0], row.sealed)]
    for table in metadata.sorted_tables:
        for row in world.rows(table):
            found += [f"{table.name}: in clear"] * (CALLER.removeprefix("+") in repr(row))
            found += [f"{table.name}: its hash" for value in row if value == hashed]
    return found


def _opened(opening: Opening, row: Any, sealed: bytes) -> str:
    try:
        number: Hidden = opening.open(row, sealed)
    except CannotOpen:
        return ""
    return number.reveal()


class Died(BaseException):
    """The worker dies at the point of sending."""


def during_offer(world: World) -> None:
    """A service was asked."""
    world.run()
    assert world.state() == "offered"


def during_claim(world: World) -> None:
    """A service has claimed it."""
    claim(world)


def composed(world: World) -> None:
    """The text with the number was written, and its worker died before the gateway took it."""
    to, code = claim(world)
    work = world.work
    world.work = replace(work, outgoing=replace(work.outgoing, routes=routes_of(Dying())))
    with pytest.raises(Died):
        world.text(to, f"NUMBER {code}")
    world.work = work
    assert [row.state for row in world.rows(message) if row.notice == "to_ngo.number"] == ["sending"]


class Dying:
    """A gateway that kills its worker."""

    def send(self, to: Any, text: str, ref: str = "", sender: str = "") -> str:
        """Never take a text."""
        raise Died


def sent(world: World) -> None:
    """The gateway has taken the text with the number."""
    to, code = claim(world)
    world.text(to, f"NUMBER {code}")
    assert CALLER in world.inbox(to)[-1]


@pytest.mark.engines
@pytest.mark.parametrize("when", [during_offer, during_claim, composed, sent])
def test_r33_the_number_is_unreadable_within_a_second_of_a_withdrawal(
    world: World, when: Callable[[World], None]
) -> None:
    """Checked in vault, texts, inbox and outbox, with all keys. No text with it leaves any more."""
    save_draft(world)
    when(world)
    assert readable(world), "it was there to be read"
    before = len([text for _, text in world.gateway.sent if CALLER in text])
    assert my_request.withdraw(world.public.ctx, *code_of(world)) == "withdrawn"
    world.wait(seconds=1)
    assert readable(world) == []
    world.wait(days=1)
    assert readable(world) == []
    assert len([text for _, text in world.gateway.sent if CALLER in text]) == before
    if when is not during_offer:
        assert world.gateway.sent[-1][1].endswith("do not call any more. Please delete the number.")
