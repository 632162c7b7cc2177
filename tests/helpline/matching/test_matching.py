"""Which services can help: a reason for each that cannot, the order of the others, and that narrowing loses none."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa
from click import ClickException
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from helpline.commands.try_out.explain import lines_about, verdict_lines
from helpline.core.config import Config
from helpline.directory import replace_directory
from helpline.directory import services as service_rows
from helpline.directory.opening_hours import Opening
from helpline.directory.search_terms import terms
from helpline.directory.service import Service
from helpline.matching import candidates
from helpline.matching.candidates import health_groups, request_groups
from helpline.matching.criteria import Criteria, Point
from helpline.matching.next_step import CallAPerson, Offer, decide
from helpline.matching.ranking import LATER, explain, km, nearest_for_health, promise, ranked, why_not
from helpline.matching.ranking import candidates as explained
from helpline.request import offers, requests
from helpline.request.model import CallbackRequest, covers
from helpline.store import outbox
from helpline.store.engine import Database
from helpline.store.schema import service as service_table
from helpline.store.schema import term
from tests.steps.by_day import examples
from tests.steps.caller import AGREED, save_draft, the_request
from tests.steps.requests import waiting_request
from tests.world import MORNING, World, contents

pytestmark = pytest.mark.engines

KG = contents(Config()).matching
FRESH = 90
ALWAYS = (Opening(frozenset({"MO", "TU", "WE", "TH", "FR", "SA", "SU"}), time(8), time(21)),)
PLAIN = Service(
    id="plain", names={"en": "Plain"}, kind="ngo", phone="", languages=("ru", "ky"), needs=frozenset({"talk", "wages"}),
    regions=frozenset({"KG-GB"}), at=(42.87, 74.59), zone="Asia/Bishkek", schedule=ALWAYS, assured=MORNING.date(),
    child_safeguarding=True, sexes=frozenset({"woman"}),
)  # fmt: skip


def asked(**answers: object) -> CallbackRequest:
    """Return a waiting request of an adult from the capital, with these other answers."""
    return waiting_request(**{"age_band": "adult", "risk": "none", **answers})


def service(**changed: object) -> Service:
    """Return a service that fits `asked()`, except for these changes."""
    return replace(PLAIN, **changed)  # type: ignore[arg-type]


def reason_against(changed: Service, **wish: object) -> str:
    """Return why a service does not fit, or "" if it does."""
    return why_not(changed, Criteria(asked(**wish), KG, MORNING, FRESH))


def order(*services: Service, **wish: object) -> list[str]:
    """Return the ids of fitting services, the first to ask first."""
    return ids(ranked(services, Criteria(asked(**wish), KG, MORNING, FRESH)))


def ids(services: list[Service]) -> list[str]:
    """Return the ids of services. Matching reads neither names nor phones."""
    return [each.id for each in services]


def of(*words: str) -> frozenset[str]:
    """Return a set."""
    return frozenset(words)


@pytest.mark.parametrize(
    ("changed", "wish", "reason"),
    [
        ({}, {}, ""),
        ({"status": "inactive"}, {}, "it is inactive"),
        ({"status": "temporarily closed"}, {}, "it is temporarily closed"),
        ({"kind": "police"}, {}, "consent is for an NGO only"),
        ({}, {"expires": MORNING}, "consent is for an NGO only"),
        ({"after_contact": of("registers_identity")}, {}, "what follows a call to it was not confirmed"),
        ({"after_contact": of("anonymous_ok")}, {}, ""),
        (
            {"after_contact": of("needs_official_status")},
            {"state_line": "yes"},
            "it helps only people of an official status, and nobody asks for that",
        ),
        ({"assured": (MORNING - timedelta(days=91)).date()}, {}, "it was not checked lately"),
        ({}, {"need": "legal"}, "it does not help with this"),
        ({}, {"need": "not_sure"}, ""),
        ({}, {"need": ""}, ""),
        ({"needs": of("wages")}, {"need": ""}, "it does not help with this"),
        ({}, {"language": "uz_Cyrl"}, "nobody there speaks the language"),
        ({"languages": ("uz",)}, {"language": "uz_Cyrl"}, ""),
        ({}, {"place": "KG-O"}, "it does not serve the place"),
        ({"regions": of()}, {"place": "KG-O"}, ""),
        ({"regions": of()}, {"place": "RU"}, "it does not serve the place"),
        ({"abroad": of("RU")}, {"place": "RU"}, ""),
        ({}, {"operator_sex": "man"}, "no man answers there"),
        ({"sexes": of()}, {"operator_sex": "woman"}, "no woman answers there"),
        ({"child_safeguarding": False}, {"age_band": "under_18"}, "it is not prepared for children"),
        ({"minimum_age": 18}, {"age_band": "under_18"}, "it is for people of 18 and older"),
        ({"minimum_age": 16}, {"age_band": "under_18"}, ""),
        ({"minimum_age": 60}, {}, ""),
        ({"maximum_age": 17}, {}, "it is for people of 17 and younger"),
        ({"maximum_age": 18}, {}, ""),
        ({"maximum_age": 17}, {"age_band": "not_said"}, ""),
        ({"serves": of("children")}, {}, "it is for children only"),
        ({"serves": of("women")}, {"sex": "man"}, "it is for women only"),
        ({"documents": of("passport")}, {}, ""),
        ({"needs": of("documents")}, {"need": "documents"}, ""),
        ({"needs": of("documents"), "documents": of("None", "")}, {"need": "documents"}, ""),
        (
            {"needs": of("documents"), "documents": of("none", "ID")},
            {"need": "documents"},
            "it wants to see papers, and the caller has none",
        ),
        ({"schedule": ()}, {}, "it is never open in the hours asked for"),
        ({}, {"window": "now", "since": MORNING - timedelta(hours=2)}, "it is never open in the hours asked for"),
        ({}, {"zone": ""}, "it is never open in the hours asked for"),
    ],
)
def test_each_reason_has_a_plain_text(changed: dict[str, object], wish: dict[str, object], reason: str) -> None:
    """If there is no reason, there is no text."""
    assert reason_against(service(**changed), **wish) == reason


def test_a_full_desk_is_neither_asked_nor_promised() -> None:
    """The caller of the function says which desks are full."""
    full = frozenset({"plain"})
    assert why_not(PLAIN, Criteria(asked(), KG, MORNING, FRESH, full)) == "its desk is full"
    assert ranked([PLAIN], Criteria(asked(), KG, MORNING, FRESH, full)) == []
    assert promise([PLAIN], Criteria(asked(), KG, MORNING, FRESH, full)) is None
    assert promise([PLAIN], Criteria(asked(), KG, MORNING, FRESH)) is not None


@pytest.mark.parametrize(
    ("kind", "state_line", "may"),
    [
        ("ngo", "no", True),
        ("state", "yes", True),
        ("state", "no", False),
        ("state", "not_said", False),
        ("state", "", False),
        ("police", "yes", False),
        ("migration", "yes", False),
        ("", "yes", False),
    ],
)
def test_r20_a_line_of_the_state_needs_a_yes_to_it(kind: str, state_line: str, may: bool) -> None:
    """Nothing permits the police. When the consent has ended, no service receives anything."""
    assert covers(kind, MORNING + timedelta(days=1), MORNING, state_line) is may
    assert not covers(kind, MORNING, MORNING, state_line)
    assert (reason_against(service(kind=kind, after_contact=of()), state_line=state_line) == "") is may


def test_r20_the_short_form_is_for_one_ngo() -> None:
    """By SMS callers are not asked about a line of the state."""
    line = service(kind="state", after_contact=of())
    assert reason_against(line, state_line="yes", short_form=True) == "consent is for an NGO only"


@pytest.mark.parametrize("after", ["reports_to_police", "may_contact_offender", "registers_identity"])
@pytest.mark.parametrize("kind", ["ngo", "state"])
def test_r21_a_service_with_consequences_needs_a_yes_to_them(after: str, kind: str) -> None:
    """Whatever a service calls itself, it is asked only after a yes to that kind of line."""
    there = service(kind=kind, after_contact=of(after))
    assert reason_against(there, state_line="yes") == ""
    assert reason_against(there, state_line="no") != ""
    assert reason_against(there, state_line="") != ""


@pytest.mark.parametrize("after", [None, of("may_contact_offender")])
@pytest.mark.parametrize(("risk", "fits"), [("now", False), ("soon", False), ("none", True), ("", True)])
def test_r21_in_danger_no_service_is_asked_that_may_talk_to_the_offender(
    after: frozenset[str] | None, risk: str, fits: bool
) -> None:
    """If a line of the state does not say, the worst is assumed."""
    line = service(kind="state", after_contact=after)
    assert reason_against(line, state_line="yes", risk=risk) == (
        "" if fits else "it may talk to the offender, and the caller is in danger"
    )


def test_r21_a_line_of_the_state_without_consequences_is_asked() -> None:
    """Also in danger. An NGO that says nothing is asked as usual."""
    assert reason_against(service(kind="state", after_contact=of()), state_line="yes", risk="now") == ""
    assert reason_against(service(after_contact=None), risk="now") == ""


def test_r21_an_offer_to_the_state_ends_when_the_caller_withdraws_the_yes(world: World) -> None:
    """Then no service is left to ask, and a person is called."""
    line = service(kind="state", after_contact=of("registers_identity"), phone="+996000500009")
    with world.db.write() as tx:
        replace_directory.replace_all(tx, "KG", [line], [])
    save_draft(world, replace(AGREED, place="KG-GB"), last=False)
    for state_line, state in (("yes", "offered"), ("no", "stranded")):
        with world.db.write(world.clock()) as tx:
            id = the_request(world).id
            requests.amend(tx, id, {"state_line": state_line})
            outbox.wake(tx, "attend", id, world.clock())
        world.wait(minutes=5)
        assert world.state() == state


@pytest.mark.parametrize("after", ["reports_to_police", "may_contact_offender", "registers_identity"])
def test_r21_a_clinic_that_needs_a_warning_first_is_not_named(after: str) -> None:
    """The screen of R15 shows a name and a phone, and cannot warn of consequences."""
    clinic = service(needs=of("health"), public_phone="+996000700001")
    assert nearest_for_health([clinic], "KG-GB", KG, MORNING, FRESH) == clinic
    reports = replace(clinic, after_contact=of(after))
    assert nearest_for_health([reports], "KG-GB", KG, MORNING, FRESH) is None


@pytest.mark.parametrize(
    ("serves", "sex", "age", "fits"),
    [
        ((), "man", "adult", True),
        (("women",), "woman", "adult", True),
        (("women",), "man", "adult", False),
        (("men",), "woman", "adult", False),
        (("men", "women"), "man", "adult", True),
        (("women",), "not_said", "adult", True),  # asked late
        (("women", "foreigners"), "man", "adult", False),
        (("women", "children"), "man", "adult", False),
        (("women", "children"), "man", "under_18", True),  # a boy
        (("women",), "man", "under_18", False),
        (("children",), "woman", "adult", False),
        (("children",), "woman", "not_said", True),
        (("lgbt",), "man", "adult", True),  # the caller is not asked about it, so the service is asked late
    ],
)
def test_r42_a_service_for_one_sex_does_not_fit_the_other(
    serves: tuple[str, ...], sex: str, age: str, fits: bool
) -> None:
    """The groups that it names decide. A missing answer is no reason."""
    assert (reason_against(service(serves=of(*serves)), sex=sex, age_band=age) == "") is fits


def test_r42_without_a_given_sex_services_for_everybody_come_first() -> None:
    """At any distance.

    Services for one sex come when no others are left. Once the sex is given, the nearest comes first.
    """
    near, far = service(id="near", serves=of("women")), service(id="far", at=(40.5, 72.8))
    both = service(id="both", serves=of("women", "men"), at=(40.6, 72.8))
    assert order(near, far, both) == ["both", "far", "near"]
    assert order(near, far, both, sex="woman") == ["near", "both", "far"]
    assert order(near, far, both, sex="man") == ["both", "far"]


def test_r42_services_that_require_papers_are_asked_last() -> None:
    """Even if they are nearer."""
    near, far = service(id="near", documents=of("passport")), service(id="far", at=(40.5, 72.8), documents=of("none"))
    assert order(near, far) == ["far", "near"]


def test_r15_a_service_only_for_health_is_named_before_a_nearer_one_for_everything() -> None:
    """Somebody who has 72 hours should reach a clinic, not a line that then names one."""
    clinic = service(needs=of("health"), public_phone="+996000700001", at=(42.0, 74.0))
    near = replace(clinic, id="near", needs=of("health", "talk"), at=PLAIN.at)
    assert nearest_for_health([near, clinic], "KG-GB", KG, MORNING, FRESH) == clinic


def test_r42_a_clinic_without_conditions_comes_before_a_nearer_one_with_conditions() -> None:
    """Conditions are papers, or a sex that the caller was not asked for."""
    far = service(needs=of("health"), public_phone="+996000700001", at=(42.0, 74.0))
    for near in ({"documents": of("passport")}, {"serves": of("men")}):
        both = [replace(far, id="near", at=PLAIN.at, **near), far]  # type: ignore[arg-type]
        assert nearest_for_health(both, "KG-GB", KG, MORNING, FRESH) == far


def test_r23_minors_are_offered_only_to_services_prepared_for_children() -> None:
    """Even if another is nearer, and even if none is left."""
    near, far = service(id="near", child_safeguarding=False), service(id="far", at=(40.5, 72.8))
    assert order(near, far, age_band="under_18") == ["far"]
    assert order(near, age_band="under_18") == []


def test_r23_without_a_given_age_services_for_children_come_first() -> None:
    """Before a service for everybody, before one without papers, before a nearer one."""
    near = service(id="near", child_safeguarding=False)
    child = service(id="child", at=(40.5, 72.8), documents=of("passport"), serves=of("women"))
    assert order(near, child, age_band="not_said") == ["child", "near"]
    assert order(near, child, age_band="adult", sex="woman") == ["near", "child"]
    assert order(near, child, age_band="under_18", sex="woman") == ["child"]


def test_r23_without_a_given_age_services_for_one_age_come_late() -> None:
    """Services for children only or adults only come after those for both."""
    young, old = service(id="young", maximum_age=17), service(id="old", minimum_age=18)
    assert order(young, old, service(id="zoe"), age_band="not_said") == ["zoe", "old", "young"]


def test_r44_only_a_service_with_the_wished_language_and_sex_calls() -> None:
    """Language and sex together. Need, place and distance outweigh neither."""
    man = service(id="man", sexes=of("man"))
    other = service(id="other", languages=("uz",))
    both_wishes = service(id="both_wishes", at=(40.5, 72.8), languages=("uz",), documents=of("passport"))
    assert order(man, other, both_wishes, operator_sex="woman", operator_language="uz") == ["other", "both_wishes"]
    assert order(man, operator_sex="woman", operator_language="uz") == []


def test_the_service_the_caller_was_handed_to_is_asked_first() -> None:
    """At any distance, with any papers; but it must fit."""
    near, to = service(id="near"), service(id="to", at=(40.5, 72.8), documents=of("passport"))
    assert order(near, to, handed_to="to") == ["to", "near"]
    assert order(near, replace(to, status="inactive"), handed_to="to") == ["near"]


def test_a_request_without_a_place_goes_to_the_whole_country_then_the_capital() -> None:
    """Even if the capital is nearer. It goes to no other region."""
    capital, osh = service(id="capital"), service(id="osh", regions=of("KG-O"))
    whole = service(id="whole", regions=of(), at=(40.5, 72.8))
    assert order(capital, osh, whole, place="") == ["whole", "capital"]


def test_a_decision_checks_no_more_services_than_it_needs() -> None:
    """The first one that was not asked is taken, and the search stops there."""

    def able() -> Iterator[Service]:
        yield from (service(id="asked"), service(id="next"))
        raise AssertionError("looked further")

    assert decide(asked(), able(), frozenset({"asked"}), False, MORNING) == Offer(service(id="next"))


NEEDS = ("talk", "wages", "documents", "health")
PLACES = ("", "KG-GB", "KG-O", "KG-O-unheard-of", "RU", "KR", "abroad")


def some(*words: str) -> st.SearchStrategy[frozenset[str]]:
    """Return some of these words."""
    return st.sets(st.sampled_from(words), max_size=3).map(frozenset)


SERVICES = st.builds(
    Service,
    id=st.just(""), names=st.just({"en": "x"}), phone=st.just(""), public_phone=st.sampled_from(("", "+996000700001")),
    kind=st.sampled_from(("ngo", "ngo", "ngo", "state", "police")),
    languages=st.lists(st.sampled_from(("ru", "ky", "uz_Cyrl", "uz")), min_size=1, max_size=2).map(tuple),
    needs=some(*NEEDS), regions=some("KG-GB", "KG-O"), abroad=some("RU", "KR"),
    at=st.tuples(st.floats(39, 43), st.floats(69, 80)), zone=st.sampled_from(("Asia/Bishkek", "Europe/Moscow")),
    schedule=st.sampled_from((ALWAYS, ALWAYS, (), (Opening(of("SU"), time(22), time(2)),))),
    assured=st.sampled_from((MORNING.date(), MORNING.date(), date(2026, 1, 1))),
    status=st.sampled_from(("active", "active", "active", "inactive")), child_safeguarding=st.booleans(),
    sexes=some("woman", "man"), serves=some("women", "men", "children", "lgbt", "foreigners"),
    documents=some("none", "passport"), minimum_age=st.sampled_from((None, 16, 18)),
    maximum_age=st.sampled_from((None, 17, 25)),
    after_contact=st.none() | some("reports_to_police", "may_contact_offender", "needs_official_status", "anonymous_ok"),
)  # fmt: skip
REQUESTS = st.builds(
    asked,
    language=st.sampled_from(("ru", "ky", "uz_Cyrl")), place=st.sampled_from(PLACES),
    need=st.sampled_from(("", "not_sure", *NEEDS)), window=st.sampled_from(("any", "any", "evening", "now")),
    days=st.sampled_from(("", "7")), age_band=st.sampled_from(("not_said", "adult", "under_18")),
    operator_sex=st.sampled_from(("", "any", "woman", "man")), operator_language=st.sampled_from(("", "ky")),
    sex=st.sampled_from(("not_said", "woman", "man")), state_line=st.sampled_from(("no", "yes", "yes")),
    risk=st.sampled_from(("none", "now")), handed_to=st.none() | st.sampled_from(("s0", "s1")),
    expires=st.sampled_from((MORNING + timedelta(days=14), MORNING)), short_form=st.booleans(),
)  # fmt: skip
MANY = st.lists(SERVICES, max_size=12).map(lambda listed: [replace(s, id=f"s{n}") for n, s in enumerate(listed)])
FULL = st.sets(st.sampled_from(("s0", "s3"))).map(frozenset)


@given(MANY, REQUESTS, FULL)
@settings(deadline=None)
def test_explaining_agrees_with_ranking_and_deciding(
    services: list[Service], request: CallbackRequest, full: frozenset[str]
) -> None:
    """Each service appears once.

    Those without a reason are the ones asked, in that order, and the first gets the offer.
    """
    verdicts = explain(services, Criteria(request, KG, MORNING, FRESH, full))
    assert sorted(each.service.id for each in verdicts) == sorted(each.id for each in services)
    able = [each.service for each in verdicts if not each.against]
    assert able == ranked(services, Criteria(request, KG, MORNING, FRESH, full))
    assert [each.service for each in verdicts[: len(able)]] == able, "those that fit come first"
    for each in verdicts:
        assert next(iter(each.against), "") == why_not(each.service, Criteria(request, KG, MORNING, FRESH, full))
        assert set(each.later) <= set(LATER)
    if request.expires > MORNING:
        expected = Offer(able[0]) if able else CallAPerson()
        assert decide(request, iter(able), frozenset(), False, MORNING) == expected


@given(MANY, REQUESTS)
@settings(deadline=None)
def test_the_order_of_asking_does_not_depend_on_the_order_of_the_list(
    services: list[Service], request: CallbackRequest
) -> None:
    """Nor does the promise."""
    backwards = services[::-1]
    assert ranked(services, Criteria(request, KG, MORNING, FRESH)) == ranked(
        backwards, Criteria(request, KG, MORNING, FRESH)
    )
    found = promise(services, Criteria(request, KG, MORNING, FRESH))
    assert (found is None) is (not ranked(services, Criteria(request, KG, MORNING, FRESH)))
    assert found == promise(backwards, Criteria(request, KG, MORNING, FRESH))


@given(SERVICES, REQUESTS)
@settings(deadline=None, max_examples=examples(300))
def test_a_fitting_service_has_a_term_of_every_group(one: Service, request: CallbackRequest) -> None:
    """Without a database, so that many cases are tried."""
    groups = request_groups(request, KG)
    if not why_not(one, Criteria(request, KG, MORNING, FRESH)):
        assert all(group & terms(one) for group in groups)
    if nearest_for_health([one], request.place, KG, MORNING, FRESH):
        assert all(group & terms(one) for group in health_groups(request.place, KG))


def test_narrowing_in_the_database_never_loses_a_fitting_service(db: Database) -> None:
    """On either database: what is left out would not have been asked, promised or named."""

    @given(MANY, st.lists(REQUESTS, min_size=1, max_size=8))
    @settings(deadline=None, max_examples=examples(40), suppress_health_check=list(HealthCheck))
    def narrow(services: list[Service], wishes: list[CallbackRequest]) -> None:
        with db.write() as tx:
            for table in (service_table, term):
                tx.execute(sa.delete(table))
            for each in services:
                service_rows.write(tx, "KG", each)
            for request in wishes:
                able = candidates.candidates(tx, KG, request)
                assert ids(ranked(able, Criteria(request, KG, MORNING, FRESH))) == ids(
                    ranked(services, Criteria(request, KG, MORNING, FRESH))
                )
                found, named = (
                    nearest_for_health(some, request.place, KG, MORNING, FRESH)
                    for some in (candidates.for_health(tx, KG, request.place), services)
                )
                assert (found and found.id) == (named and named.id)

    narrow()


def test_narrowing_leaves_out_most_services(db: Database) -> None:
    """Services with other needs, languages or places, closed ones, those of another country, and former ones."""
    others = [
        service(id="need", needs=of("health")), service(id="speaks", languages=("ky",)), service(id="kind", kind="state"),
        service(id="region", regions=of("KG-O")), service(id="status", status="defunct"),
        service(id="rings", sexes=of("man")),
    ]  # fmt: skip
    with db.write() as tx:
        service_rows.write(tx, "KG", service(id="before"))
        service_rows.write(tx, "KG", service(id="before", needs=of("legal")))
        service_rows.write(tx, "TJ", service(id="there"))
        for each in (*others, service(id="here"), service(id="whole", regions=of())):
            service_rows.write(tx, "KG", each)
        found = candidates.candidates(tx, KG, asked(operator_sex="woman"))
        assert ids(found) == ["here", "whole"]
        assert len(service_rows.services(tx, "KG")) == 9


def test_a_service_of_the_whole_country_is_at_no_distance() -> None:
    """Its seat says nothing about how far its help is."""
    here, whole = service(id="here"), service(id="whole", regions=of())
    found = explained([here, whole], Criteria(asked(), KG, MORNING, FRESH), lambda _: True)
    assert {each.id: each.far is None for each in found} == {"here": False, "whole": True}


def test_a_changed_service_is_read_again(db: Database) -> None:
    """A process remembers of a service only what it last read."""
    with db.write() as tx:
        for status in ("active", "inactive", "active"):
            service_rows.write(tx, "KG", service(status=status))
            assert [each.status for each in service_rows.services(tx, "KG")] == [status]


POINTS = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
NEAR = st.tuples(st.floats(39, 43).map(lambda x: round(x, 1)), st.floats(69, 80).map(lambda x: round(x, 1)))


@given(st.lists(POINTS | NEAR, max_size=60), POINTS | NEAR)
@example([(0.0, 180.0), (0.0, -180.0), (0.0, 0.0)], (0.0, -180.0))
@example([(0.0, 179.0), (0.0, -170.0)], (0.0, -179.0))
@example([(90.0, 0.0), (89.0, 180.0), (-90.0, 3.0)], (89.5, 0.0))
@settings(deadline=None)
def test_sites_are_sorted_by_distance_all_over_the_globe(at: list[Point], here: Point) -> None:
    """Each site once and in order, over the date line and the poles, at one point, or with no site."""
    services = [service(id=f"s{n}", at=point, regions=of()) for n, point in enumerate(at)]
    country = replace(KG, regions={"KG-GB": here})
    found = ranked(services, Criteria(asked(), country, MORNING, FRESH))
    assert sorted(ids(found)) == sorted(ids(services))
    assert all(one <= other + 1e-6 for one, other in pairwise(km(here, each.at) for each in found))


def test_sites_at_one_point_keep_their_order() -> None:
    """So the order of asking is the same every time."""
    services = [service(id=f"s{n:02}") for n in range(50)]
    assert order(*services[::-1]) == ids(services)


def test_explain_prints_who_is_asked_and_why_not_the_others(world: World) -> None:
    """In the order of asking, with services asked before, and each reason against the others."""
    save_draft(world, replace(AGREED, place="KG-N", need="health"))
    world.run()
    request = the_request(world)
    with world.db.read() as tx:
        services, before = service_rows.services(tx, "KG"), offers.asked(tx, request.id)
    first, *lines = verdict_lines(explain(services, Criteria(request, KG, world.clock(), FRESH)), request, KG, before)
    assert first == f"2 of {len(services)} services are eligible; the request is offered"
    assert lines[0] == "  1. kg-naryn: 42 km, could call 24.11 09:00 to 18:00; already asked"
    assert lines[1].startswith("  2. kg-country: ")
    assert "  no kg-osh: it does not help with this; it does not serve the place" in lines
    assert len(lines) == len(services)


def test_explain_reads_a_request_by_its_id_and_prints_no_number(world: World) -> None:
    """Neither the caller's nor a service's. An unknown id is reported."""
    save_draft(world, replace(AGREED, place="KG-N", need="health"))
    world.run()
    address = world.db.engine.url.render_as_string(hide_password=False)
    config = world.config.model_copy(update={"database_url": address})
    lines = "\n".join(lines_about(config, the_request(world).id))
    assert "kg-naryn" in lines
    assert "+" not in lines
    assert "000" not in lines
    with pytest.raises(ClickException, match="no request has this id"):
        list(lines_about(config, "none"))
