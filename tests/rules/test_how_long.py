"""R34: a number is deleted when its request ends, by day 14, or by day 30 while a service helps the caller."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from helpline.content import loading
from helpline.core.config import Config
from helpline.store.engine import Database
from helpline.store.schema import outbox as outbox_table
from helpline.store.schema import request, vault
from tests.steps.desk import only, says, shown
from tests.world import STOPPED, World

SENTENCE = (
    "A number is deleted when its request ends, and after 14 days at the latest. While a service that reached the"
    " caller is still helping, it is deleted 30 days after the request at the latest."
)
PAGES = ("README.md", "docs/privacy.md", "docs/threats.md", "docs/rules.md", "docs/quickstart.md")
AT_MOST = {
    "ru": "до 30 дней", "kk": "ең көп 30 күн", "ky": "эң көп 30 күн", "tg": "то 30 рӯз", "uz": "ko'pi bilan 30 kun",
    "uz_Cyrl": "30 кунгача", "tk": "iň köp 30 gün", "tk_gsm": "in köp 30 gün", "en": "30 days at most",
}  # fmt: skip
"""How the first consent screen names the longest time, in each language."""
ONE_AT_A_TIME = {
    "ru": "одной службе за раз", "kk": "бір сәтте бір ұйымда", "ky": "бир учурда бир кызмат",
    "tg": "дар як вақт ба як ташкилот", "uz": "bir vaqtda bitta yordam xizmati", "uz_Cyrl": "бир вақтда бир хизматда",
    "tk": "bir wagtda bir gulluk", "tk_gsm": "bir wagtda bir gulluk", "en": "One help service at a time",
}  # fmt: skip
"""How it says that the number goes to one service at a time, in each language."""


@pytest.fixture
def world(db: Database) -> World:
    """Claims may be silent for long, and coordinators are rarely called."""
    return World.on(db, page_again_minutes=720, silent_hours=1000)


def waits(world: World) -> None:
    """The request waits, and no row wakes it any more but the end of its consent."""
    world.ask()
    with world.db.write() as tx:
        tx.execute(sa.delete(outbox_table).where(outbox_table.c.kind == "attend"))


def is_claimed(world: World) -> None:
    """A service has the number, and reports nothing."""
    shown(world)


def is_stranded(world: World) -> None:
    """No service is left."""
    only(world)
    world.ask()
    world.run()
    assert world.state() == "stranded"


def is_paused(world: World) -> None:
    """The caller pressed *do not ring*."""
    world.ask()
    world.run()
    world.dial().press(*STOPPED)
    world.run()
    assert world.state() == "paused"


def is_frozen(world: World) -> None:
    """Somebody else answered."""
    says(world, f"STRANGER {shown(world)}")
    assert world.state() == "frozen"


def is_helped(world: World) -> None:
    """A service reached the caller on the first day, and follows."""
    says(world, f"REACHED {shown(world)}")


def is_reached_late(world: World) -> None:
    """A service reaches the caller on the thirteenth day."""
    code = shown(world)
    world.wait(days=13)
    says(world, f"NUMBER {code}")
    says(world, f"REACHED {code}")
    assert world.state() == "reached"


def is_helped_then_stopped(world: World) -> None:
    """A service follows until the caller presses *do not ring* on the twentieth day: nobody helps any more."""
    is_helped(world)
    world.wait(days=20)
    assert len(world.rows(vault)) == 1
    world.dial().press(*STOPPED)
    world.run()


def is_done(world: World) -> None:
    """A service reached the caller, and helped until the fifth day."""
    code = shown(world)
    says(world, f"REACHED {code}")
    world.wait(days=5)
    assert len(world.rows(vault)) == 1
    says(world, f"DONE DONE {code}")


@pytest.mark.parametrize(
    ("begin", "last"),
    [
        (waits, 14), (is_claimed, 14), (is_stranded, 14), (is_paused, 14), (is_frozen, 14), (is_helped, 30),
        (is_reached_late, 30), (is_helped_then_stopped, 20), (is_done, 5),
    ],
)  # fmt: skip
def test_r34_a_number_is_deleted_on_exactly_this_day(
    world: World, begin: Callable[[World], None], last: int
) -> None:  # fmt: skip
    """Walk day by day. A minute before the day it is still stored, a minute after it is gone."""
    asked = world.clock()
    begin(world)
    for day in range(1, 32):
        for at in (timedelta(days=day, minutes=-1), timedelta(days=day, minutes=1)):
            if asked + at > world.clock():
                world.wait(asked + at - world.clock())
                sweep(world)
                assert len(world.rows(vault)) == (at < timedelta(days=last)), f"day {day}"


@pytest.mark.parametrize(("begin", "last"), [(waits, 14), (is_claimed, 14), (is_helped, 30), (is_reached_late, 30)])
def test_r34_the_sweep_deletes_a_number_whose_rows_are_lost(
    world: World, begin: Callable[[World], None], last: int
) -> None:  # fmt: skip
    """No row of the outbox is left that would end the request."""
    asked = world.clock()
    begin(world)
    with world.db.write() as tx:
        tx.execute(sa.delete(outbox_table))
    world.wait(asked + timedelta(days=last, minutes=-1) - world.clock())
    sweep(world)
    assert len(world.rows(vault)) == 1
    world.wait(minutes=1)
    sweep(world)
    assert world.rows(vault) == []
    assert {row.state for row in world.rows(request)} <= {"closed", "expired"}


def sweep(world: World) -> None:
    """Do once what a worker does every ten minutes."""
    with world.db.write(world.clock()) as tx:
        world.work.erasure.erase(tx)
    world.run()


@pytest.mark.parametrize("country", ["KG", "KZ", "TJ", "TM", "UZ"])
def test_r28_r34_the_first_consent_screen_says_who_gets_the_number_and_how_long(country: str) -> None:
    """In every language, also after a wrong key: one service at a time, and the longest time. Never *only one*."""
    book = loading.load(Config(country=country)).book
    assert set(book.languages) <= set(AT_MOST)
    for language in book.languages:
        (first,) = book.pages[language][book.tree.consent]
        for said in (first.text, first.wrong):
            assert has(said, ONE_AT_A_TIME[language]), (language, said)
            assert has(said, AT_MOST[language]), (language, said)


def has(screen: str, words: str) -> bool:
    """Whether a screen says something, in small or capital letters."""
    return words.casefold() in screen.casefold()


@pytest.mark.parametrize("page", PAGES)
def test_r34_every_page_names_the_same_times(page: str) -> None:
    """One wording, so that no page promises more than another."""
    text = re.sub(r"\s+", " ", re.sub(r"\[\^[\w-]+\]", "", Path(page).read_text()))
    assert SENTENCE in text
    assert "only one service" not in text.casefold()
