"""Which services are available tonight, and which places none covers."""

from datetime import UTC, datetime, time, timedelta

import pytest

from helpline.core.call_windows import Span
from helpline.directory.opening_hours import Opening
from helpline.oversight.tonight import night_span, services_tonight, unattended, uncovered, without_telephones
from tests.helpline.matching.test_matching import ALWAYS, FRESH, KG, service
from tests.world import MORNING

ZONE = "Asia/Bishkek"
TONIGHT = night_span(MORNING, ZONE)
PLACES = {"KG-GB": [], "KG-GO": ["GO-1", "GO-2"], "KG-Y": ["Y-1"]}


@pytest.mark.parametrize(
    ("hour", "begins", "ends"),
    [(10, "24 17:00", "25 08:00"), (19, "24 19:00", "25 08:00"), (7, "24 07:00", "24 08:00"), (0, "24 00:00", "24 08:00"),
     (8, "24 17:00", "25 08:00")],
)  # fmt: skip
def test_tonight_is_the_present_or_the_next_night(hour: int, begins: str, ends: str) -> None:
    here = timedelta(hours=6)
    span = night_span(datetime(2026, 11, 24, hour, tzinfo=UTC) - here, ZONE)
    assert tuple(f"{at + here:%d %H:%M}" for at in (span.start, span.end)) == (begins, ends)


def test_a_service_is_open_closed_full_or_unchecked() -> None:
    day = (Opening(ALWAYS[0].days, time(9), time(17)),)
    found = services_tonight(
        [
            service(id="there"), service(id="shut", schedule=day), service(id="full"), service(id="rings-nobody", callback=False),
            service(id="unchecked", assured=MORNING.date() - timedelta(days=FRESH + 1)), service(id="gone", status="inactive"),
        ],
        MORNING, TONIGHT, FRESH, {"full"},
    )  # fmt: skip
    assert [(each.service.id, each.why) for each in found] == [
        ("there", ""), ("shut", "shut"), ("full", "full"), ("unchecked", "unchecked"),
    ]  # fmt: skip
    assert found[0].open == [Span(TONIGHT.start, TONIGHT.start + timedelta(hours=4))]


def test_the_hours_in_which_nobody_is_open_are_named() -> None:
    early = (Opening(ALWAYS[0].days, time(6), time(7)),)
    found = services_tonight([service(id="evening"), service(id="early", schedule=early)], MORNING, TONIGHT, FRESH, ())
    evening, seven = TONIGHT.start + timedelta(hours=4), TONIGHT.end - timedelta(hours=1)
    assert unattended(found, TONIGHT) == [Span(evening, seven - timedelta(hours=1)), Span(seven, TONIGHT.end)]
    assert unattended([], TONIGHT) == [TONIGHT]


def test_a_service_without_a_telephone_on_duty_covers_nothing() -> None:
    """No text about a request reaches it, so the page must not count it among the open ones."""
    found = without_telephones(services_tonight([service(regions=frozenset())], MORNING, TONIGHT, FRESH, ()), ())
    assert [each.why for each in found] == ["no_telephone"]
    assert unattended(found, TONIGHT) == [TONIGHT]
    assert uncovered(found, KG, PLACES) == list(PLACES)
    assert without_telephones(found, {found[0].service.id}) == found
    closed = services_tonight([service(schedule=())], MORNING, TONIGHT, FRESH, ())
    assert [each.why for each in closed] == ["shut"]
    assert [each.why for each in without_telephones(closed, ())] == ["no_telephone"], "it gets none by day either"


@pytest.mark.parametrize(
    ("regions", "lacking"),
    [
        ((), ["KG-GB", "KG-GO", "KG-Y"]),
        (({"KG-GB"},), ["KG-GO", "KG-Y"]),
        (({"KG-GB"}, {"GO-1"}), ["GO-2", "KG-Y"]),
        (({"KG-GB", "KG-GO", "KG-Y"},), []),
        ((set(),), []),
    ],
)
def test_an_uncovered_region_is_named_or_else_its_districts(regions: tuple[set[str], ...], lacking: list[str]) -> None:
    listed = [service(id=f"s{at}", regions=frozenset(each)) for at, each in enumerate(regions)]
    assert uncovered(services_tonight(listed, MORNING, TONIGHT, FRESH, ()), KG, PLACES) == lacking


def test_r30_lines_of_the_state_and_closed_services_cover_no_place() -> None:
    listed = [service(regions=frozenset(), kind="state"), service(regions=frozenset(), schedule=())]
    assert uncovered(services_tonight(listed, MORNING, TONIGHT, FRESH, ()), KG, PLACES) == list(PLACES)
