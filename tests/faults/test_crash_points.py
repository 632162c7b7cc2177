"""One request, and a process that dies at its k-th step, for every k: each statement, each commit, each sent text.

Random kills find races; these find gaps. A death has its real consequences: a new process on the same database a minute
later, a gateway that repeats what was not taken, a caller whose hop is repeated or not.
"""

import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from helpline.caller.limits import Limits
from helpline.core.phone_numbers import Hidden, Msisdn, msisdn
from helpline.core.ports import Hop, IncomingSms
from helpline.store import audit_log
from helpline.store.connection import connect
from helpline.store.engine import Database
from helpline.store.schema import audit, message, offer, outbox, request, vault
from tests.conftest import Databases
from tests.faults.phones import says, shows
from tests.world import CALL_ME, CALLER, MORNING, Gateway, World, routes_of

pytestmark = pytest.mark.faults
LEASE = timedelta(seconds=61)
"""After this time a row that a dead process held is free."""
PRESSED = ("", *CALL_ME, "drawn", "1", "0")
"""Dial, Russian, call me, continue, any time, end."""


class Died(BaseException):
    """The process ends here. Nobody catches this, and only the database cleans up."""


@dataclass(slots=True)
class Fuse:
    """Counts the steps of a process and kills it at one of them; 0 lets it live."""

    at: int
    steps: int = 0

    def step(self, *_: object) -> None:
        """Take a step, or die at it."""
        self.steps += 1
        if self.steps == self.at:
            raise Died

    def wire(self, db: Database) -> None:
        """Make each statement a step, and also the moments before and after each commit."""
        commit = db.engine.dialect.do_commit

        def committed(raw: Any) -> None:
            self.step()
            commit(raw)
            self.step()

        sa.event.listen(db.engine, "before_cursor_execute", self.step)
        db.engine.dialect.do_commit = committed  # type: ignore[method-assign, assignment]


@dataclass(frozen=True, slots=True)
class DyingGateway:
    """A gateway for a process that may die before a text is taken, or after it without learning so."""

    gateway: Gateway
    fuse: Fuse

    def send(self, to: Msisdn, text: str, ref: str = "", sender: str = "") -> str:
        """Send a text."""
        self.fuse.step()
        id = self.gateway.send(to, text, ref, sender)
        self.fuse.step()
        return id


@dataclass(slots=True)
class Run:
    """A service on one database, which may die once, and everybody outside, who does not."""

    world: World
    path: Path
    fuse: Fuse
    returns: bool
    """Whether the gateway repeats the hop at which the service died. Otherwise the call has dropped."""
    shown: set[str] = field(default_factory=set)
    asked: int = 0
    """The number of steps until the caller had asked."""

    def begin(self) -> None:
        """Start a process that has only the database, the content and the keys."""
        world = self.world
        db = connect(f"sqlite:///{self.path}").with_contact_key(world.config.contact_key.get_secret_value())
        db = db.timed_by(world.clock)
        self.fuse.wire(db)
        public = replace(world.public, ctx=replace(world.public.ctx, db=db), limits=Limits(world.config, world.clock))
        dialogue = world.work.inbound.dialogue
        dialogue = replace(dialogue, ctx=replace(dialogue.ctx, db=db))
        inbound = replace(world.work.inbound, dialogue=dialogue)
        outgoing = replace(world.work.outgoing, routes=routes_of(DyingGateway(world.gateway, self.fuse)))
        self.world = replace(
            world, db=db, public=public, work=replace(world.work, db=db, inbound=inbound, outgoing=outgoing)
        )

    def close(self) -> None:
        """End the process."""
        self.world.db.dispose()

    def survives(self, act: Callable[[], object]) -> bool:
        """Do something. Return whether the service survived it; if not, it starts again a minute later."""
        try:
            act()
        except Died:
            self.close()
            self.world.clock.at += LEASE
            self.begin()
            return False
        return True

    def again_if_it_died(self, act: Callable[[], object]) -> None:
        """Do something, and repeat it if the service died of it."""
        if not self.survives(act):
            act()

    def ask(self) -> None:
        """Ask for a call as the caller."""
        keys: tuple[str, ...] = ()
        screen: list[str] = []

        def hop() -> None:
            screen.append(self.world.public.hop("at", Hop("s1", msisdn(CALLER), keys)).text)

        for pressed in PRESSED:
            drawn = screen[-1].split("\n")[-1][0] if pressed == "drawn" else pressed
            keys = (*keys, drawn) if drawn else ()
            if not self.survives(hop) and not self.returns:
                break
            if len(screen) <= len(keys):
                hop()
            if kept := shows(self.world.public.ctx.book, "callback.kept", screen[-1]):
                self.shown.add(kept["code"])
        self.asked = self.fuse.steps
        self.again_if_it_died(lambda: self.world.run())

    def answer_offer(self, id: str, verb: str) -> None:
        """Send a text from the service with the newest offer. The gateway repeats it until it is taken."""
        offers = (
            (to, says(self.world.public.ctx.book, "to_ngo.offer", text)) for to, text in self.world.gateway.sent[::-1]
        )
        found = next(((to, slots["offer"]) for to, slots in offers if slots), None)
        if found is None:
            return
        sms = IncomingSms(id, msisdn(found[0]), Hidden(f"{verb} {found[1]}"))
        self.again_if_it_died(lambda: self.world.public.sms("at", sms))
        self.again_if_it_died(lambda: self.world.run())

    def run(self) -> None:
        """Do all of it, then wait a quarter of an hour."""
        self.ask()
        self.answer_offer("no", "НЕТ")
        for id, verb in (("yes", "ДА"), ("yes", "ДА"), ("yes again", "ДА"), ("number", "НОМЕР")):
            self.answer_offer(id, verb)
        self.again_if_it_died(lambda: self.world.wait(minutes=15))

    def faults(self, texts: int) -> list[str]:
        """Return the faults. `texts` is how many texts leave if nothing dies."""
        db = connect(f"sqlite:///{self.path}")  # a connection in which nothing dies
        with db.read() as tx:
            requests, numbers = tx.execute(sa.select(request)).all(), tx.execute(sa.select(vault)).all()
            offers = sorted(tx.execute(sa.select(offer.c.state)).scalars())
            logged = sorted(tx.execute(sa.select(audit.c.action)).scalars())
            broken = audit_log.broken_at(tx, self.world.work.ctx.audit_key)
            texts_left = message.c.state.in_(("queued", "sending"))
            unsettled = tx.execute(sa.select(message.c.notice).where(texts_left)).scalars().all()
            now = outbox.c.due <= self.world.clock()
            left = tx.execute(sa.select(outbox.c.kind).where(sa.or_(outbox.c.state != "ready", now))).scalars().all()
        db.dispose()
        if not requests and not self.returns:
            return ["a code was shown"] * bool(self.shown) + ["a text left"] * bool(self.world.gateway.sent)
        sent = self.world.gateway.sent
        winner = sent[-1][0] if sent else ""
        revealed = {to for to, text in sent if CALLER in text}
        held = {
            "the request": [row.state for row in requests] == ["claimed"] and len(numbers) == 1,
            "one code": len(self.shown) <= 1 and (bool(self.shown) or not self.returns),
            "who was asked": offers == ["claimed", "passed"],
            "the audit log": logged == ["claim", "opened", "reveal"] and broken is None,
            "the receiver of the number": revealed == {winner},
            "nothing to the caller": not any(to == CALLER for to, _ in sent),
            "one text more at most": texts <= len(sent) <= texts + (self.fuse.at > 0),
            "nothing left": not left and not unsettled,
        }
        return [what for what, holds in held.items() if not holds]


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs the same request with a death at any step."""

    world: World
    template: Path

    def __call__(self, at: int, texts: int = 0, *, returns: bool = True) -> tuple[list[str], Run]:
        """Run it with a death at one step. Return the faults."""
        path = self.template.with_name("one.sqlite3")
        for old in path.parent.glob("one.sqlite3*"):
            old.unlink()
        shutil.copy(self.template, path)
        self.world.clock.at = MORNING
        self.world.gateway.sent.clear()
        life = Run(self.world, path, Fuse(at), returns)
        life.begin()
        with closing(life):
            life.run()
            return life.faults(texts), life


@pytest.fixture
def runs(new_sqlite: Databases) -> Runs:
    """A service with the sample directory, whose database is copied for each run."""
    world = World.on(new_sqlite())
    path = world.db.engine.url.database
    assert path is not None
    world.db.scrub()
    world.db.dispose()
    return Runs(world, Path(path))


def die_at_every(runs: Runs, step: int, *, returns: bool) -> None:
    """Die at every `step`-th point. If the call drops by it, use only points before the caller has asked."""
    _, whole = runs(0)
    texts = len(whole.world.gateway.sent)
    assert whole.faults(texts) == []
    points = range(1, (whole.fuse.steps if returns else whole.asked) + 1, step)
    found = {at: runs(at, texts, returns=returns)[0] for at in points}
    print(f"{len(found)} of {whole.fuse.steps} points")
    assert {at: faults for at, faults in found.items() if faults} == {}


@pytest.mark.parametrize("every", [48, pytest.param(16, marks=pytest.mark.nightly)])
def test_a_crash_at_many_steps_loses_and_doubles_nothing(runs: Runs, every: int) -> None:
    """Request, offer, no, next offer, yes, yes again, number. A death at any step changes nothing in the end."""
    die_at_every(runs, every, returns=True)


def test_a_crash_that_drops_a_call_loses_no_request_whose_code_was_shown(runs: Runs) -> None:
    """Before the caller has asked, they saw no code and nothing is stored, or all continues without them."""
    die_at_every(runs, 1, returns=False)


@pytest.mark.nightly
@pytest.mark.timeout(900)
def test_a_crash_at_every_step_loses_and_doubles_nothing(runs: Runs) -> None:
    """The same at each step."""
    die_at_every(runs, 1, returns=True)
