"""The list of services that a family reads without a request: R21, R25, R40, R41 and R42."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from helpline.core.config import Config
from helpline.directory import services as service_rows
from helpline.directory.service import Service
from helpline.matching.ranking import told_to_anybody
from helpline.store.engine import Database
from helpline.store.schema import request
from tests.helpline.matching.test_matching import FRESH, KG, service
from tests.world import MORNING, World, contents, listed

KEYS = ("2", "5", "9", "4", "1")
"""Russian, for family, more, services, Bishkek."""


def told(each: Service, region: str = "KG-GB") -> bool:
    """Whether a service is in the list of a region."""
    return told_to_anybody([each], region, KG, MORNING, FRESH) == [each]


def of_lawyers(**changed: object) -> Service:
    """Return a service that is in the list."""
    return service(needs=frozenset({"legal"}), public_phone="+996000700009", **changed)


@pytest.mark.parametrize(
    "changed",
    [{"needs": frozenset({"legal", "safe_place"})}, {"hides_place": True}],
    ids=["a safe place", "its place is secret"],
)
def test_r41_no_shelter_is_told_to_a_family_not_even_its_telephone(changed: Mapping[str, object]) -> None:
    """The caller may be the person that somebody has fled from (R25)."""
    assert told(of_lawyers())
    assert not told(replace(of_lawyers(), **changed))  # type: ignore[arg-type]


def test_r41_a_telephone_that_a_shelter_shares_is_told_to_nobody() -> None:
    """The shelter may answer it."""
    shelter = replace(of_lawyers(), id="shelter", needs=frozenset({"safe_place"}))
    assert told_to_anybody([shelter, of_lawyers()], "KG-GB", KG, MORNING, FRESH) == []


def test_r41_a_service_that_was_saved_before_it_could_say_so_counts_as_hidden() -> None:
    """Until the directory is imported again."""
    facts = service_rows.facts_of(of_lawyers())
    assert not service_rows.service_of("one", facts).is_shelter
    del facts["hides_place"]
    assert service_rows.service_of("one", facts).is_shelter


@pytest.mark.parametrize(
    "changed",
    [
        {"public_phone": ""}, {"status": "inactive"}, {"kind": "state"}, {"kind": "police"},
        {"after_contact": frozenset({"reports_to_police"})}, {"after_contact": frozenset({"needs_official_status"})},
        {"assured": date(2026, 1, 1)}, {"regions": frozenset({"KG-O"})},
    ],
    ids=str,
)  # fmt: skip
def test_r21_r40_only_a_service_that_anybody_may_call_is_told(changed: Mapping[str, object]) -> None:
    """Its telephone may be told, it was checked lately, it is an NGO, and nothing follows that must be read first."""
    assert not told(replace(of_lawyers(), **changed))  # type: ignore[arg-type]


def save(world: World, *each: Service) -> None:
    """Save services in the directory."""
    with world.db.write(world.clock()) as tx:
        for one in each:
            service_rows.write(tx, "KG", replace(one, assured=world.clock().date()))


def test_the_list_goes_on_over_three_screens_and_each_service_stands_once(world: World) -> None:
    """In the order of distance. More than fit are left out, and nothing is stored of the caller."""
    save(
        world,
        *(of_lawyers(id=f"law-{at}", names={"ru": f"Юристы {at}"}, at=(42.87, 74.59 + at / 1000)) for at in range(9)),
    )
    call = world.dial().press(*KEYS)
    seen = [call.text, call.press("9").text, call.press("9").text]
    assert [[at for at in range(9) if f"Юристы {at}" in text] for text in seen] == [[0], [1], [2]]
    assert "Юристы 0" in call.press("0", "0").text
    world.run()
    assert world.rows(request) == []


@pytest.mark.parametrize(("place", "region"), [("1", "Бишкек"), ("2", "город Ош")])
def test_the_demo_names_a_service_to_families_in_the_two_cities(world: World, place: str, region: str) -> None:
    """The other services there offer a safe place, so that they are told to nobody (R41)."""
    call = world.dial().press(*KEYS[:-1])
    assert f"{place} {region}" in call.text
    assert call.press(place).text.startswith("Пример Семья: +996000700006")
    world.run()
    assert world.rows(request) == []


@pytest.mark.parametrize("code", ["KG", "KZ", "TJ", "TM", "UZ"])
def test_the_demo_of_each_country_names_a_service_to_families_in_the_capital(code: str) -> None:
    """Read as the menu does: no shelter, no telephone of one."""
    country = contents(Config(country=code)).matching
    services, _ = listed(code, country.zone, MORNING.date())
    assert told_to_anybody(services, country.capital, country, MORNING, FRESH)


def test_r42_a_service_for_women_only_says_so(world: World) -> None:
    """Whoever reads it may be a man."""
    save(world, of_lawyers(id="law", names={"ru": "Юристы"}, serves=frozenset({"women"})))
    assert "Для женщин: Юристы" in world.dial().press(*KEYS).text


def test_r19_without_the_database_the_list_names_nobody_and_the_menu_goes_on(world: World) -> None:
    """The other numbers need no database."""
    save(world, of_lawyers(id="law", names={"ru": "Юристы"}))
    broken = Database(sa.create_engine("sqlite:////nowhere/x"))
    world.public = replace(world.public, ctx=replace(world.public.ctx, db=broken))
    call = world.dial().press(*KEYS)
    assert call.text.startswith("Мы не знаем, кому там позвонить.")
    assert "102" in call.press("1", "0").text
