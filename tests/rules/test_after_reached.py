"""What a service that has reached the caller is told by SMS when the caller changes something (R3, R4, R23, R44)."""

from dataclasses import replace

import pytest

from helpline.caller import my_request
from helpline.core.jobs import Queue
from helpline.referral import ending
from helpline.referral.ending import News
from menus.draft import NO, PERMISSIONS, YES, Draft
from tests.rules.test_next_contact import reached
from tests.steps.caller import AGREED, claim, code_of, save_draft, the_request
from tests.steps.desk import says
from tests.world import CALLER, World


def told_after(world: World, to: str, before: int) -> list[str]:
    """Return the texts to a service since it had `before`, after all due work. None has the number."""
    world.run()
    assert world.state() == "reached"
    texts = world.inbox(to)[before:]
    assert not any(CALLER in text for text in texts)
    return texts


@pytest.mark.engines
def test_r03_a_service_that_reached_the_caller_is_told_other_hours(world: World) -> None:
    """It may work by SMS only: then nothing else says that the agreed hour is bad."""
    to, code = reached(world)
    before = len(world.inbox(to))
    assert my_request.change_window(world.public.ctx, *code_of(world), "morning", "") == "hour"
    (text,) = told_after(world, to, before)
    assert text.startswith(f"{code}: ")
    assert "08:00-12:00" in text


def test_r03_a_service_that_reached_the_caller_is_told_hours_that_are_open_now(world: World) -> None:
    """The number was shown in them, and a service that has reached the caller may still call in them."""
    to, _ = reached(world)
    before = len(world.inbox(to))
    my_request.change_window(world.public.ctx, *code_of(world), "any", "")
    (text,) = told_after(world, to, before)
    assert f"{world.clock():%d.%m} 08:00-21:00" in text


def test_r04_a_service_that_reached_the_caller_is_told_other_permissions(world: World) -> None:
    """A caller who takes *say who we are* back must be sure that the service knows."""
    world.contacts_are(accepts_numbers_by_sms=True, language="en")
    to, code = reached(world)
    before = len(world.inbox(to))
    my_request.permit(world.public.ctx, *code_of(world), Draft(**dict.fromkeys(PERMISSIONS, YES)))
    (text,) = told_after(world, to, before)
    assert text.startswith(f"{code}: ")
    assert "say who we are: yes" in text
    my_request.permit(world.public.ctx, *code_of(world), Draft(**dict.fromkeys(PERMISSIONS, NO)))
    assert "say who we are: no" in told_after(world, to, before)[-1]


def test_r44_a_service_that_reached_the_caller_is_told_who_should_call(world: World) -> None:
    """It gets no card, because a card says how to get the number (R34)."""
    world.contacts_are(accepts_numbers_by_sms=True, language="en")
    to, code = reached(world)
    before = len(world.inbox(to))
    assert my_request.change_detail(world.public.ctx, *code_of(world), Draft(wish="need", new_need="legal")) == "detail"
    (text,) = told_after(world, to, before)
    assert text.startswith(f"{code}, changed: ")
    assert "NUMBER" not in text


def test_r23_a_service_that_reached_the_caller_is_told_later_answers_of_the_same_call(world: World) -> None:
    """One text for each kind of change, and none for what stays the same."""
    world.contacts_are(accepts_numbers_by_sms=True, language="en")
    save_draft(world, replace(AGREED, window="day"), last=False)
    world.wait(minutes=5)
    to, code = claim(world)
    world.set_local(13)
    says(world, f"NUMBER {code}", to)
    says(world, f"REACHED {code}", to)
    before = len(world.inbox(to))
    answers = replace(AGREED, window="day", age_band="under_18", others_may_answer=YES)
    save_draft(world, answers, keys=9)
    hours, details = "new time", "changed: "
    texts = told_after(world, to, before)
    assert [hours in text for text in texts] == [False, False]
    assert sorted(details in text and "under 18" in text for text in texts) == [False, True]
    assert sum("talk to others: yes" in text for text in texts) == 1
    save_draft(world, answers, keys=10)
    assert len(told_after(world, to, before)) == len(texts)


def test_r44_a_change_just_before_the_caller_was_reached_is_told_all_the_same(world: World) -> None:
    """A card is not sent any more by then."""
    world.contacts_are(accepts_numbers_by_sms=True, language="en")
    to, code = reached(world)
    before = len(world.inbox(to))
    with world.db.write() as tx:
        (found,) = ending.holders(tx, the_request(world))
        ending.ask_to_tell(tx, found, News.CARD, Queue.DEFAULT)
    texts = told_after(world, to, before)
    assert sum(text.startswith(f"{code}, changed: ") for text in texts) == 1
    assert not any("NUMBER" in text for text in texts)
