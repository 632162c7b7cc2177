"""The coordinators' side: called in turn, TAKE, and LIFT by two together. How texts are read is tested elsewhere."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from helpline.caller import my_request, receive
from helpline.casework import claims, escalated_requests
from helpline.casework import freeze as freeze_steps
from helpline.casework.freeze import call_about_freezes
from helpline.directory import replace_directory
from helpline.directory.sample import sample
from helpline.referral import attend, ending
from helpline.request import requests, sealed_numbers
from helpline.request.model import CallbackRequest, State
from helpline.staff import contacts, people
from helpline.staff.desk_codes import MOST_WRONG
from helpline.staff.roles import Person, Role
from helpline.store import audit_log
from helpline.store.engine import Database
from helpline.store.schema import assent, audit, contact, desk, message, offer, request
from helpline.store.sql import new_id
from menus.draft import Draft
from tests.steps.by_day import RARELY
from tests.steps.caller import AGREED, claim, code_of, recipients, save_draft, the_request
from tests.steps.desk import Command, give_order
from tests.world import CALLER, OTHER, World

FIRST, SECOND = "kg-coordinator-1", "kg-coordinator-2"


@pytest.fixture
def world(db: Database) -> World:
    """A service that calls again after a quarter of an hour, and sends numbers by SMS to coordinators too."""
    made = World.on(db, sweep_every=RARELY)
    made.contacts_are(accepts_numbers_by_sms=True, language="en")
    return made


def alone(world: World) -> None:
    """Leave one service, which declines everything."""
    services, people = sample("KG", "Asia/Bishkek", world.clock().date())
    people = [replace(each, accepts_numbers_by_sms=True, language="en") for each in people]
    with world.db.write() as tx:
        replace_directory.replace_all(tx, "KG", [each for each in services if each.id == "kg-country"], people)


def stranded(world: World, draft: Draft = AGREED, session: str = "s1", caller: str = CALLER) -> None:
    """Ask, and have every service decline."""
    alone(world)
    save_draft(world, draft, session=session, caller=caller)
    world.run()
    to, code = world.offered()
    world.text(to, f"NO {code}")


def called(world: World, who: str) -> str:
    """Return the code of a coordinator's last call."""
    texts = [text for text in world.inbox(world.phone(who)) if "TAKE" in text or "LIFT" in text]
    return str(re.findall(r"[0-9]{5}", texts[-1])[-1])


def act(world: World, what: str, who: str, code: str) -> None:
    """Carry out an order of a coordinator about a code."""
    with world.db.write() as tx:
        person = contacts.get(tx, who)
        assert person is not None
        commands: dict[str, Command] = {
            "take": escalated_requests.take,
            "pass": escalated_requests.decline_call,
            "lift": freeze_steps.unfreeze,
            "number": claims.ask_number,
        }
        give_order(world.work.ctx, tx, person, commands[what], code)
    world.run()


@pytest.mark.engines
def test_one_coordinator_after_the_other_is_told_of_a_stranded_request(world: World) -> None:
    """Each with their own code. The second round waits twice as long, with the same codes."""
    stranded(world)
    assert world.inbox(world.phone(FIRST)) == [
        f"No service took: place not said, RU, need not said, any time. TAKE {called(world, FIRST)}"
    ]
    assert world.inbox(world.phone(SECOND)) == []
    world.wait(minutes=15)
    assert called(world, SECOND) != called(world, FIRST)
    world.wait(minutes=15)
    assert recipients(world, "to_ngo.stranded") == [FIRST, SECOND, FIRST]
    world.wait(minutes=29)
    assert len(recipients(world, "to_ngo.stranded")) == 3
    world.wait(minutes=1)
    assert recipients(world, "to_ngo.stranded") == [FIRST, SECOND, FIRST, SECOND]
    assert len(set(world.inbox(world.phone(FIRST)))) == 1
    assert [row.state for row in world.rows(offer)] == ["passed", "called", "called"]


def test_only_the_end_of_consent_ends_a_stranded_request_and_a_person_is_told(world: World) -> None:
    """For two weeks a coordinator is called at least every six hours."""
    stranded(world)
    world.wait(days=13, hours=23)
    assert world.state() == "stranded"
    assert len(recipients(world, "to_ngo.stranded")) >= 3, "those of the last day; older texts are swept"
    world.wait(hours=2)
    assert world.state() == "expired"
    assert recipients(world, "to_ngo.expired") == [FIRST]
    assert {row.state for row in world.rows(offer)} == {"passed", "void"}


def test_the_coordinator_on_duty_is_called_first(world: World) -> None:
    """Then the other one."""
    alone(world)
    with world.db.write() as tx:
        tx.execute(sa.update(contact).where(contact.c.id == FIRST).values(on_duty=False))
    save_draft(world)
    world.run()
    to, code = world.offered()
    world.text(to, f"NO {code}")
    world.wait(minutes=16)
    assert recipients(world, "to_ngo.stranded") == [SECOND, FIRST]


def test_in_danger_coordinators_are_called_every_five_minutes(world: World) -> None:
    """A quarter of an hour is too long."""
    stranded(world, Draft(language="ru", consent="yes", window="now", risk="now"))
    world.wait(minutes=6)
    assert recipients(world, "to_ngo.stranded") == [FIRST, SECOND]


def test_after_a_no_the_next_coordinator_is_called_at_once(world: World) -> None:
    """When all have said no, the round's usual time passes. Then they are called again with the same code."""
    stranded(world)
    code = called(world, FIRST)
    act(world, "pass", FIRST, code)
    assert recipients(world, "to_ngo.stranded") == [FIRST, SECOND]
    assert world.inbox(world.phone(FIRST))[-1] == f"{code}: thank you. We ask someone else."
    act(world, "take", FIRST, code)
    assert world.state() == "stranded", "this coordinator has declined it"
    act(world, "pass", SECOND, called(world, SECOND))
    assert recipients(world, "to_ngo.stranded") == [FIRST, SECOND]
    world.wait(minutes=15)
    assert recipients(world, "to_ngo.stranded") == [FIRST, SECOND, FIRST]
    act(world, "take", FIRST, code)
    assert world.state() == "claimed"


def test_a_coordinator_takes_a_request_like_a_service(world: World) -> None:
    """Card, number, audit log. The other's code opens nothing any more, and nobody is called."""
    stranded(world)
    world.wait(minutes=15)
    code, late = called(world, FIRST), called(world, SECOND)
    act(world, "take", FIRST, code)
    assert world.state() == "claimed"
    assert world.inbox(world.phone(FIRST))[-1].startswith(f"{code} is yours.")
    act(world, "take", SECOND, late)
    assert world.inbox(world.phone(SECOND))[-1] == f"{late} is not open for you. Nothing was changed."
    act(world, "number", FIRST, code)
    assert CALLER in world.inbox(world.phone(FIRST))[-1]
    act(world, "number", SECOND, late)
    assert CALLER not in " ".join(world.inbox(world.phone(SECOND)))
    (row,) = world.rows(request)
    assert [(each.actor, each.action, each.ref) for each in world.rows(audit)] == [
        (FIRST, "claim", row.id), (FIRST, "reveal", row.id),
    ]  # fmt: skip
    before = len(recipients(world, "to_ngo.stranded"))
    world.wait(hours=7)
    assert len(recipients(world, "to_ngo.stranded")) == before


def test_the_same_take_twice_is_one_claim(world: World) -> None:
    """A gateway repeats the text: the card is sent again."""
    stranded(world)
    code = called(world, FIRST)
    for _ in range(2):
        act(world, "take", FIRST, code)
    assert [row.state for row in world.rows(offer)] == ["passed", "claimed"]
    cards = [text for text in world.inbox(world.phone(FIRST)) if "is yours" in text]
    assert (len(cards), len(set(cards))) == (2, 1)


def test_another_coordinators_code_is_refused(world: World) -> None:
    stranded(world)
    act(world, "take", SECOND, called(world, FIRST))
    assert world.state() == "stranded"


def test_r49_guesses_in_one_coordinators_name_do_not_affect_the_other(world: World) -> None:
    frozen(world)
    for _ in range(MOST_WRONG + 1):
        act(world, "lift", FIRST, "00000")
    act(world, "lift", SECOND, called(world, SECOND))
    assert [row.by for row in world.rows(assent)] == [SECOND]


def test_a_coordinator_has_a_separate_code_for_each_request(world: World) -> None:
    """Two at once are never confused."""
    stranded(world)
    save_draft(world, session="s2", caller=OTHER)
    world.run()
    to, code = world.offered()
    world.text(to, f"NO {code}")
    one, two = [re.findall(r"[0-9]{5}", text)[-1] for text in world.inbox(world.phone(FIRST))]
    act(world, "take", FIRST, two)
    states = {row.session: row.state for row in world.rows(request)}
    assert sorted(states.values()) == ["claimed", "stranded"]
    act(world, "take", FIRST, one)
    assert {row.state for row in world.rows(request)} == {"claimed"}


def test_r27_a_coordinator_cannot_take_a_request_while_another_of_its_telephone_is_offered(world: World) -> None:
    """A newer request of the line is offered: one at a time, and nobody is called meanwhile."""
    stranded(world)
    code = called(world, FIRST)
    save_draft(world, session="s2")
    world.run()
    assert sorted(row.state for row in world.rows(request)) == ["offered", "stranded"]
    act(world, "take", FIRST, code)
    assert sorted(row.state for row in world.rows(request)) == ["offered", "stranded"]
    world.wait(minutes=16)
    assert recipients(world, "to_ngo.stranded") == [FIRST]
    claim_of(world)
    act(world, "take", FIRST, code)
    assert sorted(row.state for row in world.rows(request)) == ["claimed", "stranded"]


def claim_of(world: World) -> None:
    """Claim the newest offer."""
    to, code = world.offered()
    world.text(to, f"YES {code}")


def test_a_silent_coordinators_request_is_stranded_again(world: World) -> None:
    """After two days and four hours the other coordinator is told and called next."""
    stranded(world)
    code = called(world, FIRST)
    act(world, "take", FIRST, code)
    world.wait(hours=49)
    assert recipients(world, "to_ngo.silent") == [SECOND]
    assert "no report" in world.inbox(world.phone(FIRST))[-1]
    world.wait(hours=3, minutes=5)
    assert world.state() == "stranded"
    assert world.inbox(world.phone(FIRST))[-1] == f"{code}: do not call any more. Please delete the number."
    assert recipients(world, "to_ngo.stranded")[-1] == SECOND
    world.wait(minutes=16)
    again = called(world, FIRST)
    assert again != code
    act(world, "take", FIRST, again)
    assert world.state() == "claimed"


def test_a_new_service_in_the_directory_is_asked_about_stranded_requests(world: World) -> None:
    """Services are not asked twice, and a directory without a new service changes nothing."""
    stranded(world)
    code = called(world, FIRST)

    def changed() -> None:
        with world.db.write(world.clock()) as tx:
            attend.directory_changed(world.work.ctx, tx)
        world.run()

    changed()
    assert (world.state(), recipients(world, "to_ngo.stranded")) == ("stranded", [FIRST])
    services, people = sample("KG", "Asia/Bishkek", world.clock().date())
    with world.db.write() as tx:
        replace_directory.replace_all(tx, "KG", services, people)
    changed()
    assert world.state() == "offered"
    assert [(row.service, row.state) for row in world.rows(offer)] == [
        ("kg-country", "passed"), (FIRST, "void"), ("kg-bishkek", "open"),
    ]  # fmt: skip
    act(world, "take", FIRST, code)
    assert world.state() == "offered"


def test_a_desk_that_opens_again_is_asked_about_stranded_requests(world: World) -> None:
    """It was full for a week, so a person was called. Then it sends OPEN."""
    alone(world)
    with world.db.write() as tx:
        tx.execute(sa.insert(desk).values(service="kg-country", full_until=world.clock() + timedelta(days=7)))
    save_draft(world)
    world.run()
    assert world.state() == "stranded"
    world.text(world.phone("kg-country"), "OPEN")
    assert world.state() == "offered"
    assert [(row.service, row.state) for row in world.rows(offer)] == [(FIRST, "void"), ("kg-country", "open")]


def test_a_new_time_cancels_the_coordinators_call(world: World) -> None:
    """The caller changes their time: services are asked before coordinators again, and the old code opens nothing."""
    stranded(world)
    code = called(world, FIRST)
    services, people = sample("KG", "Asia/Bishkek", world.clock().date())
    with world.db.write() as tx:
        replace_directory.replace_all(tx, "KG", services, people)
    assert my_request.change_window(world.public.ctx, *code_of(world), "evening", "") == "hour"
    world.run()
    act(world, "take", FIRST, code)
    assert world.state() == "offered"


def test_r33_nobody_can_take_a_withdrawn_request(world: World) -> None:
    """The code that was just sent opens nothing."""
    stranded(world)
    code = called(world, FIRST)
    my_request.withdraw(world.public.ctx, *code_of(world))
    act(world, "take", FIRST, code)
    assert world.state() == "closed"
    assert CALLER not in " ".join(text for _, text in world.gateway.sent)


def test_if_a_text_about_danger_fails_the_next_coordinator_is_told(world: World) -> None:
    """Their phone is off. A receipt may arrive twice. After the last coordinator an error is logged."""
    cries: list[str] = []
    ctx = replace(world.work.ctx, log=lambda name, _: cries.append(name))
    world.work = replace(world.work, outgoing=replace(world.work.outgoing, ctx=ctx))
    save_draft(world, replace(AGREED, risk="now"))
    world.run()
    assert recipients(world, "to_ngo.danger") == [FIRST]
    for _ in range(2):
        fail_receipt(world, "to_ngo.danger", FIRST)
    assert (recipients(world, "to_ngo.danger"), "no_coordinator" in cries) == ([FIRST, SECOND], False)
    fail_receipt(world, "to_ngo.danger", SECOND)
    assert (recipients(world, "to_ngo.danger"), "no_coordinator" in cries) == ([FIRST, SECOND], True)


def fail_receipt(world: World, notice: str, who: str) -> None:
    """Receive a receipt that a text did not arrive."""
    sent = [row for row in world.rows(message) if (row.notice, row.recipient) == (notice, who)]
    receive.receipt(world.public.ctx, sent[-1].gateway_id, "failed")
    world.run()


def frozen(world: World) -> str:
    """Claim and freeze a request. Return the phone of its service."""
    save_draft(world)
    to, _ = claim(world)
    freeze(world, the_request(world))
    return to


def freeze(world: World, request: CallbackRequest) -> None:
    """Freeze a request as a service's order does, and call the coordinators."""
    with world.db.write(world.clock()) as tx:
        found = requests.get(tx, request.id)
        assert found is not None
        assert ending.stop(tx, found, State.FROZEN)
        line = sealed_numbers.line_of(tx, request.id)
        assert line is not None
        assert call_about_freezes(tx, line)
    world.run()


def account(world: World, login: str, contact: str, disabled: bool = False) -> None:
    """Create an account for a coordinator of the directory."""
    who = Person(new_id(), login, login, Role.COORDINATOR, "", "en", "")
    with world.db.write() as tx:
        people.add(tx, who, "hash", b"", world.clock(), "test")
        people.change(tx, who.id, {"contact": contact, "disabled": world.clock() if disabled else None})


@pytest.mark.parametrize(
    ("accounts", "state"),
    [((), "waiting"), ((False,), "waiting"), ((True,), "frozen"), ((True, False), "waiting"), ((True, True), "frozen")],
)
def test_r08_a_coordinator_with_a_disabled_account_does_not_count(
    world: World, accounts: tuple[bool, ...], state: str
) -> None:
    """Nor does their phone, unless they have another account by now."""
    frozen(world)
    for at, disabled in enumerate(accounts):
        account(world, f"c{at}", FIRST, disabled)
    for who in (FIRST, SECOND):
        act(world, "lift", who, called(world, who))
    assert (world.state() == "frozen") is (state == "frozen")


def test_r32_a_coordinator_with_a_disabled_account_takes_and_sees_nothing(world: World) -> None:
    """A person disabled at the console is also refused by phone: others are called, and their claims show nothing."""
    stranded(world)
    code = called(world, FIRST)
    act(world, "take", FIRST, code)
    account(world, "first", FIRST, disabled=True)
    world.text(world.phone(FIRST), f"NUMBER {code}")
    assert not any(CALLER in text for text in world.inbox(world.phone(FIRST)))
    before = len(world.inbox(world.phone(FIRST)))
    stranded(world, session="s2", caller=OTHER)
    world.wait(hours=1)
    assert called(world, SECOND)
    assert len(world.inbox(world.phone(FIRST))) == before


def test_r08_a_coordinator_who_left_the_directory_does_not_count(world: World) -> None:
    frozen(world)
    act(world, "lift", FIRST, called(world, FIRST))
    with world.db.write() as tx:
        tx.execute(sa.delete(contact).where(contact.c.id == FIRST))
    act(world, "lift", SECOND, called(world, SECOND))
    assert world.state() == "frozen"


@pytest.mark.engines
def test_r08_two_coordinators_together_lift_a_mistaken_freeze(world: World) -> None:
    """One alone lifts nothing. With the second it waits again, and each step is in the audit log."""
    frozen(world)
    one, two = called(world, FIRST), called(world, SECOND)
    assert world.inbox(world.phone(FIRST))[-1] == (
        f"{one}: calls stopped: wrong person or word. A mistake? Two of you: LIFT {one}"
    )
    for _ in range(3):
        act(world, "lift", FIRST, one)
        assert world.state() == "frozen"
    assert world.inbox(world.phone(FIRST))[-1] == f"{one}: noted. A second coordinator must write LIFT too."
    act(world, "lift", SECOND, one)
    assert world.state() == "frozen", "nobody else's code"
    act(world, "lift", SECOND, two)
    assert world.state() == "offered"
    assert world.inbox(world.phone(SECOND))[-1] == f"{two}: calls may go on. We ask a service again."
    id = the_request(world).id
    steps = [(row.actor, row.action) for row in world.rows(audit) if row.ref == id and "lift" in row.action]
    assert steps == [(FIRST, "lift")] * 3 + [(SECOND, "lift"), (SECOND, "lifted")]
    assert world.rows(assent) == []
    with world.db.read() as tx:
        assert audit_log.broken_at(tx, world.work.ctx.audit_key) is None


def test_r08_approvals_a_day_apart_do_not_count_together(world: World) -> None:
    """An approval of yesterday does not count."""
    frozen(world)
    act(world, "lift", FIRST, called(world, FIRST))
    world.wait(hours=24)
    act(world, "lift", SECOND, called(world, SECOND))
    assert world.state() == "frozen"
    act(world, "lift", FIRST, called(world, FIRST))
    assert world.state() == "offered"


def test_r08_an_approval_for_an_earlier_freeze_does_not_count_for_a_later_one(world: World) -> None:
    """One approved; the caller came back; it is frozen again: two must approve again."""
    frozen(world)
    act(world, "lift", FIRST, called(world, FIRST))
    my_request.change_window(world.public.ctx, *code_of(world), "any", "")
    claim(world)
    freeze(world, the_request(world))
    act(world, "lift", SECOND, called(world, SECOND))
    assert world.state() == "frozen"


def test_r08_a_lift_after_the_caller_came_back_changes_nothing(world: World) -> None:
    """It is no longer frozen. Nor does it end a pause."""
    frozen(world)
    one, two = called(world, FIRST), called(world, SECOND)
    my_request.change_window(world.public.ctx, *code_of(world), "any", "")
    world.run()
    with world.db.write(world.clock()) as tx:
        ending.stop(tx, the_request(world), State.PAUSED)
    act(world, "lift", FIRST, one)
    act(world, "lift", SECOND, two)
    assert world.state() == "paused"


def test_r08_a_lift_resumes_all_requests_of_its_line_only(world: World) -> None:
    """The newest first, one at a time."""
    save_draft(world, session="s2", caller=OTHER)
    world.run()
    save_draft(world)
    world.clock.at += timedelta(minutes=1)
    save_draft(world, session="s3")
    world.run()
    with world.db.read() as tx:
        every = {row.session: requests.get(tx, row.id) for row in world.rows(request)}
    by = {session: every[world.public.ctx.words.session("at", session)] for session in ("s1", "s2", "s3")}
    for session in ("s2", "s3", "s1"):
        found = by[session]
        assert found is not None
        freeze(world, found)
    codes = [re.findall(r"[0-9]{5}", text)[-1] for text in world.inbox(world.phone(FIRST)) if "LIFT" in text]
    others = [re.findall(r"[0-9]{5}", text)[-1] for text in world.inbox(world.phone(SECOND)) if "LIFT" in text]
    act(world, "lift", FIRST, codes[-1])
    act(world, "lift", SECOND, others[-1])
    states = {row.id: row.state for row in world.rows(request)}
    by_session = {session: states[found.id] for session, found in by.items() if found}
    assert by_session == {"s1": "waiting", "s2": "frozen", "s3": "offered"}


def test_r08_the_code_of_a_freeze_takes_no_request(world: World) -> None:
    """TAKE is for stranded requests. Frozen ones stay frozen."""
    frozen(world)
    act(world, "take", FIRST, called(world, FIRST))
    assert world.state() == "frozen"
