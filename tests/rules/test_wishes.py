"""The rules about a caller's wishes: place, helper, another phone, danger, and requests for somebody close."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from helpline.caller import receive, screens
from helpline.core.config import Config
from helpline.core.phone_numbers import can_be_called, country_of, msisdn, parse_typed
from helpline.directory import replace_directory
from helpline.directory.sample import sample
from helpline.matching.criteria import Criteria
from helpline.matching.ranking import ranked, shown_by, why_not
from helpline.store.engine import Database
from helpline.store.schema import message, offer, request, vault
from menus.draft import NO, PERMISSIONS, YES, Draft
from tests.steps.caller import AGREED, claim, recipients, save_draft, the_request
from tests.steps.requests import waiting_request
from tests.world import CALLER, MORNING, OTHER, World, contents

RUSSIA = ("Europe/Kaliningrad", "Europe/Moscow", "Asia/Vladivostok")
ABROAD = "+79161234567"
ANOTHER = "0000111003"
"""A phone of the demo, as people type it at home."""
DANGER = replace(AGREED, window="now", risk="now")


def offered_to(world: World) -> list[str]:
    """Return the services that were asked. Coordinators who were called have their own rows."""
    return [str(row.service) for row in world.rows(offer) if "coordinator" not in row.service]


def test_r03_from_abroad_nothing_is_promised_until_the_callers_hour_is_known(world: World) -> None:
    """Whatever our clock says, nobody is asked.

    Then the caller's clock counts, and only services for that country are asked.
    """
    kept = save_draft(world, caller=ABROAD, zones=RUSSIA, last=False)
    assert save_draft(world, caller=ABROAD, zones=RUSSIA, keys=5).promise is None
    assert (the_request(world).zone, the_request(world).place) == ("", "RU")
    world.run()
    assert (offered_to(world), world.state()) == ([], "stranded")
    later = save_draft(
        world, replace(AGREED, hour="7"), caller=ABROAD, zones=RUSSIA, keys=6
    )  # four o'clock in Greenwich
    assert (the_request(world).zone, later.id) == ("Europe/Moscow", kept.id)
    assert later.promise is not None
    assert later.promise.start.astimezone(ZoneInfo(later.zone)).hour == 8, "the caller's morning"
    world.run()
    assert offered_to(world) == ["kg-country"]


@pytest.mark.parametrize(("hour", "notice"), [("", "promise.now"), ("7", "promise.window")])
def test_r39_the_promise_of_a_call_now_names_no_hour_of_a_clock_that_is_not_the_callers(
    world: World, hour: str, notice: str
) -> None:
    """From abroad, without the caller's hour: the clock of home would be taken for their own."""
    saved = save_draft(world, replace(DANGER, hour=hour), caller=ABROAD, zones=RUSSIA)
    assert saved.promise is not None
    times = saved.promise.local_texts(ZoneInfo("Europe/Moscow"))
    said = screens.promise_text(world.public.ctx, "en", saved.promise, saved.zone)
    assert said == world.public.ctx.book.notice("en", notice, **(times if hour else {}))


def test_r03_abroad_the_number_leaves_in_the_callers_local_hours(world: World) -> None:
    """Eight in the morning in Bishkek is five in Moscow."""
    save_draft(world, replace(AGREED, hour="7"), caller=ABROAD, zones=RUSSIA)
    to, code = claim(world)
    for hour, sent in ((8, False), (10, False), (12, True)):
        world.set_local(hour)
        world.text(to, f"NUMBER {code}")
        assert (ABROAD in " ".join(world.inbox(to))) is sent, hour


def test_r03_a_service_reads_any_time_abroad_by_its_own_clock(world: World) -> None:
    """`8-21` would be the hours at home: in Moscow that is three hours later than in Bishkek."""
    save_draft(world, replace(AGREED, hour="7"), caller=ABROAD, zones=RUSSIA)
    world.run()
    to, _ = world.offered()
    assert ", 11:00-00." in world.inbox(to)[-1]


@pytest.mark.parametrize(
    ("country", "language"), [("KG", "ru"), ("KG", "ky"), ("KG", "uz_Cyrl"), ("KZ", "kk"), ("TM", "tk")]
)
def test_r03_no_text_to_a_service_calls_the_hours_of_a_day_always(country: str, language: str) -> None:
    """A service that reads *always* thinks that it may call at night. The room is that of six letters."""
    assert contents(Config(country=country)).book.notice(language, "windows.any") == "8-21"


def test_r03_the_zone_of_the_callers_hour_is_resolved_once(world: World) -> None:
    """Later keys of the call change nothing when the clock strikes the next hour. Another answer does."""
    draft = replace(AGREED, hour="7")
    save_draft(world, draft, caller=ABROAD, zones=RUSSIA, last=False)
    world.clock.at += timedelta(hours=1)
    save_draft(world, replace(draft, need="talk"), caller=ABROAD, zones=RUSSIA, keys=5, last=False)
    assert the_request(world).zone == "Europe/Moscow"
    save_draft(world, replace(draft, hour="15"), caller=ABROAD, zones=RUSSIA, keys=6, last=False)
    assert the_request(world).zone == "Asia/Vladivostok"


def test_r03_a_home_number_with_a_place_abroad_is_asked_too(world: World) -> None:
    """The caller has their own SIM card in Korea. Back at home in the same call, the country's zone counts again."""
    save_draft(world, replace(AGREED, place="KR"), last=False)
    assert the_request(world).zone == ""
    save_draft(world, replace(AGREED, place="KR", hour="13"), keys=5, last=False)
    assert the_request(world).zone == "Asia/Seoul"
    save_draft(world, replace(AGREED, place="KG-O", hour="13"), keys=6, last=False)
    assert (the_request(world).zone, the_request(world).hour) == ("Asia/Bishkek", "")
    save_draft(world, replace(AGREED, place="KR", hour="13"), keys=7, last=False)
    assert the_request(world).zone == "Asia/Seoul"


@pytest.mark.parametrize(
    ("place", "abroad", "fits"),
    [
        ("RU", {"RU", "KZ"}, True),
        ("TR", {"RU", "KZ"}, False),
        ("RU", (), False),  # serving the whole country is not serving abroad
        ("KG-O", {"RU"}, True),
        ("", {"RU"}, True),
        ("abroad", {"RU"}, True),  # the caller has not given the country yet
        ("abroad", (), False),
    ],
)
def test_r03_only_services_for_that_country_are_asked_abroad(place: str, abroad: set[str], fits: bool) -> None:
    """A service without regions serves the country, not others."""
    country = contents(Config()).country.for_matching
    services, _ = sample("KG", "Asia/Bishkek", MORNING.date())
    everywhere = replace(services[0], regions=frozenset(), abroad=frozenset(abroad))
    reason = why_not(everywhere, Criteria(waiting_request(place=place), country, MORNING, 90))
    assert reason == ("" if fits else "it does not serve the place")


def test_r03_without_a_service_for_that_country_a_request_is_stranded_at_once(world: World) -> None:
    """And a coordinator is told."""
    services, people = sample("KG", "Asia/Bishkek", world.clock().date())
    with world.db.write() as tx:
        replace_directory.replace_all(tx, "KG", [replace(each, abroad=frozenset()) for each in services], people)
    save_draft(world, replace(AGREED, place="RU", hour="7"))
    world.run()
    assert (world.state(), recipients(world, "to_ngo.stranded")) == ("stranded", ["kg-coordinator-1"])


@dataclass(frozen=True)
class Villages:
    """Places below regions."""

    of: Mapping[str, tuple[str, tuple[float, float] | None]]

    def region_of(self, code: str) -> str:
        return self.of[code][0] if code in self.of else ""

    def at(self, code: str) -> tuple[float, float] | None:
        return self.of[code][1] if code in self.of else None


@pytest.mark.parametrize(
    ("place", "first"),
    [
        ("KG-O-south", "south"),
        ("KG-O-north", "north"),
        ("KG-O-unmapped", "north"),  # as near as the region's own point
        ("KG-O", "north"),
    ],
)
def test_services_of_a_region_serve_its_districts_nearest_first(place: str, first: str) -> None:
    """Of two services of one region the nearer one is asked first. One of another region never is."""
    country = contents(Config()).country.for_matching
    country = replace(
        country,
        regions={**country.regions, "KG-O": (41.0, 73.0)},
        places=Villages({
            "KG-O-south": ("KG-O", (39.5, 73.0)), "KG-O-north": ("KG-O", (41.5, 73.0)), "KG-O-unmapped": ("KG-O", None),
        }),
    )  # fmt: skip
    services, _ = sample("KG", "Asia/Bishkek", MORNING.date())
    here = replace(services[0], regions=frozenset({"KG-O"}))
    both = [replace(here, id="south", at=(39.6, 73.0)), replace(here, id="north", at=(41.4, 73.0))]
    elsewhere = replace(here, id="elsewhere", regions=frozenset({"KG-GB"}), at=(39.5, 73.0))
    order = ranked([*both, elsewhere], Criteria(waiting_request(place=place), country, MORNING, 90))
    assert (order[0].id, len(order)) == (first, 2)


@pytest.mark.parametrize(
    ("wish", "sexes", "fits"),
    [
        ("woman", {"woman"}, True),
        ("woman", {"woman", "man"}, True),
        ("woman", {"man"}, False),
        ("woman", (), False),  # unknown who answers there
        ("man", {"woman"}, False),
        ("any", (), True),
        ("", (), True),
    ],
)
def test_r44_a_wish_for_a_woman_is_followed(wish: str, sexes: set[str], fits: bool) -> None:
    """Only services where a woman can answer are asked."""
    country = contents(Config()).country.for_matching
    services, _ = sample("KG", "Asia/Bishkek", MORNING.date())
    service = replace(services[0], sexes=frozenset(sexes))
    assert (why_not(service, Criteria(waiting_request(operator_sex=wish), country, MORNING, 90)) == "") is fits


@pytest.mark.parametrize(
    ("menu", "wish", "there", "fits"),
    [
        ("ru", "", ("ru",), True),
        ("ru", "", ("ky",), False),
        ("ru", "ky", ("ky",), True),
        ("ru", "ky", ("ru",), False),
        ("uz_Cyrl", "", ("uz",), True),  # the script does not matter for speaking
        ("ru", "uz_Cyrl", ("uz",), True),
    ],
)
def test_r44_a_wish_for_a_language_is_followed(menu: str, wish: str, there: tuple[str, ...], fits: bool) -> None:
    """Without a wish the menu's language counts."""
    country = contents(Config()).country.for_matching
    services, _ = sample("KG", "Asia/Bishkek", MORNING.date())
    service = replace(services[0], languages=there)
    assert (
        why_not(service, Criteria(waiting_request(language=menu, operator_language=wish), country, MORNING, 90)) == ""
    ) is fits


def test_r44_a_wish_voids_an_open_offer_that_does_not_fit(world: World) -> None:
    """After the offer the caller asks for a woman and only men work there: the next service is asked."""
    services, people = sample("KG", "Asia/Bishkek", world.clock().date())
    men = [replace(each, sexes=frozenset({"man"} if each.id == "kg-country" else {"woman"})) for each in services]
    with world.db.write() as tx:
        replace_directory.replace_all(tx, "KG", men, people)
    save_draft(world, last=False)
    world.wait(minutes=5)
    assert offered_to(world) == ["kg-country"]
    save_draft(world, replace(AGREED, operator_sex="woman"), keys=5)
    world.run()
    assert [row.state for row in world.rows(offer)] == ["void", "open"]
    assert offered_to(world)[-1] == "kg-bishkek"


def test_r23_minors_go_to_no_service_that_is_not_prepared(world: World) -> None:
    """The age is given late: other offers are void, and if no service is left a person is called."""
    services, people = sample("KG", "Asia/Bishkek", world.clock().date())
    with world.db.write() as tx:
        replace_directory.replace_all(tx, "KG", [replace(each, child_safeguarding=False) for each in services], people)
    save_draft(world, last=False)
    world.wait(minutes=5)
    assert world.state() == "offered"
    save_draft(world, replace(AGREED, age_band="under_18"), keys=5)
    world.run()
    assert (world.state(), offered_to(world)) == ("stranded", ["kg-country"])


def test_r05_rare_wishes_are_told_before_the_number(world: World) -> None:
    """Days, wished helper and cover are in a separate text beside the card."""
    save_draft(world, replace(AGREED, days="135", operator_sex="woman", cover="shop"))
    to, _ = claim(world)
    *_, card, more = world.inbox(to)
    assert "Talk to others: no. Leave a message: no. SMS: no. Say who we are: no." in card
    cover = world.public.ctx.book.notice("en", "covers.shop")
    assert more.endswith(f": Mo We Fr, RU woman, say you are: {cover}.")
    assert CALLER not in card + more


def test_r05_a_plain_request_gets_no_second_text(world: World) -> None:
    """Nor does a cover if the helper may say who they are."""
    save_draft(world, replace(AGREED, days="1234567", operator_sex="any", cover="shop", may_name_us="yes"))
    claim(world)
    assert recipients(world, "to_ngo.card_more") == []


def test_r25_only_requests_about_somebody_close_are_marked_so(world: World) -> None:
    """The offer says it before the claim, the card again after it. The age of who calls says nothing about it."""
    save_draft(world, replace(AGREED, kind="about_someone", age_band="adult"))
    world.run()
    to, _ = world.offered()
    assert "need not said, age not said, about someone close" in world.inbox(to)[-1]
    claim(world)
    assert world.inbox(to)[-1].endswith(": about someone close.")


def test_r32_answers_after_the_claim_are_on_a_new_card(world: World) -> None:
    """The caller continues to answer after the claim. The same hop again sends nothing."""
    save_draft(world, last=False)
    world.wait(minutes=5)
    claim(world)
    draft = replace(AGREED, may_leave_message="yes")
    for _ in range(2):
        save_draft(world, draft, keys=5)
        world.run()
    assert len(recipients(world, "to_ngo.card")) == 2
    save_draft(world, draft, keys=6)
    world.run()
    assert len(recipients(world, "to_ngo.card")) == 2


def test_r23_a_service_that_claimed_early_is_told_the_age_that_the_caller_says_next(world: World) -> None:
    """The age is asked after the request is stored. No card says it."""
    world.contacts_are(accepts_numbers_by_sms=True, language="en")
    save_draft(world, last=False)
    world.wait(minutes=5)
    to, code = claim(world)
    save_draft(world, replace(AGREED, age_band="under_18"), keys=5)
    world.run()
    assert world.inbox(to)[-1] == f"{code}, changed: place not said, RU, need not said, under 18."


def test_r10_the_caller_is_told_what_number_their_phone_will_show(world: World) -> None:
    """A number, none, or one of both. If no service is found, nothing is promised."""
    assert screens.what_phone_shows(world.public.ctx, replace(AGREED, place="KG-N")) == "number"
    assert screens.what_phone_shows(world.public.ctx, replace(AGREED, place="KG-O")) == "either"
    services, _ = sample("KG", "Asia/Bishkek", MORNING.date())
    assert shown_by([each for each in services if each.id == "kg-osh"]) == "hidden"
    assert (
        screens.what_phone_shows(world.public.ctx, replace(AGREED, place="KG-N", need="legal", operator_language="tr"))
        == "either"
    )
    save_draft(world, replace(AGREED, place="KG-N"))
    assert screens.what_phone_shows(world.public.ctx, the_request(world)) == "number"


@pytest.mark.parametrize(
    ("place", "hour", "telephone"),
    [
        ("KG-N", 10, "+996000700003"),  # the nearest service
        ("KG-N", 19, "+996000700004"),  # Naryn has closed, the country-wide service has not
        ("KG-GB", 10, "+996000700001"),
        ("KG-GB", 23, None),  # no service is open
        ("", 10, "+996000700004"),  # without a place: country-wide services, then the capital
        ("", 7, "+996000700001"),
        ("RU", 10, "+996000700004"),  # a service for that country
        ("TH", 10, None),
    ],
)
def test_r15_the_nearest_service_for_health_that_is_open_now(
    world: World, place: str, hour: int, telephone: str | None
) -> None:
    """With its public phone number, in the caller's language."""
    world.set_local(hour, 30)
    found = screens.nearest_clinic(world.public.ctx, place, "ru")
    assert (found and found[1]) == telephone
    assert found is None or found[0].startswith("Пример ")


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "state"}, {"status": "inactive"}, {"public_phone": ""}, {"needs": frozenset({"talk"})},
        {"assured": (MORNING - timedelta(days=91)).date()},
    ],
)  # fmt: skip
def test_r15_an_unsuitable_service_is_never_named(world: World, change: Mapping[str, object]) -> None:
    """Lines of the state, closed services, and those without a public phone or a check."""
    services, _ = sample("KG", "Asia/Bishkek", MORNING.date())
    for changed in (replace(services[0], **change), services[0]):  # type: ignore[arg-type]
        with world.db.write() as tx:
            replace_directory.replace_all(tx, "KG", [changed], [])
        assert (screens.nearest_clinic(world.public.ctx, "KG-GB", "ru") is None) is (changed is not services[0])


def test_danger_is_attended_at_once_and_a_coordinator_is_told_once(world: World) -> None:
    """Without waiting, beside the offer. Later answers and checks change nothing about it."""
    save_draft(world, DANGER, last=False)
    world.run()
    assert offered_to(world) == ["kg-country"]
    save_draft(world, replace(DANGER, place="KG-GB"), keys=5)
    world.wait(hours=1)
    assert recipients(world, "to_ngo.danger") == ["kg-coordinator-1"]
    assert not any(CALLER in text for _, text in world.gateway.sent)


def test_danger_reported_later_is_told_too(world: World) -> None:
    """Saved without it and offered; then the caller reports danger."""
    save_draft(world, last=False)
    world.wait(minutes=5)
    save_draft(world, replace(AGREED, risk="now"), keys=5, last=False)
    world.run()
    assert recipients(world, "to_ngo.danger") == ["kg-coordinator-1"]
    assert offered_to(world) == ["kg-country"], "the offer that is open stays"


def test_r32_the_offer_says_that_it_is_urgent(world: World) -> None:
    """By its hours, or beside them."""
    for at, (draft, text) in enumerate(((DANGER, "NOW."), (replace(AGREED, risk="now"), "any time, URGENT."))):
        save_draft(world, draft, session=f"s{at}", caller=(CALLER, OTHER)[at])
        world.run()
        assert text in world.inbox(world.offered()[0])[-1]


def test_r32_the_card_says_danger(world: World) -> None:
    """A caseworker who reads only the card must not take it for an ordinary call."""
    save_draft(world, DANGER)
    world.run()
    world.contacts_are(language="en")
    to, code = world.offered()
    world.text(to, f"YES {code}")
    assert world.inbox(to)[-1].startswith(f"{code} is yours. DANGER, 24.11 ")


@pytest.mark.parametrize(("minutes", "sent"), [(114, True), (116, False), (121, False)])
def test_r03_call_me_now_means_two_hours_after_asking(db: Database, minutes: int, sent: bool) -> None:
    """At three in the morning. Later answers do not move it. Afterwards the service is told that no time is known."""
    world = World.on(db, offer_minutes=180)  # how long a service may be silent if the caller is in danger
    services, people = sample("KG", "Asia/Bishkek", world.clock().date())
    all_day = next(each.schedule for each in services if each.id == "kg-stale")
    nights = [replace(each, schedule=all_day) for each in services]
    with world.db.write() as tx:
        replace_directory.replace_all(tx, "KG", nights, people)
    world.set_local(3)
    save_draft(world, DANGER, last=False)
    to, code = claim(world)
    world.wait(minutes=minutes)
    save_draft(world, replace(DANGER, need="talk"), keys=5)
    world.text(to, f"NUMBER {code}")
    assert (CALLER in world.inbox(to)[-1]) is sent
    assert recipients(world, "to_ngo.no_hour") == ([] if sent else ["kg-country"])


def another(**answers: str) -> Draft:
    """Return another phone, confirmed, with every permission answered with yes."""
    return replace(AGREED, number=ANOTHER, number_ok=YES, **dict.fromkeys(PERMISSIONS, YES), **answers)


def number_of(world: World) -> str:
    """Return the number that would be called."""
    (row,) = world.rows(vault)
    return world.work.inbound.opening.open(row.request, row.sealed).reveal()


@pytest.mark.engines
def test_r04_for_another_telephone_every_permission_is_no(world: World) -> None:
    """Whatever the caller answered before. The borrowed phone is not called, and its line is not the new phone's."""
    save_draft(world, replace(AGREED, may_sms="yes"), last=False)
    world.wait(minutes=5)
    (before,) = world.rows(vault)
    kept = save_draft(world, another(), keys=6)
    assert kept.number_changed is True
    assert number_of(world) == "+996000111003"
    assert {getattr(the_request(world), name) for name in PERMISSIONS} == {NO}
    assert [row.state for row in world.rows(offer)] == ["void"], "the open offer is taken back"
    to, code = claim(world)
    (after,) = world.rows(vault)
    assert (after.line != before.line, after.caller != before.caller) == (True, True)
    assert world.inbox(to)[-1].endswith(": not the phone that asked.")
    world.text(to, f"NUMBER {code}")
    assert "+996000111003" in world.inbox(to)[-1]
    assert not any(CALLER in text for _, text in world.gateway.sent)


@pytest.mark.parametrize(
    "draft", [replace(AGREED, number=ANOTHER), replace(AGREED, number=ANOTHER, number_ok=NO), AGREED]
)
def test_a_number_that_was_not_confirmed_is_not_called(world: World, draft: Draft) -> None:
    """Typed but not confirmed: nothing changes, and no text mentions it."""
    assert save_draft(world, draft).number_changed is None
    assert number_of(world) == CALLER


def test_a_number_that_cannot_be_called_is_not_stored(world: World) -> None:
    """So the screen can say so."""
    assert save_draft(world, replace(AGREED, number="12345678", number_ok=YES)).number_changed is False
    assert number_of(world) == CALLER


def test_a_number_is_sealed_once_and_its_offer_stays(world: World) -> None:
    """Every later hop of the call contains it too. A late copy gives the same answer."""
    save_draft(world, another(), keys=5, last=False)
    world.wait(minutes=5)
    (before,) = world.rows(vault)
    for keys in (6, 5):
        assert save_draft(world, another(need="talk"), keys=keys).number_changed is True
    world.run()
    assert world.rows(vault) == [before]
    assert [row.state for row in world.rows(offer)] == ["open"]


def test_another_number_can_be_corrected_and_removed_in_the_same_call(world: World) -> None:
    """Other digits on the screen change nothing until confirmed.

    A no to the stored number returns to the caller's own phone.
    """
    save_draft(world, another(), keys=5, last=False)
    wrong, right = another(), replace(another(), number="0000111004")
    save_draft(world, replace(right, number_ok=""), keys=6, last=False)
    assert number_of(world) == "+996000111003"
    save_draft(world, right, keys=7, last=False)
    assert number_of(world) == "+996000111004"
    save_draft(world, replace(wrong, number_ok=NO), keys=8, last=False)
    assert number_of(world) == "+996000111004", "a no to other digits than these"
    save_draft(world, replace(right, number_ok=NO), keys=9, last=False)
    assert number_of(world) == CALLER
    assert the_request(world).may_sms == YES, "and the caller's answer counts again"


def test_after_a_claim_the_number_cannot_be_changed(world: World) -> None:
    """The service may already have it. The caller is told, and earlier screens stay true."""
    save_draft(world, last=False)
    world.wait(minutes=5)
    claim(world)
    assert save_draft(world, another(), keys=6).number_changed is False
    assert number_of(world) == CALLER


def test_a_request_may_be_saved_with_another_number_at_once(world: World) -> None:
    """The first hops were lost. The one that arrives contains everything."""
    assert save_draft(world, another()).number_changed is True
    assert number_of(world) == "+996000111003"


def test_r48_a_stop_from_the_borrowed_phone_does_not_stop_the_other(world: World) -> None:
    """The line is the phone that is called, and only that phone can stop it."""
    save_draft(world, another())
    world.run()
    for caller, state in ((CALLER, "offered"), ("+996000111003", "paused")):
        receive.pause(world.public.ctx, f"stop {caller}", msisdn(caller))
        world.run()
        assert world.state() == state


@pytest.mark.engines
def test_r35_no_table_has_the_other_number_in_plain_text(world: World) -> None:
    """Nor anything that the keys alone could turn into it."""
    save_draft(world, another())
    world.run()
    (row,) = world.rows(request)
    everything = str([list(found) for table in (request, vault, message, offer) for found in world.rows(table)])
    assert "000111003" not in everything
    words = world.public.ctx.words
    for session in ("s2", ""):
        save_draft(world, another(), session=session, caller=OTHER)
    marks = {found.other for found in world.rows(request)}
    assert len(marks) == 3, "each session makes a mark of its own"
    assert row.other not in {words.session("at", "+996000111003"), words.code("+996000111003", 0)}


@pytest.mark.parametrize(
    ("digits", "country", "number"),
    [
        ("0700123456", "KG", "+996700123456"),
        ("700123456", "KG", "+996700123456"),
        ("996700123456", "KG", "+996700123456"),
        ("00996700123456", "KG", "+996700123456"),
        ("87011234567", "KZ", "+77011234567"),
        ("77011234567", "KZ", "+77011234567"),
        ("7011234567", "KZ", "+77011234567"),
        ("79161234567", "KG", "+79161234567"),  # abroad, where people work
        ("79161234567", "TJ", None),
        ("905321234567", "KG", None),
        ("102", "KG", None),
        ("", "KG", None),
        ("٠٧٠٠١٢٣٤٥٦", "KG", None),
        ("+996700123456", "KG", None),  # keypads have no such key
    ],
)
def test_a_number_is_read_as_people_type_it(digits: str, country: str, number: str | None) -> None:
    """National or international. A number that cannot be called is refused."""
    found = parse_typed(digits, country, abroad=("RU",) if country == "KG" else ())
    assert (found and found.reveal()) == number


@pytest.mark.parametrize("digits", ["0000111003", "000111003", "996000111003", "00996000111003"])
def test_made_up_numbers_are_accepted_in_the_demo_only(digits: str) -> None:
    """They are assigned to nobody."""
    found = parse_typed(digits, "KG", "+996000")
    assert found is not None
    assert found.reveal() == "+996000111003"
    assert parse_typed(digits, "KG") is None


@pytest.mark.parametrize(
    ("number", "country", "can"),
    [
        ("+79161234567", "RU", True),
        ("+77011234567", "KZ", False),  # shares +7
        ("+905321234567", "TR", False),
        ("+996700123456", "KG", True),
        ("+79160000", None, False),
        ("anonymous", None, False),
    ],
)
def test_r19_only_numbers_of_home_and_of_places_of_work_can_be_called(
    number: str, country: str | None, can: bool
) -> None:
    """Numbers of KG, and of people from KG in Russia."""
    assert can_be_called(msisdn(number), "KG", abroad={"RU"}) is can
    assert country_of(msisdn(number)) == country
