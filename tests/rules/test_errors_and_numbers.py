"""The rules about emergency numbers and honest errors: R19."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from helpline.content.sources import load_country
from helpline.core.config import Config
from helpline.core.phone_numbers import can_be_called, msisdn
from helpline.store.engine import Database
from helpline.store.schema import request
from tests.world import CALL_ME, HOME, World, contents


@pytest.mark.parametrize("number", ["", "anonymous", "+4915112345678", "12345", "+996", "+99670012345678901"])
def test_r19_any_number_gets_the_menus_and_the_emergency_screen(world: World, number: str) -> None:
    """Withheld, foreign or impossible numbers: only *call me* refuses, and shows other numbers."""
    emergency = "112" if number.startswith("+49") else "102"
    call = world.dial(number).press(*HOME)
    assert call.text.startswith("Чем помочь?")
    assert emergency in world.dial(number).press("8").text
    call.press("2")
    assert call.reply.last
    assert emergency in call.text
    assert world.rows(request) == []


@pytest.mark.parametrize(
    ("number", "emergency"),
    [
        ("+79161234567", "помощь/help 112?"),
        ("+821012345678", "полиция/police 112?, врач/doctor 119?"),
        ("+971501234567", "полиция/police 999?, врач/doctor 998?"),
        ("+4915112345678", "помощь/help 112?"),
        ("+996700123456", "милиция/police 102?, врач/doctor 103?"),
    ],
)
def test_r19_a_caller_abroad_sees_the_numbers_that_work_there(world: World, number: str, emergency: str) -> None:
    """Also in a country that is not listed. No short code of home is among them."""
    text = world.dial(number).press("8").text
    assert emergency in text
    assert ("189" in text) == number.startswith("+996")


def test_r19_key_8_shows_the_emergency_number_without_a_database(world: World) -> None:
    """It is answered when nothing else works."""
    world.db.dispose()
    gone = replace(world.public, ctx=replace(world.public.ctx, db=Database(sa.create_engine("sqlite:////nowhere/x"))))
    world.public = gone
    assert "102" in world.dial().press("8").text


def test_r19_a_caller_is_told_that_nothing_could_be_stored_and_sees_numbers(world: World) -> None:
    """No code and no promise, but the truth, an emergency number and the direct line."""
    broken = Database(sa.create_engine("sqlite:////nowhere/x"))
    world.public = replace(world.public, ctx=replace(world.public.ctx, db=broken))
    call = world.dial().press(*CALL_ME).agree()
    assert call.text.startswith("Стоп звонкам: в меню.")
    call.press("1")
    assert call.text == "Сбой. Наберите снова. Опасно: 102?, 103?. Поговорить: 189?."
    assert call.reply.last


def test_r19_a_failed_change_does_not_say_that_nothing_is_stored(world: World) -> None:
    """Code and words were shown, then the database fails. The request remains, and the screen says so."""
    call = world.ask(last=False)
    broken = Database(sa.create_engine("sqlite:////nowhere/x"))
    world.public = replace(world.public, ctx=replace(world.public.ctx, db=broken))
    assert call.press("1").text == "Не вышло, простите. Прежняя просьба осталась. Опасно: 102?, 103?."


def test_r19_production_refuses_unverified_numbers() -> None:
    """Each is named. The demo marks them."""
    from helpline.content.loading import blockers

    config = Config(channels=("africastalking",))
    faults = blockers(config, contents(config))
    assert [fault for fault in faults if "R19" in fault]
    assert all(number in " ".join(faults) for number in ("102", "103", "189"))
    assert blockers(Config(), contents(Config())) == []
    assert "102?" in contents(Config()).book.pages["ru"]["start.emergency"][0].text


@pytest.mark.parametrize(
    ("number", "country", "can"),
    [
        ("+996700123456", "KG", True),
        ("+996700123456", "TJ", False),  # foreign in that country
        ("+77011234567", "KZ", True),
        ("+79161234567", "KZ", False),  # shares +7, but is in Russia
        ("996700123456", "KG", False),  # no plus
        ("+99670012345", "KG", False),  # too short
        ("+996700123456\n", "KG", False),
        ("+٩٩٦٧٠٠١٢٣٤٥٦", "KG", False),  # Arabic-Indic digits
        ("anonymous", "KG", False),
        ("+996000111001", "KG", False),  # made up: only the demo takes these
    ],
)
def test_can_be_called(number: str, country: str, can: bool) -> None:
    """Whether an NGO of the country could call the number."""
    assert can_be_called(msisdn(number), country) is can


def test_every_country_file_is_complete() -> None:
    """Every region has a name in every offered language."""
    from helpline.content.sources import ROOT

    for code in ("KG", "TJ"):
        country = load_country(ROOT, code)
        assert all(set(country.languages) <= set(region.name) for region in country.regions)
        assert country.capital in {region.code for region in country.regions}
