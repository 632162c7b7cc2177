"""The rules about labels, promises, checked services and addresses: R37 to R41."""

import re
from dataclasses import replace
from datetime import timedelta

from helpline.authoring.unsaid import read_unsaid, unsaid_words
from helpline.content.sources import ROOT, read_sources
from helpline.core.config import Config
from helpline.directory.sample import sample
from helpline.matching.criteria import Criteria
from helpline.matching.ranking import promise, why_not
from helpline.store.schema import metadata
from menus.draft import ANSWERS
from tests.steps.requests import waiting_request
from tests.world import MORNING, World, contents


def test_r37_nobody_is_labelled() -> None:
    """No answer, column or text in any language uses a word for a caller."""
    assert list(unsaid_words(read_sources())) == []
    columns = (column.name for table in metadata.sorted_tables for column in table.columns)
    words = " ".join((*columns, *ANSWERS))
    assert list(read_unsaid(ROOT).in_text(words.replace("_", " "), "en", to_caller=False)) == []


def test_r39_the_promise_follows_the_schedules_and_the_card_agrees(world: World) -> None:
    """Evenings, although the only service for the need closes at six: no time can be promised."""
    call = world.ask(last=False, window="4").press("1", "0", "1", "9", "2", "9", "9", "1")
    call.press(*"000000", "1", "0")
    assert call.reply.last
    promised = re.search(r"([0-9.]+) ([0-9:]+-[0-9:]+)", call.text)
    assert promised is not None
    world.run()
    to, code = world.offered()
    world.text(to, f"ДА {code}")
    assert f"{promised[1]} {promised[2]}" in world.inbox(to)[-1]


def test_r39_without_an_open_service_there_is_no_promise() -> None:
    """If no service is open in the caller's hours, nothing is promised."""
    config = Config()
    country = contents(config).country.for_matching
    services, _ = sample("KG", "Asia/Bishkek", MORNING.date())
    day_only = [
        replace(
            s,
            schedule=tuple(
                replace(o, opens=o.opens.replace(hour=9), closes=o.closes.replace(hour=17)) for o in s.schedule
            ),
        )
        for s in services
    ]
    assert promise(services, Criteria(waiting_request(window="evening"), country, MORNING, 90)) is not None
    assert promise(day_only, Criteria(waiting_request(window="evening"), country, MORNING, 90)) is None


def test_r39_a_period_that_has_begun_is_promised_from_now_on() -> None:
    """Nobody can call in hours that are over. Of two services that are open now, the first in turn is promised."""
    country = contents(Config()).country.for_matching
    services, _ = sample("KG", "Asia/Bishkek", MORNING.date())
    found = promise(services, Criteria(waiting_request(window="any"), country, MORNING, 90))
    assert found is not None
    assert found.start == MORNING
    assert found.end > MORNING


def test_r40_a_service_not_checked_for_90_days_is_not_offered() -> None:
    """Ninety days yes, ninety-one no."""
    services, _ = sample("KG", "Asia/Bishkek", MORNING.date())
    old = replace(services[0], assured=MORNING.date() - timedelta(days=90))
    country = contents(Config()).country.for_matching
    assert why_not(old, Criteria(waiting_request(), country, MORNING, 90)) == ""
    assert why_not(
        replace(old, assured=old.assured - timedelta(days=1)), Criteria(waiting_request(), country, MORNING, 90)
    )


def test_r41_no_address_is_stored() -> None:
    """Matching has a region, a point and an entry phone, and no field for a street. (Imports: test_shelters.py.)"""
    columns = {column.name for table in metadata.sorted_tables for column in table.columns}
    assert not columns & {"address", "street", "address_1", "postal_code"}
