"""Before the line is open, callers see the emergency number. No fault ever closes a line that was opened."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import NoReturn

import pytest
from pydantic import SecretStr
from sqlalchemy.exc import OperationalError

from helpline.caller.gate import LOOK_SECONDS, RELAX_SECONDS, Gate, rehearsal_numbers
from helpline.core.config import Config
from helpline.core.phone_numbers import msisdn
from helpline.core.ports import Ended
from helpline.store import launch
from helpline.store.engine import Database, Tx
from helpline.store.schema import cry, dialogue, talk, vault
from tests.world import CALLER, OTHER, World

STAFF = "+996000111009"
REHEARSAL = SecretStr(f"{STAFF}, +99600nonsense,")


@dataclass(slots=True)
class Line:
    """A gate with a database that may be away, and a clock."""

    gate: Gate
    db: Database
    now: float = 0.0
    away: bool = False

    def read(self) -> AbstractContextManager[Tx]:
        """Open a transaction, as the database does."""
        return self._fail() if self.away else self.db.read()

    def _fail(self) -> NoReturn:
        raise OperationalError("select", {}, Exception("away"))

    def wait(self, seconds: float) -> bool:
        """Wait, and return whether a caller is admitted then."""
        self.now += seconds
        return self.gate.admits(msisdn(CALLER))

    def set(self, *, closed: bool) -> None:
        """Close or open the line."""
        with self.db.write() as tx:
            launch.close(tx, "aida") if closed else launch.open_up(tx)


@pytest.fixture
def line(clean_sqlite: Database) -> Line:
    """A gate as production has it, on a new database."""
    made = Line(Gate(clean_sqlite, always_open=False, rehearsal=(msisdn(STAFF),)), clean_sqlite)
    made.gate = replace(made.gate, db=made, seconds=lambda: made.now)  # type: ignore[arg-type]  # it only reads
    return made


def test_a_new_line_is_closed_and_answers_soon_after_it_was_opened(line: Line) -> None:
    assert not line.wait(0)
    line.set(closed=False)
    assert not line.wait(LOOK_SECONDS - 1)
    assert line.wait(1)
    line.set(closed=True)
    assert line.wait(RELAX_SECONDS - 1)
    assert not line.wait(1)
    assert line.gate.reasons() == [launch.NOT_OPEN]


def test_r19_no_fault_of_the_database_closes_a_line(line: Line) -> None:
    """A web that starts while the database is away shows menus. It stores nothing, and says so."""
    line.away = True
    assert line.wait(0)
    line.away = False
    line.set(closed=False)
    assert line.wait(RELAX_SECONDS)
    line.away = True
    assert line.wait(RELAX_SECONDS)
    assert line.wait(RELAX_SECONDS)


def test_a_web_that_started_without_its_database_learns_soon_that_the_line_was_never_opened(line: Line) -> None:
    line.away = True
    assert line.wait(0)
    line.away = False
    assert line.wait(LOOK_SECONDS - 1)
    assert not line.wait(1)


def test_a_line_that_was_closed_stays_so_while_the_database_is_away(line: Line) -> None:
    assert not line.wait(0)
    line.away = True
    assert not line.wait(RELAX_SECONDS)
    assert line.gate.admits(msisdn(STAFF))


def test_a_slip_in_the_rehearsal_numbers_changes_nothing_else() -> None:
    config = Config(rehearsal_numbers=REHEARSAL)
    assert [number.reveal() for number in rehearsal_numbers(config)] == [STAFF]
    assert STAFF not in repr(config)


def production(db: Database) -> World:
    """Return a service in production whose line is not open."""
    with db.write() as tx:
        launch.close(tx, "komek")
    return World.on(db, channels=("africastalking",), rehearsal_numbers=REHEARSAL)


def test_r19_a_line_that_is_not_open_shows_the_emergency_number(db: Database) -> None:
    """Whatever is pressed, nothing is stored. Telephones of the rehearsal get the menus."""
    world = production(db)
    call = world.dial()
    assert call.reply == world.public.emergency()
    assert call.reply.last
    assert "102" in call.text
    assert call.ahead("2", "2", "1").reply == world.public.emergency()
    world.public.ended("at", Ended("s1", ("2",)))
    assert world.rows(talk) == world.rows(vault) == []
    assert not world.dial(STAFF).reply.last
    assert "102" not in world.dial(STAFF).text


def test_r18_a_stop_counts_before_the_line_is_open(db: Database) -> None:
    """A text with a word of danger reaches a person, and every other text gets no reply."""
    before = World.on(db)
    before.ask()
    before.run()
    world = production(db)
    world.text(CALLER, "call")
    world.text(OTHER, "hello")
    assert world.rows(dialogue) == []
    world.text(CALLER, "stop")
    assert world.state() == "paused"
    assert world.rows(cry) == []
    world.text(OTHER, "danger")
    assert len(world.rows(cry)) == 1
    assert world.inbox(CALLER) == world.inbox(OTHER) == []


def test_the_demo_is_always_open(db: Database) -> None:
    with db.write() as tx:
        launch.close(tx, "komek")
    assert not World.on(db).dial().reply.last
