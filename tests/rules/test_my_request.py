"""The rules about later changes with code and word: R8, R27, R33, R46, R48. No key is pressed here."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from helpline.caller import my_request, receive
from helpline.caller.caller_context import CallerContext
from helpline.core.phone_numbers import msisdn
from helpline.core.process_keys import FORBIDDEN, Role
from helpline.directory import replace_directory
from helpline.directory.sample import sample
from helpline.referral import ending
from helpline.request import tombstones
from helpline.request.model import State
from helpline.staff import contacts
from helpline.store import audit_log
from helpline.store.schema import audit, message, metadata, offer, request
from menus.draft import NO, PERMISSIONS, YES, Draft
from tests.steps.caller import AGREED, claim, code_of, recipients, save_draft, the_request
from tests.world import CALLER, World

Change = Callable[[CallerContext, str, int], str]
PERMITTED = Draft(**dict.fromkeys(PERMISSIONS, YES))
CHANGES: tuple[tuple[Change, str], ...] = (
    (lambda ctx, code, word: my_request.change_window(ctx, code, word, "evening", "67"), "hour"),
    (lambda ctx, code, word: my_request.permit(ctx, code, word, PERMITTED), "permissions"),
    (lambda ctx, code, word: my_request.change_detail(ctx, code, word, Draft(wish="need", new_need="legal")), "detail"),
    (lambda ctx, code, word: my_request.record_feedback(ctx, code, word, "well"), "felt"),
)


def everything(world: World) -> str:
    """Return all stored rows."""
    return str([list(row) for table in metadata.sorted_tables for row in world.rows(table)])


@pytest.mark.parametrize(("change", "reply"), CHANGES)
def test_r27_a_wrong_code_and_no_request_change_nothing_and_reply_the_same(
    world: World, change: Change, reply: str
) -> None:
    """The right code with another word, the reverse, and no code at all give the same reply to the letter."""
    nothing = change(world.public.ctx, "123456", 0)
    save_draft(world)
    world.run()
    code, word = code_of(world)
    before = everything(world)
    wrong = [(code, (word + 1) % 7), ("000000" if code != "000000" else "111111", word)]
    assert {change(world.public.ctx, *guess) for guess in wrong} == {nothing} == {"unknown"}
    assert everything(world) == before
    assert change(world.public.ctx, code, word) == reply


@pytest.mark.parametrize("change", [change for change, reply in CHANGES if reply != "felt"])
def test_r33_a_withdrawn_request_cannot_be_changed(world: World, change: Change) -> None:
    """Nor can a request that ended in another way."""
    save_draft(world)
    code, word = code_of(world)
    my_request.withdraw(world.public.ctx, code, word)
    assert change(world.public.ctx, code, word) == "withdrawn"
    world.wait(minutes=1)
    assert (world.state(), the_request(world).window) == ("closed", "any")


def test_every_status_has_its_notice(world: World) -> None:
    """In every offered language."""
    names = {reply for _, reply in CHANGES} | {"unknown", "withdrawn", "closed", *(state.value for state in State)}
    told_otherwise = {"following", "expired"}
    for language in world.public.ctx.book.languages:
        assert all(world.public.ctx.book.notice(language, f"status.{name}") for name in names - told_otherwise)


@pytest.mark.parametrize("since", [State.PAUSED, State.FROZEN])
def test_r08_r48_a_new_time_with_code_and_word_resumes_a_request(world: World, since: State) -> None:
    """After a stop of the line or for the caller's safety. A service that was asked before may be asked again."""
    save_draft(world)
    world.run()
    with world.db.write(world.clock()) as tx:
        ending.stop(tx, the_request(world), since)
    world.wait(hours=1)
    assert world.state() == since.value
    assert my_request.change_window(world.public.ctx, *code_of(world), "any", "") == "hour"
    world.run()
    assert world.state() == "offered"
    assert [(row.service, row.state) for row in world.rows(offer)] == [("kg-country", "void"), ("kg-country", "open")]


def test_r48_without_the_code_a_request_stays_paused(world: World) -> None:
    """After any number of tries."""
    save_draft(world)
    receive.pause(world.public.ctx, "stop", msisdn(CALLER))
    world.run()
    my_request.change_window(world.public.ctx, "000000", 0, "any", "")
    world.wait(days=1)
    assert world.state() == "paused"


def test_r03_a_new_time_voids_an_offer_that_does_not_fit(world: World) -> None:
    """Evenings only, and on Sunday: a service that is closed then is not asked any more."""
    services, people = sample("KG", "Asia/Bishkek", world.clock().date())
    closed = [
        replace(each, schedule=tuple(replace(line, days=line.days - {"SU"}) for line in each.schedule))
        if each.id == "kg-country" else each
        for each in services
    ]  # fmt: skip
    with world.db.write() as tx:
        replace_directory.replace_all(tx, "KG", closed, people)
    save_draft(world)
    world.run()
    my_request.change_window(world.public.ctx, *code_of(world), "evening", "7")
    world.run()
    assert [(row.service, row.state) for row in world.rows(offer)] == [("kg-country", "void"), ("kg-bishkek", "open")]


def test_r03_the_service_that_claimed_is_told_the_new_time_and_keeps_to_it(world: World) -> None:
    """The old promise ends: today the number does not leave, on Sunday evening it does."""
    save_draft(world)
    to, code = claim(world)
    assert my_request.change_window(world.public.ctx, *code_of(world), "evening", "7") == "hour"
    world.run()
    assert f"{code}: new time: 29.11 17:00-21:00, Su." in world.inbox(to)[-1]
    world.text(to, f"NUMBER {code}")
    assert CALLER not in " ".join(world.inbox(to))
    while world.clock().astimezone(world.zone).isoweekday() != 7:
        world.set_local(18)
    world.text(to, f"NUMBER {code}")
    assert CALLER in world.inbox(to)[-1]


def test_r03_a_service_that_waits_for_the_callers_day_is_not_silent(world: World) -> None:
    """Claimed on Tuesday for Sunday: it then has two days to ask for the number."""
    save_draft(world, replace(AGREED, days="7"))
    to, _ = claim(world)
    world.wait(days=6)
    assert world.state() == "claimed"
    world.wait(days=2)
    assert world.state() != "claimed"
    assert any("do not call" in text for text in world.inbox(to))


def test_r03_the_new_time_now_means_two_hours_from_the_change(world: World) -> None:
    """Not from the first save, which may be days ago."""
    save_draft(world)
    world.wait(days=2)
    world.set_local(23)
    assert my_request.change_window(world.public.ctx, *code_of(world), "now", "") == "hour"
    found = the_request(world)
    assert found.hours.since == world.clock()
    assert (found.created < found.hours.since, found.promised_from) == (True, None)


def test_a_new_time_finds_a_service_for_a_stranded_request(world: World) -> None:
    """No service is open on Sunday mornings; then the caller accepts any time."""
    services, people = sample("KG", "Asia/Bishkek", world.clock().date())
    with world.db.write() as tx:
        replace_directory.replace_all(tx, "KG", [each for each in services if each.id == "kg-naryn"], people)
    save_draft(world, replace(AGREED, place="KG-N", days="7"))
    world.run()
    assert world.state() == "stranded"
    my_request.change_window(world.public.ctx, *code_of(world), "any", "1234567")
    world.run()
    assert world.state() == "offered"


def test_r03_a_new_time_keeps_the_chosen_days(world: World) -> None:
    """Only the new answers change: nobody calls on a day that the caller left out."""
    save_draft(world, replace(AGREED, days="12345"))
    my_request.change_window(world.public.ctx, *code_of(world), "evening", "")
    (row,) = world.rows(request)
    assert (row.window, row.days) == ("evening", "12345")


def test_r03_a_new_time_from_abroad_updates_the_callers_zone(world: World) -> None:
    """The hour that the caller never gave, or another country by now."""
    save_draft(world, replace(AGREED, place="RU"))
    world.run()
    assert (world.state(), the_request(world).zone) == ("stranded", "")
    my_request.change_window(world.public.ctx, *code_of(world), "any", "", hour="7")
    world.run()
    assert (world.state(), the_request(world).zone) == ("offered", "Europe/Moscow")


def test_r04_withdrawn_permissions_hold_at_once_and_the_service_is_told(world: World) -> None:
    """The row, the card, and a text to the service with the claim."""
    save_draft(world, replace(AGREED, **dict.fromkeys(PERMISSIONS, YES), cover="delivery"))
    to, code = claim(world)
    assert "Talk to others: yes. Leave a message: yes. SMS: yes. Say who we are: yes." in world.inbox(to)[-1]
    refused = Draft(**dict.fromkeys(PERMISSIONS, NO))
    assert my_request.permit(world.public.ctx, *code_of(world), refused) == "permissions"
    assert {getattr(the_request(world), name) for name in PERMISSIONS} == {NO}
    world.run()
    assert (
        world.inbox(to)[-2] == f"{code}: from now talk to others: no, leave a message: no, SMS: no, say who we are: no."
    )
    cover = world.public.ctx.book.notice("en", "covers.delivery")
    assert world.inbox(to)[-1] == f"{code}: say you are: {cover}."


def test_r04_a_coordinator_hears_if_a_service_without_a_telephone_is_not_told(world: World) -> None:
    """Its telephone was lost after it claimed. It may go on by the old card at the console."""
    save_draft(world, replace(AGREED, **dict.fromkeys(PERMISSIONS, YES)))
    to, _ = claim(world)
    with world.db.write() as tx:
        phone = contacts.by_phone(tx, to)
        assert phone is not None
        contacts.delete(tx, [phone.id])
    my_request.permit(world.public.ctx, *code_of(world), Draft(**dict.fromkeys(PERMISSIONS, NO)))
    world.run()
    assert [row.notice for row in world.rows(message)].count("to_ngo.undelivered") == 1


def test_r04_a_permission_that_is_not_answered_again_is_no(world: World) -> None:
    """A call that drops half way through the four questions."""
    save_draft(world, replace(AGREED, **dict.fromkeys(PERMISSIONS, YES)))
    my_request.permit(world.public.ctx, *code_of(world), Draft(others_may_answer=YES))
    found = the_request(world)
    assert [getattr(found, name) == YES for name in PERMISSIONS] == [True, False, False, False]


def test_r04_no_permission_holds_for_another_telephone(world: World) -> None:
    """Its owner may be anybody."""
    kept = save_draft(world, replace(AGREED, number="0000111003", number_ok=YES))
    assert kept.number_changed
    assert my_request.permit(world.public.ctx, *code_of(world), PERMITTED) == "permissions"
    assert {getattr(the_request(world), name) for name in PERMISSIONS} == {NO}


@pytest.mark.engines
def test_r46_harm_is_registered_and_a_person_is_told(world: World) -> None:
    """The public process cannot write the audit log. A worker does so once, without the caller's words."""
    assert "audit_key" in FORBIDDEN[Role.PUBLIC]
    save_draft(world)
    claim(world)
    for _ in range(2):
        assert my_request.record_feedback(world.public.ctx, *code_of(world), "harm") == "felt"
        world.run()
    assert the_request(world).felt == "harm"
    rows = [row for row in world.rows(audit) if row.action == "harm"]
    assert [(row.actor, row.ref) for row in rows] == [("caller", the_request(world).id)]
    assert recipients(world, "to_ngo.harm") == ["kg-coordinator-1"]
    with world.db.read() as tx:
        assert audit_log.broken_at(tx, world.work.ctx.audit_key) is None


@pytest.mark.parametrize("felt", ["well", "nobody"])
def test_r46_other_answers_are_stored_and_nobody_is_told(world: World, felt: str) -> None:
    """They are counted."""
    save_draft(world)
    assert my_request.record_feedback(world.public.ctx, *code_of(world), felt) == "felt"
    world.run()
    assert (the_request(world).felt, recipients(world, "to_ngo.harm")) == (felt, [])


def test_r46_harm_can_be_reported_for_an_ended_request(world: World) -> None:
    """Harm is often known only then."""
    save_draft(world)
    my_request.withdraw(world.public.ctx, *code_of(world))
    world.run()
    assert my_request.record_feedback(world.public.ctx, *code_of(world), "harm") == "felt"
    world.run()
    assert recipients(world, "to_ngo.harm") == ["kg-coordinator-1"]


def test_r34_after_thirty_days_nothing_of_the_callers_wishes_remains(world: World) -> None:
    """Neither days, time, cover nor wished caller. Whether there was harm is counted."""
    wishes = replace(
        AGREED, days="135", cover="shop", operator_sex="woman", operator_language="ky", hour="7", place="RU"
    )
    save_draft(world, replace(wishes, number="0000111003", number_ok=YES))
    my_request.record_feedback(world.public.ctx, *code_of(world), "harm")
    my_request.withdraw(world.public.ctx, *code_of(world))
    world.run()
    assert the_request(world).other is None, "with the number goes what could find it"
    with world.db.write() as tx:
        tombstones.only_counts(tx, world.clock() + timedelta(days=30), 10)
    (row,) = world.rows(request)
    assert (row.days, row.hour, row.zone, row.cover, row.operator_sex, row.operator_language) == ("",) * 6
    assert (row.felt, row.outcome) == ("harm", "withdrew")
