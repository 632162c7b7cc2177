"""The rules about consent, children and requests of one phone: R20 to R31."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from helpline.core.config import Config
from helpline.directory.sample import sample
from helpline.matching.criteria import Criteria
from helpline.matching.ranking import ranked, why_not
from helpline.request.model import covers
from helpline.store.schema import outbox, request, vault
from tests.conftest import Databases
from tests.steps.caller import AGREED, save_draft
from tests.steps.requests import waiting_request
from tests.world import CALL_ME, CALLER, MORNING, OTHER, SEE, World, contents


@pytest.mark.parametrize("kind", ["state", "police", "migration"])
def test_r20_police_and_state_lines_receive_nothing(kind: str) -> None:
    """Consent is for an NGO, so a service of another kind never fits."""
    services, _ = sample("KG", "Asia/Bishkek", MORNING.date())
    country = contents(Config()).country.for_matching
    assert why_not(services[0], Criteria(waiting_request(), country, MORNING, 90)) == ""
    assert (
        why_not(replace(services[0], kind=kind), Criteria(waiting_request(), country, MORNING, 90))
        == "consent is for an NGO only"
    )
    assert not covers(kind, MORNING + timedelta(days=1), MORNING)


def test_r23_services_prepared_for_children_come_first_if_no_age_is_given() -> None:
    """Even if others are nearer."""
    config = Config()
    country = contents(config).country.for_matching
    services, _ = sample("KG", "Asia/Bishkek", MORNING.date())
    near = replace(services[0], child_safeguarding=False)
    order = ranked([near, *services[1:]], Criteria(waiting_request(), country, MORNING, 90))
    assert order[-1].id == near.id
    assert len(order) > 1


def test_r23_an_offer_says_that_no_age_is_given(new_sqlite: Databases) -> None:
    """The service in Khujand is not prepared for children.

    It is asked last and, like the others, told of the missing age.
    """
    world = World.on(new_sqlite(), country="TJ")
    save_draft(world, replace(AGREED, place="TJ-SU", need="documents"), caller="+992600111001")
    world.run()
    asked_last = world.phone("tj-khujand")
    for _ in range(5):
        to, code = world.offered()
        language = "en" if "Request" in world.inbox(to)[-1] else "ru"
        assert world.public.ctx.book.notice(language, "to_ngo.age_not_said") in world.inbox(to)[-1]
        if to == asked_last:
            return
        world.text(to, f"NO {code}")
    raise AssertionError("it was not asked")


@pytest.mark.engines
def test_r27_each_call_makes_its_own_request_and_the_newest_goes_first(world: World) -> None:
    """A phone is not a person: two calls, two requests, one line, one at a time."""
    world.ask(last=False)
    world.wait(seconds=5)
    world.ask(last=False)
    world.wait(minutes=5)
    lines = {row.line for row in world.rows(vault)}
    assert len(lines) == 1
    states = {row.created: row.state for row in world.rows(request)}
    assert [states[at] for at in sorted(states)] == ["waiting", "offered"]


def test_r27_another_phone_has_another_line(world: World) -> None:
    """Both are offered at the same time."""
    world.ask()
    world.ask(OTHER)
    world.run()
    assert len({row.line for row in world.rows(vault)}) == 2
    assert {row.state for row in world.rows(request)} == {"offered"}


def test_r27_a_wrong_code_and_no_request_look_alike(world: World) -> None:
    """To the letter, whether or not the phone has a request."""
    world.ask()
    wrong = [world.dial(who).press(*SEE, "000000", "1").text for who in (CALLER, OTHER)]
    assert wrong[0] == wrong[1]


def test_r27_the_next_caller_sees_nothing_of_the_last_call(world: World) -> None:
    """A new call on the same phone starts empty."""
    first = world.ask(last=False)
    second = world.dial()
    assert second.text == world.dial(OTHER).text
    code = re.search("[0-9]{6}", first.text)
    assert code is not None
    assert code[0] not in second.press(*CALL_ME).agree().press("1").text


def test_r28_the_key_that_continues_differs_by_session(world: World) -> None:
    """So no habit and no link can consent."""
    drawn = {world.dial().press(*CALL_ME).text.split("\n")[-1][0] for _ in range(60)}
    assert drawn == set("1234567")


def test_r28_no_is_key_0_on_both_screens_and_stores_nothing(world: World) -> None:
    """After a no on either screen nothing is stored."""
    world.dial().press(*CALL_ME, "0")
    world.dial().press(*CALL_ME).agree().press("0")
    world.wait(minutes=10)
    assert world.rows(request) == []


def test_r28_the_consent_is_stored_with_its_text_version(world: World) -> None:
    """Version of the text, language, time and choices."""
    world.ask(language="4", window="3")
    (row,) = world.rows(request)
    assert (row.content, row.language, row.created, row.window, row.short_form) == (
        world.public.ctx.book.digest, "en", world.clock(), "day", False,
    )  # fmt: skip


def test_r28_by_sms_the_short_form_is_recorded(world: World) -> None:
    """One NGO, no handover."""
    for text in ("help", "1", "1"):
        world.text(CALLER, text)
    (row,) = world.rows(request)
    assert row.short_form


def test_r29_nothing_leaves_before_both_answers_are_yes(world: World) -> None:
    """Until the second consent screen nobody is told of the caller."""
    world.dial().press(*CALL_ME).agree()
    world.wait(minutes=30)
    assert world.gateway.sent == []
    assert world.rows(vault) == []


def test_r30_consent_expires_and_then_nobody_is_asked(world: World) -> None:
    """After fourteen days an unanswered request ends, its number is erased, and a person is told."""
    world.ask()
    world.wait(days=13, hours=23)
    assert world.state() in ("offered", "stranded", "waiting")
    world.wait(hours=2)
    assert world.state() == "expired"
    assert world.rows(vault) == []
    assert "без ответа" in world.inbox(world.phone("kg-coordinator-1"))[-1]


def test_r30_a_worker_plans_the_end_of_the_consent_as_soon_as_it_attends(world: World) -> None:
    """The caller's own hop only wakes that worker, so that it takes less time."""
    world.ask(last=False)
    assert [row.kind for row in _planned(world)] == ["attend"]
    world.wait(minutes=5)
    assert _ends(world) == [world.rows(request)[0].expires]


def test_r30_a_stop_before_a_worker_attends_plans_the_end_of_the_consent(world: World) -> None:
    """Nobody attends to a stopped request."""
    world.ask(last=False)
    world.text(CALLER, "STOP")
    assert world.state() == "paused"
    assert _ends(world) == [world.rows(request)[0].expires]


def _planned(world: World) -> list[Any]:
    """Return the rows of the outbox about the request."""
    (asked,) = world.rows(request)
    return [row for row in world.rows(outbox) if row.ref == asked.id]


def _ends(world: World) -> list[datetime]:
    """Return when the request is to end."""
    return [row.due for row in _planned(world) if row.kind == "expire"]
