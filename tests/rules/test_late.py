"""Late reports count after a claim has ended, and one phone is not called twice in a window (R8, R11)."""

from typing import Any

import pytest
import sqlalchemy as sa

from helpline.caller import my_request, receive
from helpline.core.jobs import Job
from helpline.core.phone_numbers import Hidden, msisdn
from helpline.core.ports import IncomingSms, SendFailed
from helpline.referral import ending
from helpline.request import requests
from helpline.request.model import State
from helpline.store import arrivals
from helpline.store.engine import Database
from helpline.store.schema import attempt, harm, message, offer, request, vault
from menus.draft import Draft
from menus.keywords import Category
from tests.steps.by_day import RARELY
from tests.steps.caller import recipients, save_draft
from tests.steps.desk import again, says, shown, states
from tests.world import CALLER, World

FIRST, SECOND = "kg-coordinator-1", "kg-coordinator-2"
CLOSED = "{} is not open for you. Nothing was changed."
OVER = "{} is over for you. You do not need to answer any more."
STOP = "{}: do not call any more. Please delete the number."


@pytest.fixture
def world(db: Database) -> World:
    """A service where silence is not reported during the tests. Every desk writes English and gets numbers."""
    world = World.on(db, sweep_every=RARELY, page_again_minutes=720, silent_hours=400)
    world.contacts_are(accepts_numbers_by_sms=True, language="en")
    return world


def numbers_sent(world: World) -> int:
    """Count the texts that contained the caller's number."""
    return sum(CALLER in text for _, text in world.gateway.sent)


def claim_and_ask(world: World, code_before: str = "") -> tuple[str, str]:
    """Say yes to the newest offer and ask for its number. Return the phone that was asked, and the code."""
    to, code = world.offered()
    assert code != code_before
    world.text(to, f"YES {code}")
    world.text(to, f"NUMBER {code}")
    return to, code


def not_delivered(world: World) -> None:
    """Receive a receipt that the first text with the number did not arrive."""
    sent = next(row.gateway_id for row in world.rows(message) if row.notice == "to_ngo.number")
    receive.receipt(world.public.ctx, sent, "failed")
    world.run()


def next_day(world: World, code: str) -> tuple[str, str]:
    """Claim as another service and get the number tomorrow. Return its phone and code."""
    to, its = world.offered()
    assert its != code
    world.text(to, f"YES {its}")
    world.wait(days=1)
    world.text(to, f"NUMBER {its}")
    return to, its


def lifts(world: World) -> dict[str, str]:
    """Return the code by which each coordinator was last called about a freeze."""
    texts = {who: [text for text in world.inbox(world.phone(who)) if "stopped" in text] for who in (FIRST, SECOND)}
    return {who: its[-1][:5] for who, its in texts.items()}


def resume(world: World, since: State) -> None:
    """Return as the caller with code and word, so that the request continues."""
    with world.db.write(world.clock()) as tx:
        my_request.set_window(tx, requests.in_state(tx, since)[0], {"window": "any"})
    world.run()


def reports(world: World, outcome: str) -> list[sa.Row[Any]]:
    """Return the stored reports with this outcome."""
    return [row for row in world.rows(attempt) if row.outcome == outcome]


@pytest.mark.parametrize("verb", ["STRANGER", "WRONG"])
def test_r08_a_stranger_can_be_reported_after_the_claim_was_given_back(world: World, verb: str) -> None:
    """The request waits or is offered by then. It is frozen, a harm is recorded, and coordinators are called."""
    code = shown(world)
    says(world, f"NO NO {code}")
    assert says(world, f"{verb} {code}")[-1] == STOP.format(code)
    assert (states(world), len(world.rows(harm))) == ([("frozen", None)], 1)
    assert recipients(world, "to_ngo.frozen")


def test_r08_a_late_report_freezes_a_line_that_another_service_has(world: World) -> None:
    """The service that has claimed it by then is told not to call."""
    code = shown(world)
    world.ask()
    world.run()
    says(world, f"NO NO {code}")
    world.run()
    to, second = world.offered()
    world.text(to, f"YES {second}")
    says(world, f"STRANGER {code}")
    assert states(world) == [("frozen", None)] * 2
    assert not [row for row in world.rows(offer) if row.state in ("open", "claimed")]


def test_r08_a_report_counts_despite_a_failed_receipt(world: World) -> None:
    """Receipts can be wrong: a person who reports a stranger has called."""
    code = shown(world)
    not_delivered(world)
    assert says(world, f"STRANGER {code}")
    assert (states(world), len(world.rows(harm))) == ([("frozen", None)], 1)


def test_r08_a_late_report_counts_despite_a_failed_receipt(world: World) -> None:
    """The service gave the claim back after the receipt."""
    code = shown(world)
    not_delivered(world)
    says(world, f"NO NO {code}")
    says(world, f"STRANGER {code}")
    assert states(world) == [("frozen", None)]


def test_r08_a_stranger_is_reported_even_after_the_caller_hung_up(world: World) -> None:
    """The request is already paused and stays so. A person is told of the harm."""
    code = shown(world)
    says(world, f"HUNGUP {code}")
    says(world, f"STRANGER {code}")
    assert (states(world), len(world.rows(harm))) == ([("paused", None)], 1)
    assert recipients(world, "to_ngo.harm")


def test_r08_a_late_report_about_a_frozen_line_freezes_it_again(world: World) -> None:
    """An approval from before the report does not count, and its code lifts nothing: both must approve again."""
    code = shown(world)
    says(world, f"NO NO {code}")
    to, second = next_day(world, code)
    world.text(to, f"STRANGER {second}")
    before = lifts(world)
    world.text(world.phone(FIRST), f"LIFT {before[FIRST]}")
    assert says(world, f"WRONG {code}")[-1] == STOP.format(code)
    assert [row.outcome for row in world.rows(attempt)][-1] == "wrong_code_word"
    world.text(world.phone(SECOND), f"LIFT {before[SECOND]}")
    assert world.inbox(world.phone(SECOND))[-1] == OVER.format(before[SECOND])
    for who, new_code in lifts(world).items():
        assert (states(world), new_code != before[who]) == ([("frozen", None)], True)
        world.text(world.phone(who), f"LIFT {new_code}")
    assert states(world) != [("frozen", None)]


def test_r08_the_same_late_report_twice_counts_once(world: World) -> None:
    """A repeated text does not cancel later approvals of coordinators."""
    code = shown(world)
    says(world, f"STRANGER {code}")
    world.text(world.phone(FIRST), f"LIFT {lifts(world)[FIRST]}")
    assert says(world, f"STRANGER {code}") == [STOP.format(code)]
    world.text(world.phone(SECOND), f"LIFT {lifts(world)[SECOND]}")
    assert states(world) != [("frozen", None)]


def test_r08_a_line_with_only_paused_requests_is_frozen_too(world: World) -> None:
    """Paused requests stay so. A new request of that phone is offered to no service until the caller returns."""
    code = shown(world)
    says(world, f"HUNGUP {code}")
    says(world, f"STRANGER {code}")
    world.wait(days=1)
    before = len(world.rows(offer))
    world.ask()
    world.run()
    assert states(world) == [("paused", None), ("stranded", None)]
    assert {row.service for row in world.rows(offer)[before:]} <= {FIRST, SECOND}
    resume(world, State.PAUSED)
    world.wait(days=1)
    assert {row.service for row in world.rows(offer)[before:]} - {FIRST, SECOND}


def test_r08_a_report_about_an_ended_request_freezes_its_paused_line(world: World) -> None:
    """The first request's number is erased and the second is paused by a stop. A third is offered to no service."""
    code = shown(world)
    world.ask()
    world.run()
    says(world, f"BADNUMBER {code}")
    world.text(CALLER, "STOP")
    says(world, f"STRANGER {code}")
    world.wait(days=1)
    before = len(world.rows(offer))
    world.ask()
    world.run()
    assert {row.service for row in world.rows(offer)[before:]} <= {FIRST, SECOND}


def test_r08_a_freeze_outlives_the_request_that_was_frozen(world: World) -> None:
    """The consent to the first ends. Requests made on that phone meanwhile are still offered to no service."""
    says(world, f"STRANGER {shown(world)}")
    world.wait(days=13)
    world.ask()
    world.run()
    before = len(world.rows(offer))
    world.wait(days=3)
    assert states(world) == [("expired", None), ("stranded", None)]
    assert {row.service for row in world.rows(offer)[before:]} <= {FIRST, SECOND}


def test_r08_two_unsafe_reports_do_not_end_a_frozen_request(world: World) -> None:
    """The report is stored and the line stays frozen. An end would let later requests through."""
    first = shown(world)
    says(world, f"UNSAFE {first}")
    resume(world, State.PAUSED)
    to, second = next_day(world, first)
    world.text(to, f"NO NO {second}")
    other, third = next_day(world, second)
    world.text(other, f"STRANGER {third}")
    world.text(to, f"UNSAFE {second}")
    assert (states(world), len(reports(world, "not_safe_now"))) == ([("frozen", None)], 2)


def test_r08_a_number_given_later_is_frozen_with_the_called_one(world: World) -> None:
    """A service called the first number and gave it back. Another number is named by then: both are frozen."""
    code = shown(world)
    first = world.rows(offer)[0].request
    world.ask()
    world.run()
    says(world, f"NO NO {code}")
    with world.db.write() as tx:
        tx.execute(sa.update(vault).where(vault.c.request == first).values(line="another", caller=b"another"))
    says(world, f"STRANGER {code}")
    assert states(world) == [("frozen", None)] * 2


@pytest.mark.parametrize("verb", ["UNSAFE", "HUNGUP"])
def test_r08_a_late_unsafe_report_pauses_the_request_once(world: World, verb: str) -> None:
    """A repeated text is one report: the second does not end the request."""
    code = shown(world)
    says(world, f"NO NO {code}")
    assert says(world, f"{verb} {code}")[-1] == STOP.format(code)
    assert says(world, f"{verb} {code}") == [STOP.format(code)]
    assert states(world) == [("paused", None)]
    assert [row.outcome for row in world.rows(attempt) if row.outcome in ("not_safe_now", "hung_up")] != []


@pytest.mark.parametrize("verb", ["STRANGER", "WRONG", "UNSAFE", "HUNGUP"])
def test_r08_a_service_that_never_saw_the_number_cannot_freeze_its_line(world: World, verb: str) -> None:
    """Neither a service that declined, nor one that claimed and gave back without seeing the number."""
    _, code = world.claimed()
    says(world, f"NO NO {code}")
    before = states(world)
    assert says(world, f"{verb} {code}") == [OVER.format(code)]
    assert (states(world), world.rows(harm)) == (before, [])


def test_r08_a_report_after_two_days_is_refused(world: World) -> None:
    """It is no longer known whose call it was."""
    code = shown(world)
    says(world, f"NO NO {code}")
    world.wait(days=3)
    assert says(world, f"STRANGER {code}") == [CLOSED.format(code)]


def test_r08_late_reports_of_unanswered_calls_are_refused(world: World) -> None:
    """Only reports about the caller's safety count. *No answer* for an ended claim means nothing."""
    code = shown(world)
    says(world, f"NO NO {code}")
    before = states(world)
    assert says(world, f"NOANSWER {code}") == [STOP.format(code)]
    assert states(world) == before


def test_r08_a_report_about_an_erased_request_freezes_its_line(world: World) -> None:
    """The first request has ended and its number is erased. A second request of the same phone waits."""
    code = shown(world)
    world.ask()
    world.run()
    says(world, f"BADNUMBER {code}")
    world.run()
    assert world.offered()[1] != code
    says(world, f"STRANGER {code}")
    assert sorted(states(world)) == [("closed", "unreachable"), ("frozen", None)]
    world.run()
    assert recipients(world, "to_ngo.frozen")


def test_r11_an_ended_request_leaves_its_used_window_to_its_line(world: World) -> None:
    """Its number is erased, but the other request has the same number."""
    code = shown(world)
    world.ask()
    world.run()
    says(world, f"BADNUMBER {code}")
    world.run()
    claim_and_ask(world, code)
    assert (sorted(states(world)), numbers_sent(world)) == ([("claimed", None), ("closed", "unreachable")], 1)


def test_r11_an_ended_request_leaves_its_calls_to_its_line(world: World) -> None:
    """Three times for a line, not for a request: the fourth time is refused on another day too."""
    code = shown(world)
    again(world, code)
    again(world, code)
    world.ask()
    world.run()
    says(world, f"BADNUMBER {code}")
    world.run()
    to, second = claim_and_ask(world, code)
    world.wait(days=1)
    world.text(to, f"NUMBER {second}")
    assert (sorted(states(world)), numbers_sent(world)) == ([("claimed", None), ("closed", "unreachable")], 3)


def test_r11_after_all_requests_of_a_line_ended_nothing_links_to_the_next(world: World) -> None:
    """The last erasure cuts the link of all its offers (R34)."""
    code = shown(world)
    world.ask()
    world.run()
    says(world, f"BADNUMBER {code}")
    _, second = claim_and_ask(world, code)
    world.wait(days=1)
    says(world, f"NUMBER {second}")
    says(world, f"BADNUMBER {second}")
    world.run()
    rows = world.rows(offer)
    assert len({row.line for row in rows}) == len({row.request for row in rows}) == 2


@pytest.mark.engines
def test_r11_a_telephone_is_not_called_twice_in_windows_that_overlap(world: World) -> None:
    """Called at five to twelve in the all-day window, and not again for the request of the afternoon."""
    world.set_local(11, 55)
    code = shown(world)
    world.ask(window="3")
    world.run()
    says(world, f"BADNUMBER {code}")
    world.wait(minutes=10)
    to, second = claim_and_ask(world, code)
    assert (sorted(states(world)), numbers_sent(world)) == ([("claimed", None), ("closed", "unreachable")], 1)
    world.wait(days=1)
    world.text(to, f"NUMBER {second}")
    assert numbers_sent(world) == 2


def test_r11_a_call_counts_for_the_time_when_it_happened(world: World) -> None:
    """Called at ten to twelve in a window from eight. The two hours of another request had begun: nobody is asked."""
    world.set_local(11, 40)
    world.ask(window="2")
    world.run()
    to, code = world.offered()
    world.text(to, f"YES {code}")
    world.wait(minutes=5)
    save_draft(world, Draft(language="ru", consent="yes", window="now"), session="two hours")
    world.wait(minutes=5)
    world.text(to, f"NUMBER {code}")
    world.text(to, f"BADNUMBER {code}")
    world.wait(minutes=20)
    assert (sorted(states(world)), numbers_sent(world)) == ([("closed", "unreachable"), ("stranded", None)], 1)


def test_r11_an_unsent_number_does_not_use_the_window(world: World) -> None:
    """A claim is given back while its text with the number still waits. The next service may call at once."""
    to, code = world.claimed()
    for id, verb in enumerate(("NUMBER", "NO NO")):
        world.public.sms("at", IncomingSms(f"at-once-{id}", msisdn(to), Hidden(f"{verb} {code}")))
    world.work.step(Job.READ_ORDERS)
    with world.db.write() as tx:  # another worker, before the text with the number is sent
        world.work.inbound.read(tx, *arrivals.unread(tx, Category.ORDER))
    world.run()
    assert numbers_sent(world) == 0
    next_to, _ = claim_and_ask(world, code)
    assert (next_to != to, numbers_sent(world)) == (True, 1)


def test_r11_a_sent_number_uses_the_window_even_if_the_claim_is_given_back(world: World) -> None:
    """The caller may have been called before, so the next service waits for the next window."""
    code = shown(world)
    says(world, f"NO NO {code}")
    claim_and_ask(world, code)
    assert numbers_sent(world) == 1


def test_r11_a_number_that_may_have_been_sent_uses_the_window(world: World) -> None:
    """The claim is given back between two tries, and nobody knows the result of the first."""
    to, code = world.claimed()
    world.gateway.fails = [SendFailed("busy", retry=True)]
    world.text(to, f"NUMBER {code}")
    world.text(to, f"NO NO {code}")
    world.wait(minutes=1)
    assert (numbers_sent(world), world.rows(request)[0].reveals) == (0, 1)
    next_to, next_code = claim_and_ask(world, code)
    assert (next_to != to, numbers_sent(world)) == (True, 0)
    world.wait(days=1)
    world.text(next_to, f"NUMBER {next_code}")
    assert numbers_sent(world) == 1


def test_r11_a_call_reported_the_next_day_counts_for_its_own_day(world: World) -> None:
    """*No answer*, reported this morning, is about last night's call. This morning's window is not used."""
    world.set_local(20, 30)
    code = shown(world)
    world.set_local(8, 30)
    says(world, f"NOANSWER {code}")
    assert CALLER in says(world, f"NUMBER {code}")[-1]


def test_r11_a_reported_call_counts_despite_a_failed_receipt(world: World) -> None:
    """The gateway reports an hour later that the number did not arrive, but the caller was called."""
    code = shown(world)
    says(world, f"NOANSWER {code}")
    not_delivered(world)
    says(world, f"NUMBER {code}")
    assert (numbers_sent(world), world.rows(request)[0].reveals) == (1, 1)


def test_r11_unanswered_calls_before_a_reached_one_do_not_count_for_the_next_request(world: World) -> None:
    """Reached at the third call: the next request of that phone has three calls of its own."""
    code = shown(world)
    for verb in ("NOANSWER", "BUSY", "REACHED"):
        says(world, f"{verb} {code}")
        if verb != "REACHED":
            again(world, code)
    world.ask()
    world.run()
    to, second = world.offered()
    world.text(to, f"YES {second}")
    for _ in range(3):
        assert "claimed" in dict(states(world))
        world.wait(days=1)
        world.text(to, f"NUMBER {second}")
        world.text(to, f"NOANSWER {second}")
    assert numbers_sent(world) == 6
    assert states(world)[1] == ("closed", "unreachable")


@pytest.mark.parametrize("verb", ["UNSAFE", "HUNGUP"])
def test_r11_an_unsafe_report_pauses_all_requests_of_the_telephone(world: World, verb: str) -> None:
    """All of them are paused, as by a stop."""
    code = shown(world)
    world.ask()
    world.run()
    says(world, f"{verb} {code}")
    assert states(world) == [("paused", None)] * 2


def test_r11_twice_not_safe_ends_one_request_and_pauses_the_others(world: World) -> None:
    """The phone is the same, and as unsafe (R7)."""
    code = shown(world)
    says(world, f"UNSAFE {code}")
    world.wait(days=1)
    with world.db.write(world.clock()) as tx:
        ending.resume(tx, requests.in_state(tx, State.PAUSED)[0], world.clock())
    world.run()
    to, second = claim_and_ask(world, code)
    world.ask()
    world.run()
    world.text(to, f"UNSAFE {second}")
    world.run()
    assert sorted(states(world)) == [("closed", "unsafe"), ("paused", None)]


def test_r11_a_late_failed_receipt_frees_only_its_own_window(world: World) -> None:
    """Last night's text is reported as failed after this morning's number left.

    This morning's window stays used (R32).
    """
    world.set_local(20, 30)
    code = shown(world)
    world.set_local(8, 30)
    says(world, f"NUMBER {code}")
    before = numbers_sent(world)
    not_delivered(world)
    says(world, f"NUMBER {code}")
    assert (before, numbers_sent(world)) == (2, 2)


def test_r11_a_repeated_failed_receipt_frees_the_window_once(world: World) -> None:
    """The text did not arrive and was sent again. The same receipt again does not open the window a second time."""
    code = shown(world)
    not_delivered(world)
    says(world, f"NUMBER {code}")
    not_delivered(world)
    says(world, f"NUMBER {code}")
    assert numbers_sent(world) == 2
