"""One request from the dial to the number, on a service that something happens to at its k-th step.

A step is each statement, the moments before and after each commit, and those before and after a text is sent. By
default the process dies there, with its real consequences: a new process on the same database a minute later, a gateway
that repeats what was not taken, a caller whose hop is repeated or not.
"""

import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from helpline.caller.limits import Limits
from helpline.core.phone_numbers import Hidden, Msisdn, msisdn
from helpline.core.ports import Delivery, Hop, IncomingSms, Receipt
from helpline.store import audit_log
from helpline.store.connection import connect
from helpline.store.engine import Database
from helpline.store.schema import audit, message, offer, outbox, request, vault
from tests.faults.events import story
from tests.faults.phones import says, shows
from tests.world import CALL_ME, CALLER, MORNING, Gateway, World, routes_of

LEASE = timedelta(seconds=61)
"""After this time a row that a dead process held is free."""
PRESSED = ("", *CALL_ME, "drawn", "1", "0")
"""Dial, Russian, call me, continue, any time, end."""


class Died(BaseException):
    """The process ends here. Nobody catches this, and only the database cleans up."""


def die() -> None:
    """End the process."""
    raise Died


def nothing(_: Path) -> None:
    """Do nothing with the database file."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What happens at a step, and how the service gets over it. By default the process dies."""

    happens: Callable[[], None] = die
    shows: tuple[type[BaseException], ...] = (Died,)
    """By which exceptions it ends what is being done."""
    restarts: bool = True
    """Whether another process goes on. Otherwise the same one does."""
    opens: Callable[[str], Database] = connect
    begins: Callable[[Path], None] = nothing
    """Called with a new database file, before the run."""
    ends: Callable[[Path], None] = nothing
    """Called with the database file, before the service goes on a minute later."""
    is_over: Callable[[], None] = lambda: None
    """Called at the end of a run: nothing may have noticed the trouble."""


@dataclass(slots=True)
class Fuse:
    """Counts the steps of a process. Something happens at one of them; 0: nothing does."""

    at: int
    blow: Callable[[], None]
    steps: int = 0
    where: str = ""
    """Which step it was: the beginning of a statement, or empty for a commit and a text."""

    def step(self, *about: object) -> None:
        """Take a step. `about` is what SQLAlchemy says of a statement."""
        self.steps += 1
        if self.steps == self.at:
            self.where = " ".join(str(about[2]).split())[:60] if len(about) > 2 else ""
            self.blow()

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
    taken: list[str]
    """The ids that it has given to texts."""

    def send(self, to: Msisdn, text: str, ref: str = "", sender: str = "") -> str:
        """Send a text."""
        self.fuse.step()
        id = self.gateway.send(to, text, ref, sender)
        self.taken.append(id)
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
    trouble: Trouble
    floods: bool
    """Whether all texts and receipts come before a worker works, which then does several in one transaction."""
    taken: list[str] = field(default_factory=list)
    shown: set[str] = field(default_factory=set)
    asked: int = 0
    """The number of steps until the caller had asked."""

    def begin(self) -> None:
        """Start a process that has only the database, the content and the keys."""
        world = self.world
        db = self.trouble.opens(f"sqlite:///{self.path}").with_contact_key(world.config.contact_key.get_secret_value())
        db = db.timed_by(world.clock)
        self.fuse.wire(db)
        public = replace(world.public, ctx=replace(world.public.ctx, db=db), limits=Limits(world.config, world.clock))
        dialogue = world.work.inbound.dialogue
        dialogue = replace(dialogue, ctx=replace(dialogue.ctx, db=db))
        inbound = replace(world.work.inbound, dialogue=dialogue)
        outgoing = replace(world.work.outgoing, routes=routes_of(DyingGateway(world.gateway, self.fuse, self.taken)))
        self.world = replace(
            world, db=db, public=public, work=replace(world.work, db=db, inbound=inbound, outgoing=outgoing)
        )

    def close(self) -> None:
        """End the process."""
        self.world.db.dispose()

    def survives(self, act: Callable[[], object]) -> bool:
        """Do something. Return whether the service survived it; if not, it goes on a minute later."""
        try:
            act()
        except self.trouble.shows:
            if self.trouble.restarts:
                self.close()
            self.trouble.ends(self.path)
            self.world.clock.at += LEASE
            if self.trouble.restarts:
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
        self.again_if_it_died(self.work)

    def work(self) -> None:
        """Do all due work: row by row, or job by job as workers do. These do several rows in one transaction."""
        if not self.floods:
            self.world.run()
        work = self.world.work
        while self.floods and (due := work.due()) and sum(work.drain(job=job) for job, _ in due):
            pass  # until all that is left waits for a text in the hands of a worker, which may have died

    def text(self, sms: IncomingSms) -> None:
        """Receive a text."""
        self.world.public.sms("at", sms)

    def report(self, id: str) -> None:
        """Receive the report that a text has arrived."""
        self.world.public.receipt("at", Receipt(id, Delivery.DELIVERED))

    def answer_offer(self, *texts: tuple[str, str]) -> None:
        """Send texts, each with its id, from the service with the newest offer. The gateway repeats what is not taken.

        In a flood the receipts of all texts so far come with them.
        """
        offers = (
            (to, says(self.world.public.ctx.book, "to_ngo.offer", text)) for to, text in self.world.gateway.sent[::-1]
        )
        found = next(((to, slots["offer"]) for to, slots in offers if slots), None)
        if found is None:
            return
        for id in self.taken if self.floods else ():
            self.again_if_it_died(partial(self.report, id))
        for id, verb in texts:
            self.again_if_it_died(partial(self.text, IncomingSms(id, msisdn(found[0]), Hidden(f"{verb} {found[1]}"))))
        self.again_if_it_died(self.work)

    def run(self) -> None:
        """Do all of it, then wait a quarter of an hour."""
        yes = (("yes", "ДА"), ("yes", "ДА"), ("yes again", "ДА"), ("number", "НОМЕР"))
        self.ask()
        self.answer_offer(("no", "НЕТ"))
        for texts in (yes,) if self.floods else ((each,) for each in yes):
            self.answer_offer(*texts)
        self.again_if_it_died(lambda: self.world.wait(minutes=15))

    def faults(self, texts: int) -> list[str]:
        """Return the faults, and then the story of each request. `texts` is how many texts leave if nothing dies."""
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
            stories = [line for row in requests for line in story(tx, row.id)]
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
        wrong = [what for what, holds in held.items() if not holds]
        return wrong and [*wrong, *stories]


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs the same request with trouble at any step."""

    world: World
    template: Path
    folder: Path
    """Where the copy of the template is used."""
    trouble: Trouble = Trouble()
    floods: bool = False

    def __call__(self, at: int, texts: int = 0, *, returns: bool = True) -> tuple[list[str], Run]:
        """Run it with trouble at one step. Return the faults."""
        path = self.folder / "one.sqlite3"
        for old in path.parent.glob("one.sqlite3*"):
            old.unlink()
        shutil.copy(self.template, path)
        self.trouble.begins(path)
        self.world.clock.at = MORNING
        self.world.gateway.sent.clear()
        self.world.gateway.sent_at.clear()
        life = Run(self.world, path, Fuse(at, self.trouble.happens), returns, self.trouble, self.floods)
        life.begin()
        with closing(life):
            life.run()
            self.trouble.is_over()
            return life.faults(texts), life
