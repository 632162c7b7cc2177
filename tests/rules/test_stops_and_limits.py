"""The rules about stops and limits: R48 and R49."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from helpline.caller import my_request
from helpline.casework import claims
from helpline.core.phone_numbers import Hidden, msisdn
from helpline.core.ports import IncomingSms
from helpline.staff import contacts
from helpline.store.schema import outbox as outbox_table
from helpline.store.schema import request, vault
from menus.salt import marks
from menus.tree import Option
from tests.steps.desk import give_order
from tests.world import CALL_ME, CALLER, OTHER, STOPPED, World


def test_r48_after_a_withdrawal_the_same_call_can_still_stop(world: World) -> None:
    """*Do not call* still works in the call whose request was withdrawn."""
    call = world.ask(last=False)
    (row,) = world.rows(request)
    mark = marks(world.public.ctx.words.salt("at", call.session), row.draws)
    my_request.withdraw(world.public.ctx, mark.code, mark.word)
    world.ask()
    world.wait(minutes=1)
    assert call.press(*STOPPED).text.startswith("Пауза: не звоним.")
    world.run()
    assert sorted(found.state for found in world.rows(request)) == ["closed", "paused"]


def test_r48_a_service_that_was_asked_is_told_that_it_need_not_answer(world: World) -> None:
    """In neutral words, and a late *yes* is answered with the same: it does not look like a wrong code."""
    world.contacts_are(language="en")
    world.ask()
    world.run()
    to, code = world.offered()
    world.dial().press(*STOPPED)
    world.run()
    gone = f"{code} is over for you. You do not need to answer any more."
    assert world.inbox(to)[-1] == gone
    sent = len(world.inbox(to))
    world.text(to, f"YES {code}")
    assert world.inbox(to)[sent:] == [gone]
    assert world.state() == "paused"


def test_r48_a_stop_before_the_text_leaves_stops_the_number(world: World) -> None:
    """The service has asked and the text waits. The caller presses *do not call*, and the text does not leave."""
    to, code = world.claimed()
    with world.db.write(world.clock()) as tx:
        who = contacts.by_phone(tx, to)
        assert who is not None
        give_order(world.work.ctx, tx, who, claims.ask_number, code)
    world.dial().press(*STOPPED)
    later = world.clock() + timedelta(seconds=1)
    with world.db.write() as tx:  # the stop is last in turn, so the text would go first
        tx.execute(sa.update(outbox_table).where(outbox_table.c.kind == "stop").values(due=later))
    world.run()
    assert not any(CALLER in text for _, text in world.gateway.sent)


def test_r48_an_unread_stop_by_sms_is_obeyed_first(world: World) -> None:
    """The same with a text."""
    to, code = world.claimed()
    world.public.sms("at", IncomingSms("late", msisdn(CALLER), Hidden("стоп")))
    with world.db.write(world.clock()) as tx:
        who = contacts.by_phone(tx, to)
        assert who is not None
        give_order(world.work.ctx, tx, who, claims.ask_number, code)
    world.run()
    assert not any(CALLER in text for _, text in world.gateway.sent)
    assert world.state() == "paused"


def test_r48_do_not_call_needs_no_code_and_always_shows_the_same(world: World) -> None:
    """With or without a request: one screen, and every open request of the line is paused."""
    without = world.dial().press(*STOPPED).text
    world.ask()
    world.run()
    assert world.dial().press(*STOPPED).text == without
    world.run()
    assert world.state() == "paused"
    assert len(world.rows(vault)) == 1, "paused, not erased"


def test_r48_a_stop_is_obeyed_before_a_claim_or_a_reveal(world: World) -> None:
    """The stop is unread when the service asks for the number, and is read first."""
    to, code = world.claimed()
    world.dial().press(*STOPPED)
    with world.db.write(world.clock()) as tx:
        who = contacts.by_phone(tx, to)
        assert who is not None
        give_order(world.work.ctx, tx, who, claims.ask_number, code)
    world.run()
    assert not any(CALLER in text for _, text in world.gateway.sent)


def test_r48_the_screen_of_a_stop_names_the_way_back(world: World) -> None:
    """In each language, by the words of the menu: it is a pause, and who only wanted a rest must find back."""
    book = world.public.ctx.book
    for language in book.languages:
        menu = book.page(language, "start.home_more", 0)
        (my_request_is,) = (line[2:] for line in menu.text.split("\n") if line.startswith("2 "))
        option = menu.keys["2"]
        assert isinstance(option, Option)
        assert option.goto == "request.wish"
        assert my_request_is in book.page(language, "start.stopped", 0).text


def test_r48_another_phone_cannot_pause_the_caller(world: World) -> None:
    """Only the line itself."""
    world.ask()
    world.run()
    world.dial(OTHER).press(*STOPPED)
    world.run()
    assert world.state() == "offered"


def test_r48_a_new_call_after_a_stop_makes_a_new_request(world: World) -> None:
    """As usual."""
    world.ask()
    world.dial().press(*STOPPED)
    world.run()
    world.wait(minutes=1)
    world.ask()
    world.run()
    assert sorted(row.state for row in world.rows(request)) == ["offered", "paused"]


def test_r49_after_twenty_reveals_a_day_the_coordinator_must_help(world: World) -> None:
    """A service that asks for more is referred to the coordinator."""
    config = world.config.model_copy(update={"reveals_a_day": 1})
    to, code = world.claimed()
    world.text(to, f"NUMBER {code}")
    world.ask(OTHER)
    world.run()
    to2, code2 = world.offered()
    assert to2 == to
    world.text(to, f"YES {code2}")
    with world.db.write(world.clock()) as tx:
        who = contacts.by_phone(tx, to)
        assert who is not None
        give_order(replace(world.work.ctx, config=config), tx, who, claims.ask_number, code2)
    world.run()
    assert not any(OTHER in text for _, text in world.gateway.sent)


@pytest.mark.parametrize("text", ["STOP", "wrong number", "Вы ошиблись номером", "Қате нөмір", "Жаңылыш чалдыңыз",
    "Рақам хато", "Adashdingiz", "Ýalňyş nomer"])  # fmt: skip
def test_r18_a_stranger_called_by_mistake_stops_it_with_one_text(world: World, text: str) -> None:
    """Two callers have named the stranger's number, each on their own phone. Both requests stop, and no reply goes."""
    for caller in (CALLER, "+996000111003"):
        call = world.dial(caller).press(*CALL_ME).agree().press("1").press("1", "0", "1", "0", "0", *"11211")
        call.press("1", "9", "3", OTHER.removeprefix("+996"), "1", "1", "0")
    world.run()
    world.text(OTHER, text)
    assert [row.state for row in world.rows(request)] == ["paused", "paused"]
    sent = len(world.gateway.sent)
    world.wait(days=3)
    assert (len(world.gateway.sent), world.inbox(OTHER)) == (sent, [])
