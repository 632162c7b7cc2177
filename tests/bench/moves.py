"""`komek bench moves`: how often each way through the service goes from one file of the project to another.

A way that stays long in one file is easy to follow: one reads that file. For each way two counts are printed: the files
that it enters, and the moves between them. A move is a call of a function in another file than the call before it.
Code of libraries does not count, nor does that which runs the statements as a library did before (`STATEMENTS`): nobody
opens it to follow a way. Nothing is timed, so the counts hardly depend on the machine.
"""

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import sqlalchemy as sa

from helpline.casework import reassign
from helpline.core.phone_numbers import Hidden, msisdn
from helpline.core.ports import IncomingSms
from helpline.staff import people
from helpline.staff.roles import Role
from helpline.store.connection import connect
from helpline.store.engine import Database
from helpline.store.migrate import upgrade
from helpline.store.schema import offer
from tests.bench.bars import far_beyond, judged
from tests.conftest import compiled_once
from tests.gateway.console.cases_office import CaseOffice
from tests.world import OTHER, World, keys

ROOT = f"{Path(__file__).parents[2]}/"
PACKAGES = ("gateway/", "helpline/", "menus/", "workers/")
STATEMENTS = tuple(
    f"helpline/store/{name}.py" for name in ("engine", "fixed", "driver", "group_commit", "right_of_way")
)
CLAIM, REVEAL, REASSIGN = "SMS in, YES: claim and card", "SMS in, NUMBER: reveal", "coordinator reassigns"
MENU, END = "USSD hop, menu only", "hop: END screen with promise"
BARS = {MENU: 14, END: 150, CLAIM: 193, REVEAL: 165, REASSIGN: 235}
"""Half of what claim, reveal and reassign took when the domain was a tower of objects (386, 331, 471 moves), and 150
instead of 259 for the END screen. A hop in the menus must not take more than it did."""


@dataclass(slots=True)
class Way:
    """The files that one way has entered, in order."""

    name: str
    entered: list[str] = field(default_factory=list)

    def __call__(self, frame: FrameType, event: str, _: object) -> None:
        """Note the call of a function of the project (`sys.setprofile`)."""
        name = frame.f_code.co_filename
        if event == "call" and name.startswith(ROOT) and name.startswith(PACKAGES, len(ROOT)):
            name = name.removeprefix(ROOT)
            if name not in STATEMENTS and self.entered[-1:] != [name]:
                self.entered.append(name)

    @property
    def moves(self) -> int:
        """The moves between files."""
        return max(len(self.entered) - 1, 0)

    def report(self, most: int) -> None:
        """Print the counts, and the files that were entered most often."""
        bar = BARS.get(self.name)
        verdict = "" if bar is None else f"   bar {bar}: {judged(self.moves, bar)}"
        print(f"{self.name:36} {len(set(self.entered)):3} files {self.moves:4} moves{verdict}")
        for name, times in Counter(self.entered).most_common(most):
            print(f"{times:12} {name}")


@contextmanager
def followed(ways: list[Way], name: str) -> Iterator[None]:
    """Follow what happens inside the `with`."""
    ways.append(Way(name))
    sys.setprofile(ways[-1])
    try:
        yield
    finally:
        sys.setprofile(None)


def calls(world: World, ways: list[Way]) -> None:
    """Follow a call from the menu to the END screen, and the offer that a worker makes of it."""
    call = world.dial()
    with followed(ways, MENU):
        call.press("4")
    with followed(ways, "hop: consent shown"):
        call.press("2")
    call.agree()
    with followed(ways, "hop: time chosen, request saved"):
        call.press("1")
    with followed(ways, END):
        call.press("0")
    with followed(ways, "worker: attend, offer, SMS leaves"):
        world.run()


def texts(world: World, ways: list[Way]) -> None:
    """Follow what a service says about that offer, by SMS, and what callers write."""
    desk, code = world.offered()
    for name, text in (
        (CLAIM, f"YES {code}"), (REVEAL, f"NUMBER {code}"), ("SMS in, outcome (BUSY)", f"BUSY {code}"),
    ):  # fmt: skip
        arrives(world, desk, text)
        with followed(ways, name):
            world.run()
    arrives(world, OTHER, "Hello")
    with followed(ways, "SMS in from a caller"):
        world.run()
    arrives(world, OTHER, "STOP")
    with followed(ways, "SMS STOP"):
        world.run()


def arrives(world: World, sender: str, text: str) -> None:
    """Receive a text that no worker has read yet."""
    world.public.sms("at", IncomingSms(f"in{next(world.sessions)}", msisdn(sender), Hidden(text)))


def console(office: CaseOffice, ways: list[Way]) -> None:
    """Follow what a service and a coordinator do at the console: the whole form, and the domain's part of it."""
    world, id = office.world, office.offered()
    _, browser = office.worker(office.service_of(id))
    browser.get(f"/cases/{id}")
    form = browser.hidden(f"/cases/{id}/claim")
    with followed(ways, "console: claim (POST)"):
        browser.post(f"/cases/{id}/claim", form)
    by = office.office.insider(Role.COORDINATOR, "coordinator").person
    with world.db.write() as tx:
        people.change(tx, by.id, {"contact": "kg-coordinator-1"})
        about = str(tx.execute(sa.select(offer.c.request)).scalar_one())
    cases = office.office.console.case_context.cases
    with world.db.write() as tx, followed(ways, REASSIGN):
        assert reassign.give(cases, tx, by, about, "kg-bishkek", "silent") is reassign.Reassigned.GIVEN
    with followed(ways, "worker: offers it on"):
        world.run()


def measure(new: Callable[[], Database]) -> list[Way]:
    """Follow every way once. Before it, each is gone once unfollowed: what is made once a process does not count."""
    for ways in (list[Way](), list[Way]()):
        world = World.on(new(), page_again_minutes=720)
        world.contacts_are(accepts_numbers_by_sms=True, language="en")
        calls(world, ways)
        texts(world, ways)
        console(CaseOffice.on(new()), ways)
    return ways


def databases(folder: Path) -> Iterator[Database]:
    """Make empty, migrated databases."""
    db = connect(f"sqlite:///{folder}/template.sqlite3")
    upgrade(db)
    db.scrub()
    db.dispose()
    for number in range(1_000):
        path = folder / f"{number}.sqlite3"
        shutil.copy(folder / "template.sqlite3", path)
        yield compiled_once(connect(f"sqlite:///{path}")).with_contact_key(keys()["contact_key"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each way. Return 1 if a bar is missed by far."""
    parser = argparse.ArgumentParser(prog="komek bench moves", description=__doc__)
    parser.add_argument("--files", type=int, default=0, help="name so many files of each way, the most entered first")
    parser.add_argument("--trail", default="", help="print all files of the ways whose name has this in it, in order")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        made = databases(Path(folder))
        ways = measure(lambda: next(made))
    for way in ways:
        way.report(chosen.files)
        if chosen.trail and chosen.trail in way.name:
            print(*way.entered, sep="\n")
    return int(far_beyond(*((way.moves, BARS[way.name]) for way in ways if way.name in BARS)))


if __name__ == "__main__":
    sys.exit(main())
