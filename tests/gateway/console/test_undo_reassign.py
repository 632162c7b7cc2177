"""A coordinator takes back, within ten minutes, that a request was given to another service."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from helpline.core.phone_numbers import Hidden, msisdn
from helpline.core.ports import IncomingSms
from helpline.directory import services
from helpline.matching import candidates
from helpline.oversight.open_requests import desks
from helpline.store.schema import attempt, offer, request
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Browser
from tests.gateway.console.test_steer import SECOND, act, actions, coordinator, held, newest, reassign, state
from tests.gateway.console.test_watch import answer
from tests.world import CALLER

pytestmark = pytest.mark.engines
GONE, OFFER = "do not need to answer any more", "YES"


def moved(fitting: CaseOffice, giver: Browser) -> tuple[str, str, str]:
    """Take a request from the service that was asked. Return its id, that service, and the one that is asked next."""
    fitting.offered()
    id, before = newest(fitting), held(fitting)[0][0]
    to = next(each for each in ("kg-bishkek", "kg-country") if each != before)
    assert reassign(giver, id, to, "fits") == "given"
    return id, before, to


def page_of(giver: Browser, id: str) -> str:
    return " ".join(giver.get(f"/requests/{id}").text.split())


def last(fitting: CaseOffice, service: str) -> str:
    return fitting.world.inbox(fitting.world.phone(service))[-1]


def test_a_withdrawn_offer_comes_back_and_the_other_service_is_told(fitting: CaseOffice, giver: Browser) -> None:
    """Each of the two has as its last text what is true."""
    id, before, to = moved(fitting, giver)
    fitting.world.run()
    assert GONE in last(fitting, before)
    assert OFFER in last(fitting, to)
    page = page_of(giver, id)
    assert f'action="/requests/{id}/undo"' in page
    with fitting.world.db.read() as tx:
        name = desks(tx, "en")[before].name
    assert f"Then {name} is asked again." in page
    assert act(giver, id, "undo") == "took_back"
    assert f"Taken back. Asked next: {name}." in giver.get(f"/requests/{id}?said=took_back&to={before}").text
    fitting.world.run()
    assert held(fitting) == [(before, "void"), (to, "void"), (before, "open")]
    assert GONE in last(fitting, to)
    assert OFFER in last(fitting, before)
    assert "undo_give" in actions(fitting)
    assert all(row.undone for row in fitting.world.rows(attempt) if row.outcome == "moved")
    page = page_of(giver, id)
    assert "A coordinator took that back. The service that had it before is asked next." in page
    assert f'action="/requests/{id}/undo"' not in page
    assert act(giver, id, "undo") == "undo_late"


def test_who_just_chose_the_next_service_does_not_read_that_it_can_take_hours(
    fitting: CaseOffice, giver: Browser
) -> None:
    """The service is asked in the next seconds. The page says so, and shows the other reasons when it is loaded again."""
    id, _, to = moved(fitting, giver)
    assert "it can take hours" in giver.get(f"/requests/{id}").text
    just_given = giver.get(f"/requests/{id}?said=given&to={to}").text
    assert "Asked next:" in just_given
    assert "it can take hours" not in just_given


def test_a_service_that_was_not_asked_yet_never_hears_of_it(fitting: CaseOffice, giver: Browser) -> None:
    id, before, to = moved(fitting, giver)
    assert act(giver, id, "undo") == "took_back"
    fitting.world.run()
    assert not fitting.world.inbox(fitting.world.phone(to))
    assert held(fitting) == [(before, "void"), (before, "open")]


def test_a_claim_comes_back_as_an_offer_that_its_service_can_take(fitting: CaseOffice, giver: Browser) -> None:
    """It was told to delete the number, so it claims again."""
    fitting.offered()
    answer(fitting, "YES")
    id, before = newest(fitting), held(fitting)[0][0]
    assert reassign(giver, id, next(each for each in ("kg-bishkek", "kg-country") if each != before)) == "given"
    assert act(giver, id, "undo") == "took_back"
    fitting.world.run()
    assert held(fitting) == [(before, "void"), (before, "open")]
    answer(fitting, "YES")
    assert state(fitting, id) == "claimed"
    assert "is yours" in last(fitting, before)


def test_it_comes_back_after_the_other_service_has_declined(fitting: CaseOffice, giver: Browser) -> None:
    id, before, _ = moved(fitting, giver)
    fitting.world.run()
    with fitting.world.db.write() as tx:
        for each in services.services(tx, "KG"):
            candidates.set_full(tx, each.id, fitting.world.clock() + timedelta(days=1))
    answer(fitting, "NO")
    with fitting.world.db.write() as tx:
        candidates.set_full(tx, before, None)
    assert act(giver, id, "undo") == "took_back"
    fitting.world.run()
    assert (before, "open") in held(fitting)


@pytest.mark.parametrize("said_yes", [False, True])
def test_r30_a_no_that_crosses_a_give_is_kept(fitting: CaseOffice, giver: Browser, said_yes: bool) -> None:
    """The service was about to decline when a coordinator gave the request to another one. It is not asked again."""
    fitting.offered()
    phone = fitting.world.phone(held(fitting)[0][0])
    code = re.findall(r"\b\d{5}\b", fitting.world.inbox(phone)[-1])[0]
    if said_yes:
        answer(fitting, "YES")
    id, before = newest(fitting), held(fitting)[0][0]
    assert reassign(giver, id, next(each for each in ("kg-bishkek", "kg-country") if each != before)) == "given"
    for _ in range(2):
        fitting.world.text(phone, f"NO {code}")
    assert [row.outcome for row in fitting.world.rows(attempt)].count("pass") == 1
    assert f'action="/requests/{id}/undo"' not in page_of(giver, id)
    assert act(giver, id, "undo") == "undo_unfit"
    fitting.world.run()
    assert held(fitting)[0] == (before, "passed")
    assert (before, "open") not in held(fitting)
    assert reassign(giver, id, before) == "said_no", "a coordinator who names it again must tick that they mean it"


def test_a_late_no_of_one_service_keeps_no_other_from_an_undo(fitting: CaseOffice, giver: Browser) -> None:
    """The other service claims by mistake. What the first one says of its own offer does not concern that."""
    fitting.offered()
    phone = fitting.world.phone(held(fitting)[0][0])
    code = re.findall(r"\b\d{5}\b", fitting.world.inbox(phone)[-1])[0]
    other = next(each for each in ("kg-bishkek", "kg-country") if each != held(fitting)[0][0])
    assert reassign(giver, newest(fitting), other) == "given"
    claimed_by_the_other(fitting, "", "")
    fitting.world.text(phone, f"NO {code}")
    its = re.findall(r"\b\d{5}\b", last(fitting, other))[0]
    fitting.world.text(fitting.world.phone(other), f"UNDO {its}")
    assert [row.outcome for row in fitting.world.rows(attempt) if row.undone] == ["claim"]


def claimed_by_the_other(fitting: CaseOffice, _: str, __: str) -> None:
    fitting.world.run()
    answer(fitting, "YES")


def asked_elsewhere(fitting: CaseOffice, _: str, __: str) -> None:
    fitting.world.run()
    answer(fitting, "NO")


def full(fitting: CaseOffice, before: str, _: str) -> None:
    with fitting.world.db.write() as tx:
        candidates.set_full(tx, before, fitting.world.clock() + timedelta(days=1))


def withdrawn_by_the_caller(fitting: CaseOffice, _: str, id: str) -> None:
    with fitting.world.db.write() as tx:
        tx.execute(sa.update(request).where(request.c.id == id).values(state="closed", outcome="withdrew"))


def paused_by_the_caller(fitting: CaseOffice, _: str, __: str) -> None:
    fitting.world.text(CALLER, "STOP")


def late(fitting: CaseOffice, _: str, __: str) -> None:
    fitting.world.clock.at += timedelta(minutes=10, seconds=1)


@pytest.mark.parametrize(
    ("event", "reply", "shown"),
    [
        (claimed_by_the_other, "undo_taken", "a service or a coordinator has taken it."),
        (asked_elsewhere, "undo_elsewhere", "another service is asked about it now."),
        (full, "undo_full", "takes no more requests now."),
        (withdrawn_by_the_caller, "over", ""),
        (paused_by_the_caller, "rests", ""),
        (late, "undo_late", ""),
    ],
)
def test_what_followed_stays_and_the_page_says_why(
    fitting: CaseOffice, giver: Browser, event: Callable[[CaseOffice, str, str], None], reply: str, shown: str
) -> None:
    id, before, _ = moved(fitting, giver)
    event(fitting, before, id)
    asked = held(fitting)
    page = page_of(giver, id)
    assert f'action="/requests/{id}/undo"' not in page
    assert shown in page
    assert act(giver, id, "undo") == reply
    assert held(fitting) == asked
    assert 'class="refused" role="status"' in giver.get(f"/requests/{id}?said={reply}").text
    assert "undo_give" not in actions(fitting)


def test_only_the_last_choice_is_taken_back_by_the_person_who_made_it(fitting: CaseOffice, giver: Browser) -> None:
    id, before, _ = moved(fitting, giver)
    _, second = coordinator(fitting, "second", SECOND)
    assert f'action="/requests/{id}/undo"' not in page_of(second, id)
    assert act(second, id, "undo") == "undo_late"
    assert reassign(second, id, "kg-osh") == "given"
    assert act(giver, id, "undo") == "undo_late"
    assert held(fitting) == [(before, "void")]


def test_r30_what_is_taken_back_goes_to_no_service_that_the_caller_did_not_agree_to(
    fitting: CaseOffice, giver: Browser
) -> None:
    """It may have become a line of the state in the directory since."""
    id, before, to = moved(fitting, giver)
    fitting.world.run()
    with fitting.world.db.write() as tx:
        there = services.service_by_id(tx, before)
        assert there is not None
        services.write(tx, "KG", replace(there, kind="state", regions=frozenset()))
    assert act(giver, id, "undo") == "undo_unfit"
    assert held(fitting) == [(before, "void"), (to, "open")]


def test_r30_no_third_service_gets_the_number_by_an_undo(fitting: CaseOffice, giver: Browser) -> None:
    id, before, to = moved(fitting, giver)
    fitting.world.run()
    with fitting.world.db.write() as tx:
        tx.execute(sa.update(request).values(short_form=True))
        tx.execute(sa.update(offer).where(offer.c.service == to).values(left_at=fitting.world.clock()))
    assert act(giver, id, "undo") == "undo_unfit"
    assert held(fitting) == [(before, "void"), (to, "open")]


def test_r48_nothing_is_taken_back_while_a_stop_is_unread(fitting: CaseOffice, giver: Browser) -> None:
    id, before, _ = moved(fitting, giver)
    fitting.world.public.sms("at", IncomingSms("late", msisdn(CALLER), Hidden("STOP")))
    assert act(giver, id, "undo") == "wait"
    assert held(fitting) == [(before, "void")]


def test_r27_taking_back_says_the_same_while_another_request_of_the_telephone_is_offered(
    fitting: CaseOffice, giver: Browser
) -> None:
    id, before, to = moved(fitting, giver)
    fitting.world.wait(minutes=3)
    fitting.world.ask(CALLER)
    assert act(giver, id, "undo") == "took_back"
    fitting.world.run()
    assert len([each for each in held(fitting) if each[1] in ("open", "claimed")]) == 1
    assert {before, to}.issuperset({each[0] for each in held(fitting)})
