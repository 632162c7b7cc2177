"""FIGURES: a service reads its own counts of the running month by SMS, and nobody else does."""

import pytest

from helpline.oversight import published
from helpline.store.engine import Database
from menus.gsm7 import parts
from tests.helpline.casework.test_desk import FIRST
from tests.menus.test_keywords import DATA
from tests.steps.by_day import RARELY
from tests.steps.desk import DESK, says, shown
from tests.world import CALLER, OTHER, World

WORDS = [word for words in DATA["ngo"]["figures"].values() for word in words]
SAYS = "11.2026: asked {}, taken {}, reached {}, declined {}, no answer {}. Only for your team."


@pytest.fixture
def world(db: Database) -> World:
    """A service where silence is not reported during the tests."""
    return World.on(db, sweep_every=RARELY, page_again_minutes=720, silent_hours=400)


def figures(world: World) -> str:
    (reply,) = says(world, "FIGURES")
    return reply


def test_a_service_reads_what_it_was_asked_and_did(world: World) -> None:
    """Nothing is hidden because it is small: the service has seen each of these requests."""
    assert figures(world) == SAYS.format(0, 0, 0, 0, 0)
    code = shown(world)
    assert figures(world) == SAYS.format(1, 1, 0, 0, 0)
    says(world, f"REACHED {code}")
    assert figures(world) == SAYS.format(1, 1, 1, 0, 0)
    says(world, f"UNDO {code}")
    assert figures(world) == SAYS.format(1, 1, 0, 0, 0)
    says(world, f"REACHED {code}")
    world.ask(OTHER)
    world.run()
    to, second = world.offered()
    assert to == world.phone(DESK)
    says(world, f"NO {second}")
    assert figures(world) == SAYS.format(2, 1, 1, 1, 0)
    with world.db.read() as tx:
        month = published.preview(tx, "2026-11", lambda place: place, DESK)
    assert month.people.total is None, "the console hides so few"


def test_practice_and_other_months_are_not_counted(world: World) -> None:
    says(world, "DRILL")
    world.run()
    assert figures(world) == SAYS.format(0, 0, 0, 0, 0)
    world.claimed()
    assert figures(world) == SAYS.format(1, 1, 0, 0, 0)
    world.wait(days=10)
    assert figures(world) == SAYS.replace("11.", "12.").format(0, 0, 0, 0, 0)


def test_an_unanswered_offer_is_counted_when_it_goes_on(world: World) -> None:
    world.ask()
    world.run()
    assert world.offered()[0] == world.phone(DESK)
    world.wait(days=1)
    assert figures(world) == SAYS.format(1, 0, 0, 0, 1)


UNKNOWN = {"сандарыбыз": "балдарыбыз", "ҳисоботимиз": "китобимиз", "ҳисобот керак": "китоб керак"}
"""Words without a meaning, in the language of a word for figures: each is answered in its language."""


@pytest.mark.parametrize("word", [*WORDS, "FIGURES 12345"])
def test_any_other_telephone_gets_what_any_unknown_word_gets(world: World, word: str) -> None:
    world.text(CALLER, word)
    world.text(OTHER, UNKNOWN.get(word, "хм" if any(letter >= "\u0400" for letter in word) else "hm"))
    assert world.inbox(CALLER) == world.inbox(OTHER)


def test_a_coordinator_is_told_how_to_write_orders(world: World) -> None:
    """They have the figures of all services at the console."""
    assert says(world, "figures", world.phone(FIRST)) == says(world, "HELP", world.phone(FIRST))[:1]


@pytest.mark.parametrize("service", ["kg-country", "kg-bishkek", "kg-osh"])
def test_it_fits_into_two_texts(world: World, service: str) -> None:
    (reply,) = says(world, "FIGURES", world.phone(service))
    assert len(parts(reply)) <= 2
