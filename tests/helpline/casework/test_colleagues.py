"""PRO: a colleague of the directory is called back and gets texts. From any other telephone it is no word (R26)."""

import pytest

from helpline.casework.colleagues import TEXTS
from helpline.staff import contacts
from helpline.store.schema import message
from menus.gsm7 import parts
from tests.helpline.casework.test_desk import FIRST, SECOND
from tests.helpline.messaging.test_unreached import cut_off
from tests.menus.test_keywords import DATA
from tests.steps.caller import recipients
from tests.steps.desk import DESK, says
from tests.world import CALLER, OTHER, World

ASKED = "OK: a coordinator will call this phone."
CHOICE = "To read: PRO 1 teacher, PRO 2 doctor, PRO 3 officer, PRO 4 employer"
PRO = [word for words in DATA["ngo"]["pro"].values() for word in words]


def test_r26_a_coordinator_is_told_the_telephone_of_the_directory(world: World) -> None:
    assert says(world, "PRO") == [ASKED, CHOICE]
    assert recipients(world, "to_ngo.colleague") == [FIRST]
    assert world.inbox(world.phone(FIRST)) == [f"Пример Вся страна просит вас позвонить: {world.phone(DESK)}"]


@pytest.mark.parametrize("words", [*PRO, "PRO 1", "pro 4", "PRO 12345"])
def test_r26_any_other_telephone_gets_what_any_unknown_word_gets(world: World, words: str) -> None:
    """Nobody who tries it learns that there is such a word, or who is in the directory."""
    world.text(CALLER, words)
    letters = "хм" if any(letter >= "\u0400" for letter in words) else "hm"
    world.text(OTHER, letters)
    assert world.inbox(CALLER) == world.inbox(OTHER)
    assert recipients(world, "to_ngo.colleague") == []


def test_a_coordinator_is_told_of_the_same_telephone_once_an_hour(world: World) -> None:
    """A sender can be forged."""
    for _ in range(3):
        assert says(world, "pro") == [ASKED, CHOICE]
    assert recipients(world, "to_ngo.colleague") == [FIRST]
    says(world, "pro", world.phone("kg-bishkek"))
    world.wait(minutes=61)
    says(world, "pro")
    assert recipients(world, "to_ngo.colleague") == [FIRST] * 3


def test_a_coordinator_is_called_by_another_one(world: World) -> None:
    says(world, "про", world.phone(FIRST))
    assert recipients(world, "to_ngo.colleague") == [SECOND]


def test_no_call_is_promised_that_nobody_makes(world: World) -> None:
    with world.db.write() as tx:
        contacts.delete(tx, [FIRST, SECOND])
    assert says(world, "pro") == [CHOICE]


@pytest.mark.parametrize("digit", TEXTS)
def test_a_digit_gets_its_text_in_five_parts_at_most(world: World, digit: str) -> None:
    (text,) = says(world, f"PRO {digit}", world.phone("kg-bishkek"))
    book = world.public.ctx.book
    assert text == book.notice("ru", TEXTS[digit])
    assert len(parts(text)) <= 5


def test_a_text_to_a_colleague_needs_no_coordinator(world: World) -> None:
    says(world, "PRO 3")
    assert [row.notice for row in world.rows(message)] == ["to_pro.officer"]


def test_a_coordinator_who_asks_is_never_asked_to_call_themselves(world: World) -> None:
    """Not even if the text does not reach the other one."""
    log = cut_off(world, FIRST)
    says(world, "pro", world.phone(SECOND))
    assert recipients(world, "to_ngo.colleague") == [FIRST]
    assert "no_coordinator" in dict(log)


def test_a_text_that_reached_nobody_does_not_count(world: World) -> None:
    """The next PRO tries again, since nobody has heard of the first."""
    usual = world.work
    cut_off(world, FIRST, SECOND)
    says(world, "pro")
    assert recipients(world, "to_ngo.colleague") == [FIRST, SECOND]
    world.work = usual
    says(world, "pro")
    assert recipients(world, "to_ngo.colleague") == [FIRST, SECOND, FIRST]
    says(world, "pro")
    assert recipients(world, "to_ngo.colleague") == [FIRST, SECOND, FIRST], "now somebody was told"
