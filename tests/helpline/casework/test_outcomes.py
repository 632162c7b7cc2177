"""Reports of a service about its calls and their effects (R7, R8, R9, R11), UNDO, and handing over."""

import pytest
import sqlalchemy as sa

from helpline.casework.freeze import FREEZES
from helpline.store.engine import Database
from helpline.store.schema import attempt, audit, harm, message, offer, request, vault
from tests.steps.by_day import RARELY
from tests.steps.caller import recipients
from tests.steps.desk import DESK, again, confirmed, only, says, second_phone, shown, states
from tests.world import CALLER, EN_STOPPED, OTHER, World

FIRST, SECOND = "kg-coordinator-1", "kg-coordinator-2"
STOP = "{}: do not call any more. Please delete the number."
FROZEN = "{} stays stopped. A mistake? Call a coordinator: two of them can lift it."
EACH = ("REACHED", "NOANSWER", "BUSY", "OFF", "HUNGUP", "BADNUMBER", "WRONG", "STRANGER", "UNSAFE")


@pytest.fixture
def world(db: Database) -> World:
    """A service where silence is not reported during the tests."""
    return World.on(db, sweep_every=RARELY, page_again_minutes=720, silent_hours=400)


def outcomes(world: World) -> list[str]:
    """Return every stored outcome."""
    rows = sorted(world.rows(attempt), key=lambda row: row.id)
    return [str(row.outcome) for row in rows if row.undone is None and row.outcome not in ("claim", "pass")]


@pytest.mark.parametrize("verb", EACH)
def test_a_call_cannot_be_reported_before_its_number_was_shown(world: World, verb: str) -> None:
    """A typo in the code. The reply says to ask for the number first."""
    _, code = world.claimed()
    assert says(world, f"{verb} {code}") == [f"{code}: first ask for the number: NUMBER {code}"]
    assert (states(world), outcomes(world)) == ([("claimed", None)], [])


@pytest.mark.parametrize("verb", ["REACHED", "NOANSWER", "BUSY", "OFF", "BADNUMBER"])
def test_a_call_has_one_outcome(world: World, verb: str) -> None:
    """A second report about it, the same or another, changes nothing."""
    code = shown(world)
    says(world, f"BUSY {code}")
    assert says(world, f"{verb} {code}") == [f"{code}: this call is already noted. To undo it: UNDO {code}"]
    assert (states(world), outcomes(world)) == ([("claimed", None)], ["busy"])


@pytest.mark.parametrize("verb", EACH)
def test_an_unclaimed_offer_cannot_have_an_outcome(world: World, verb: str) -> None:
    """The reply says to answer yes or no first."""
    world.ask()
    world.run()
    _, code = world.offered()
    assert says(world, f"{verb} {code}") == [f"{code} 1 yes, {code} 2 no. Send one of these."]
    assert (states(world), outcomes(world)) == ([("offered", None)], [])


def test_another_service_cannot_report_a_call(world: World) -> None:
    """The code of another desk opens nothing."""
    code = shown(world)
    other = world.phone("kg-bishkek")
    assert says(world, f"WRONG {code}", other) == [f"{code} для вас не открыта. Всё как было."]
    assert states(world) == [("claimed", None)]


def test_a_reached_caller_is_helped_until_done(world: World) -> None:
    """The caller is helped until the service reports the end. Then the number is erased."""
    code = shown(world)
    assert says(world, f"DONE {code}") == [f"{code}: not reached yet. When you talk to the caller: REACHED {code}"]
    assert says(world, f"REACHED {code}") == [
        f"{code}: thank you. Next call: NEXT {code} FRI 14:00. When it is over: DONE {code}"
    ]
    assert states(world) == [("reached", None)]
    world.wait(days=1, minutes=1)
    assert states(world) == [("following", None)]
    assert confirmed(world, "done done") == [f"{code}: done, thank you. Please delete the number."]
    assert states(world) == [("closed", "helped")]
    assert world.rows(vault) == []
    assert says(world, f"done {code}") == [STOP.format(code)]


def test_a_reached_caller_is_helped_for_thirty_days_at_most(db: Database) -> None:
    """The consent to be called ends earlier, the help does not. It never lasts longer than a number is stored."""
    world = World.on(db, sweep_every=RARELY, follow_days=20)
    code = shown(world)
    says(world, f"REACHED {code}")
    world.wait(days=19, hours=23)
    assert (states(world), len(world.rows(vault))) == ([("following", None)], 1)
    world.wait(hours=2)
    assert states(world) == [("closed", "helped")]
    assert world.rows(vault) == []
    assert world.inbox(world.phone(DESK))[-1] == STOP.format(code)


def test_r34_a_caller_reached_late_is_not_stored_longer(world: World) -> None:
    """Thirty days from the request, whatever `follow_days` says."""
    code = shown(world)
    world.wait(days=12)
    says(world, f"NUMBER {code}")
    says(world, f"REACHED {code}")
    world.wait(days=17, hours=23)
    assert len(world.rows(vault)) == 1
    world.wait(hours=2)
    assert (states(world), world.rows(vault)) == ([("closed", "helped")], [])


def test_a_line_is_free_when_the_caller_was_reached(world: World) -> None:
    """The next person on that phone gets an offer now (R27)."""
    code = shown(world)
    world.ask()
    world.run()
    assert {state for state, _ in states(world)} == {"claimed", "waiting"}
    says(world, f"REACHED {code}")
    world.wait(minutes=10)
    assert {state for state, _ in states(world)} == {"reached", "offered"}


@pytest.mark.parametrize(("verb", "outcome"), [("NOANSWER", "no_answer"), ("BUSY", "busy"), ("OFF", "off")])
def test_a_caller_who_was_not_reached_is_called_in_the_next_window(world: World, verb: str, outcome: str) -> None:
    """The claim stays, and the reply names the time."""
    code = shown(world)
    assert says(world, f"{verb} {code}") == [f"{code}: noted. Next, 25.11 08:00-21:00: NUMBER {code}"]
    assert (states(world), outcomes(world)) == ([("claimed", None)], [outcome])
    assert "already sent" in says(world, f"NUMBER {code}")[-1]


def test_r11_the_third_unanswered_call_is_the_last(world: World) -> None:
    """One in each window, three at most. Then the request ends and the number is erased."""
    code = shown(world)
    for verb in ("NOANSWER", "BUSY"):
        says(world, f"{verb} {code}")
        again(world, code)
        assert states(world) == [("claimed", None)]
    assert says(world, f"OFF {code}") == [STOP.format(code)]
    assert states(world) == [("closed", "unreachable")]
    assert world.rows(vault) == []


def test_r09_a_caller_who_hung_up_is_not_called_again(world: World) -> None:
    """The service is told not to call. The caller can continue with code and word."""
    code = shown(world)
    assert says(world, f"HUNGUP {code}") == [STOP.format(code)]
    assert states(world) == [("paused", None)]
    world.wait(days=2)
    assert says(world, f"NUMBER {code}") == [STOP.format(code)]
    assert states(world) == [("paused", None)]


def test_r07_after_an_unsafe_report_calls_stop_until_the_caller_resumes(world: World) -> None:
    """Nobody calls, and the number is shown to nobody."""
    code = shown(world)
    assert says(world, f"UNSAFE {code}") == [STOP.format(code)]
    assert states(world) == [("paused", None)]
    assert says(world, f"NUMBER {code}") == [STOP.format(code)]
    assert says(world, f"undo {code}") == [f"{code} stays as it is. By mistake? Please call the coordinator."]
    assert states(world) == [("paused", None)]


def test_r07_the_second_unsafe_report_ends_a_request(world: World) -> None:
    """The caller continued with code and word, and again it was not safe."""
    call = world.dial().press("2", "2").agree().press("1")
    typed = call.text
    call.press("0")
    world.run()
    code = world.offered()[1]
    for verb in ("YES", "NUMBER", "UNSAFE"):
        says(world, f"{verb} {code}")
    code_and_word = typed.split("Помните ")[1][:6], typed.split(", вы ")[1].split(".")[0]
    resume(world, *code_and_word)
    code = world.offered()[1]
    says(world, f"YES {code}")
    world.wait(days=1)
    for verb in ("NUMBER", "UNSAFE"):
        says(world, f"{verb} {code}")
    assert states(world) == [("closed", "unsafe")]
    assert world.rows(vault) == []


def resume(world: World, code: str, word: str) -> None:
    """Choose another time with code and word."""
    call = world.dial().press("2", "9", "2", "2", "1", code)
    digit = next(line.split(" ", 1)[0] for line in call.text.split("\n") if line.endswith(f" {word}"))
    call.press(digit)
    assert call.text == "Хорошо. Позвонить могут только с 08:00 до 21:00."
    world.run()


def test_a_number_that_does_not_exist_ends_a_request(world: World) -> None:
    """Nobody can call it."""
    code = shown(world)
    assert says(world, f"BADNUMBER {code}") == [STOP.format(code)]
    assert (states(world), world.rows(vault)) == ([("closed", "unreachable")], [])


@pytest.mark.engines
@pytest.mark.parametrize("verb", ["WRONG", "STRANGER"])
def test_r08_if_a_stranger_answers_the_whole_line_is_frozen(world: World, verb: str) -> None:
    """Every open request of that phone, waiting or with another service. Coordinators are called."""
    code = shown(world)
    world.ask()
    shown(world, OTHER)
    assert says(world, f"{verb} {code}") == [STOP.format(code)]
    assert sorted(states(world)) == [("claimed", None), ("frozen", None), ("frozen", None)]
    assert recipients(world, "to_ngo.frozen") == [FIRST, SECOND]
    assert [(row.source, row.what) for row in world.rows(harm)] == [("service", "wrong_person")]
    assert {row.outcome for row in world.rows(attempt)} & FREEZES


def test_r08_a_service_helping_a_caller_on_that_phone_is_told_to_stop(world: World) -> None:
    """The mother was reached and is being helped. The daughter's call is answered by somebody else."""
    mother = shown(world)
    says(world, f"REACHED {mother}")
    world.wait(days=1)
    daughter = shown(world)
    assert set(says(world, f"WRONG {daughter}")) == {STOP.format(mother), STOP.format(daughter)}
    assert states(world) == [("frozen", None), ("frozen", None)]


@pytest.mark.parametrize("verb", ["NUMBER", *EACH, "DONE", "YES", "NO", "AGAIN", "HANDED"])
def test_r08_no_number_is_shown_and_no_report_accepted_while_frozen(world: World, verb: str) -> None:
    """For no service, in no window."""
    code = shown(world)
    says(world, f"WRONG {code}")
    before, sent = outcomes(world), len(world.gateway.sent)
    world.wait(days=1)
    replies = says(world, f"{verb} {code}")
    assert replies == [STOP.format(code)]
    assert (outcomes(world), states(world)) == (before, [("frozen", None)])
    assert not any(CALLER in text for _, text in world.gateway.sent[sent:])


@pytest.mark.parametrize("since", ["an hour", "another report"])
def test_r08_the_refusal_to_undo_a_freeze_says_who_can(world: World, since: str) -> None:
    """Also once it is not the last action of this telephone any more: *nothing to undo* would send nobody to them."""
    code = shown(world)
    says(world, f"WRONG {code}")
    if since == "an hour":
        world.wait(hours=1)
    else:
        world.ask(OTHER)
        world.run()
        to, another = world.offered()
        says(world, f"YES {another}", to)
    assert says(world, f"UNDO {code}") == [FROZEN.format(code)]


def test_r08_a_service_that_did_not_freeze_is_not_told_of_the_freeze(world: World) -> None:
    """It declined the request. What another one reported later is not said to it."""
    world.ask()
    world.run()
    to, code = world.offered()
    says(world, f"NO NO {code}", to)
    other, theirs = world.offered()
    assert other != to
    says(world, f"YES {theirs}", other)
    says(world, f"NUMBER {theirs}", other)
    says(world, f"WRONG {theirs}", other)
    assert states(world) == [("frozen", None)]
    says(world, f"UNDO {code}", to)
    assert recipients(world, "to_ngo.stays_frozen") == []


def test_r08_a_service_cannot_undo_a_freeze(world: World) -> None:
    """Two coordinators together lift a mistake."""
    code = shown(world)
    says(world, f"WRONG {code}")
    assert says(world, f"UNDO {code}") == [FROZEN.format(code)]
    assert states(world) == [("frozen", None)]
    for at, who in enumerate((FIRST, SECOND)):
        phone = world.phone(who)
        lift = world.inbox(phone)[-1].split("LIFT ")[1][:5]
        world.text(phone, f"LIFT {lift}")
        assert states(world)[0][0] == ("frozen", "offered")[at]


def test_r08_a_late_report_of_a_stranger_still_freezes(world: World) -> None:
    """The call was reported as busy, then a stranger with the phone called back.

    The same after the caller was reached.
    """
    code = shown(world)
    says(world, f"BUSY {code}")
    says(world, f"WRONG {code}")
    assert states(world) == [("frozen", None)]


def test_r08_a_stranger_after_the_caller_was_reached_freezes_too(world: World) -> None:
    """The second call was answered by somebody else."""
    code = shown(world)
    says(world, f"REACHED {code}")
    assert says(world, f"STRANGER {code}") == [STOP.format(code)]
    assert states(world) == [("frozen", None)]


def test_both_the_phone_on_duty_and_the_one_that_wrote_are_told_to_stop(world: World) -> None:
    """The colleague wrote from their own phone."""
    code = shown(world)
    second = second_phone(world)
    assert says(world, f"WRONG {code}", second) == [STOP.format(code)]
    assert world.inbox(world.phone(DESK))[-1] == STOP.format(code)


@pytest.mark.engines
def test_an_outcome_can_be_undone_for_ten_minutes(world: World) -> None:
    """Then the right one can be reported."""
    code = shown(world)
    says(world, f"BUSY {code}")
    world.wait(minutes=9)
    assert says(world, f"UNDO {code}") == [f"{code}: undone. It is as before."]
    assert says(world, f"UNDO {code}") == ["Nothing to undo. UNDO works for 10 minutes, if nothing followed."]
    says(world, f"OFF {code}")
    world.wait(minutes=11)
    assert says(world, f"UNDO {code}") == ["Nothing to undo. UNDO works for 10 minutes, if nothing followed."]
    assert outcomes(world) == ["off"]


def test_reached_can_be_undone(world: World) -> None:
    """The claim continues, and the caller is called the next day."""
    code = shown(world)
    says(world, f"REACHED {code}")
    assert says(world, f"UNDO {code}") == [f"{code}: undone. It is as before."]
    assert [row.state for row in world.rows(offer)] == ["claimed"]
    again(world, code)
    world.wait(hours=1)
    assert states(world) == [("claimed", None)]


def test_reached_cannot_be_undone_once_the_line_has_moved_on(world: World) -> None:
    """The next request of that phone was offered and claimed meanwhile."""
    code = shown(world)
    world.ask()
    says(world, f"REACHED {code}")
    world.wait(minutes=5)
    to, other = world.offered()
    assert other != code
    says(world, f"YES {other}", to)
    assert {state for state, _ in states(world)} == {"reached", "claimed"}
    with world.db.write() as tx:  # it is still this phone's last report about the first request
        tx.execute(sa.update(attempt).where(attempt.c.outcome == "claim").values(actor="another"))
    assert says(world, f"UNDO {code}") == ["Nothing to undo. UNDO works for 10 minutes, if nothing followed."]
    assert {state for state, _ in states(world)} == {"reached", "claimed"}


def test_an_undone_claim_is_offered_again(world: World) -> None:
    """As long as the number was not shown."""
    to, code = world.claimed()
    assert says(world, f"UNDO {code}")[0] == f"{code}: undone. It is as before."
    assert states(world) == [("offered", None)]
    assert world.offered()[0] == to
    assert world.offered()[1] != code


def test_a_claim_cannot_be_undone_once_the_number_was_shown(world: World) -> None:
    """It can be given back or reported instead."""
    code = shown(world)
    assert says(world, f"UNDO {code}") == ["Nothing to undo. UNDO works for 10 minutes, if nothing followed."]
    assert states(world) == [("claimed", None)]


def test_a_claim_that_is_given_back_is_answered_so(world: World) -> None:
    """*No* may have meant that nobody answered. UNDO is too late as soon as another service is asked."""
    _, code = world.claimed()
    answer = f"{code}: given back, we ask another service. A mistake? Call the coordinator now."
    assert says(world, f"NO NO {code}") == [answer]


def test_a_no_can_be_undone_if_no_other_service_was_asked(world: World) -> None:
    """There is only this service. Coordinators had been called, and are not called any more."""
    only(world, DESK)
    world.ask()
    world.run()
    _, code = world.offered()
    says(world, f"NO {code}")
    assert states(world) == [("stranded", None)]
    assert says(world, f"UNDO {code}")[0] == f"{code}: undone. It is as before."
    assert states(world) == [("offered", None)]
    assert world.offered()[0] == world.phone(DESK)


def test_a_no_cannot_be_undone_once_another_service_was_asked(world: World) -> None:
    """The other one already has the text."""
    world.ask()
    world.run()
    to, code = world.offered()
    says(world, f"NO {code}")
    assert world.offered()[0] != to
    assert says(world, f"UNDO {code}") == ["Nothing to undo. UNDO works for 10 minutes, if nothing followed."]


@pytest.mark.parametrize("verb", ["BADNUMBER", "HUNGUP", "UNSAFE"])
def test_an_ended_request_cannot_be_undone(world: World, verb: str) -> None:
    """And an erased number stays erased."""
    code = shown(world)
    says(world, f"{verb} {code}")
    before = states(world)
    assert says(world, f"UNDO {code}") == [f"{code} stays as it is. By mistake? Please call the coordinator."]
    assert states(world) == before


def test_r48_undoing_an_outcome_does_not_undo_a_callers_stop(world: World) -> None:
    """The caller pressed *do not call* after the report."""
    code = shown(world)
    says(world, f"BUSY {code}")
    world.dial().press(*EN_STOPPED)
    assert says(world, f"UNDO {code}") == [
        STOP.format(code),
        f"{code} stays as it is. By mistake? Please call the coordinator.",
    ]
    assert states(world) == [("paused", None)]


def test_only_the_phone_that_reported_can_undo(world: World) -> None:
    """Two colleagues cannot undo each other's reports."""
    code = shown(world)
    second = second_phone(world)
    says(world, f"BUSY {code}")
    assert "Nothing to undo" in says(world, f"UNDO {code}", second)[0]
    assert outcomes(world) == ["busy"]


def test_a_no_gives_a_claim_back(world: World) -> None:
    """A service that has seen the number is asked to erase it, and the next one is asked.

    A report in the same text gives nothing back.
    """
    code = shown(world)
    assert says(world, f"NO {code} nobody was there")[0].startswith(f"{code} and 1 reached")
    assert states(world) == [("claimed", None)]
    assert says(world, f"NO NO {code}") == [STOP.format(code)]
    assert states(world) == [("offered", None)]
    assert world.offered()[0] != world.phone(DESK)


@pytest.mark.parametrize("no", ["NO {}", "{} нет", "no, please {}"])
def test_one_no_gives_no_claim_back(world: World, no: str) -> None:
    """It may be an answer to the offer that comes late, after a colleague's yes. The answer shows the line to send."""
    _, code = world.claimed()
    answer = f"{code} is yours, nothing was changed. To give it back: NO NO {code}"
    assert says(world, no.format(code)) == [answer]
    assert states(world) == [("claimed", None)]
    assert says(world, f"no no {code}")[0].startswith(f"{code}: given back")


def test_r28_a_request_by_sms_is_given_to_one_service_only(world: World) -> None:
    """The short form: after the number was shown, HANDED is refused, and after *no* a person is called."""
    code = shown(world)
    with world.db.write() as tx:
        tx.execute(sa.update(request).values(short_form=True))
    refused = [f"{code}: the caller did not agree to another service. Please continue."]
    assert says(world, f"HANDED {code} Osh") == refused
    assert states(world) == [("claimed", None)]
    assert says(world, f"NO NO {code}") == [STOP.format(code)]
    assert states(world) == [("stranded", None)]


def test_handing_over_asks_the_named_service(world: World) -> None:
    """Even if another is nearer. Its telephone is named, and the case stays where it is."""
    _, code = world.claimed()
    assert says(world, f"HANDED {code}") == [f"{code}: to which service? HANDED {code} and a name."]
    phone = world.phone("kg-bishkek")
    assert says(world, f"HANDED {code} to Bishkek") == [
        f"{code}: Sample Bishkek is asked. Call them now: {phone}. It stays yours until they say yes."
    ]
    assert states(world) == [("claimed", None)]
    assert "НЕТ/ДА" in world.inbox(phone)[-1]


@pytest.mark.parametrize("name", ["Sample", "nobody knows it", "x"])
def test_an_ambiguous_name_is_asked_about(world: World, name: str) -> None:
    """With at most three choices. Nothing changes."""
    _, code = world.claimed()
    (reply,) = says(world, f"HANDED {code} {name}")
    assert reply.startswith(f"{code}: to which one? HANDED {code} and a name: Sample ")
    assert reply.count("Sample") <= 3
    assert states(world) == [("claimed", None)]


def test_handing_over_to_an_unfit_service_is_refused(world: World) -> None:
    """It was not checked recently."""
    _, code = world.claimed()
    assert says(world, f"HANDED {code} Not Checked") == [
        f"{code}: Sample Not Checked cannot help. Name another or carry on."
    ]
    assert states(world) == [("claimed", None)]


def test_every_order_is_logged_with_its_phone(world: World) -> None:
    """Only with ids."""
    world.ask()
    world.run()
    _, code = world.offered()
    second = second_phone(world)
    for verb in ("YES", "NUMBER", "REACHED", "DONE DONE"):
        says(world, f"{verb} {code}", second)
    assert [(row.actor, row.action) for row in world.rows(audit)] == [
        (f"{DESK}-2", action) for action in ("claim", "reveal", "reached", "done")
    ]
    assert not any(CALLER in str(row) for row in [*world.rows(attempt), *world.rows(message)])
