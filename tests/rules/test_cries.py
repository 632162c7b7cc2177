"""Danger by SMS: no cap swallows it, no flood hides it, and a text that may be STOP sends nothing (R12, R18, R48)."""

import logging
from datetime import timedelta

import pytest

from helpline.casework import claims
from helpline.core.phone_numbers import Hidden, msisdn
from helpline.core.ports import IncomingSms
from helpline.referral.danger_alerts import AGAIN_AN_HOUR, LINES_AN_HOUR
from helpline.staff import contacts
from helpline.store.schema import cry, message, request
from tests.steps.caller import recipients, the_request
from tests.steps.desk import give_order
from tests.world import CALLER, OTHER, World

FIRST = "kg-coordinator-1"


def alerts(world: World) -> list[str]:
    """Return the texts to coordinators about danger, in the order of sending."""
    told = [row for row in world.rows(message) if row.notice in ("to_ngo.danger", "to_ngo.cry", "to_ngo.cries")]
    return [row.notice.removeprefix("to_ngo.") for row in sorted(told, key=lambda row: (row.updated, row.notice))]


def shown(world: World, notice: str) -> list[dict[str, object]]:
    """Return the values of the texts of one kind."""
    return [row.values for row in sorted(world.rows(message), key=lambda row: row.updated) if row.notice == notice]


def text(world: World, words: str, times: int, sender: str = CALLER) -> int:
    """Send the same text some times. Return how many replies came."""
    before = len(world.inbox(sender))
    for _ in range(times):
        world.text(sender, words)
    return len(world.inbox(sender)) - before


@pytest.mark.parametrize("words", ["SOS", "спасите меня", "S O S", "мени куткарыңыз"])
def test_r12_eight_replies_never_swallow_danger(world: World, words: str) -> None:
    """Eight unknown words use up the replies of a day. A cry is answered all the same, and becomes a request."""
    assert text(world, "хм", 9) == 8
    assert text(world, words, 1) == 1
    assert text(world, "1", 2) == 2
    assert [row.risk for row in world.rows(request)] == ["now"]
    assert recipients(world, "to_ngo.danger") == [FIRST]


@pytest.mark.parametrize("begins", ["SOS", "call"])
@pytest.mark.parametrize("before", range(4, 9))
def test_r12_no_request_is_lost_at_its_last_question(world: World, begins: str, before: int) -> None:
    """Most replies of a day are used up when somebody asks. Who answers each question has a request all the same."""
    assert text(world, "SOS", 1) == 1
    assert text(world, "хм", before - 1) == before - 1
    text(world, begins, 1)  # "call" is not answered after eight replies, but the question before is still open
    assert text(world, "1", 2) == 2
    assert len(world.rows(request)) == 1


def test_r12_a_machine_that_sends_digits_gets_no_reply_more(world: World) -> None:
    """Only an answer that leads on to a request does. Later it has one reply in ten minutes, as any other."""
    assert text(world, "call", 1) + text(world, "7", 30) == 8
    world.wait(minutes=10)
    assert text(world, "call", 1) + text(world, "7", 30) == 1


def test_r12_a_cry_has_eight_replies_of_its_own_three_times_a_day(world: World) -> None:
    """After that coordinators are alerted, without the number. The next day it begins again."""
    assert [text(world, "SOS", 8) for _ in range(3)] == [8, 8, 8]
    assert text(world, "SOS", 1) == 0
    assert alerts(world) == ["cry"]
    assert shown(world, "to_ngo.cry") == [{"count": 1}]
    assert not any(CALLER.strip("+") in sent for to, sent in world.gateway.sent if to != CALLER)
    world.wait(days=1)
    assert text(world, "SOS", 1) == 1


def test_r12_cries_of_one_telephone_alert_at_most_hourly(world: World) -> None:
    """Repeated ones raise a counter, which the next alert tells."""
    text(world, "SOS", 24)
    text(world, "SOS", 6)
    assert alerts(world) == ["cry"]
    world.wait(minutes=59)
    assert alerts(world) == ["cry"]
    world.wait(minutes=2)
    assert alerts(world) == ["cry", "cry"]
    assert [each["count"] for each in shown(world, "to_ngo.cry")] == [1, 5]
    world.wait(hours=3)
    assert len(alerts(world)) == 2, "nobody cried since"


def test_r12_one_request_of_a_line_is_in_danger(world: World) -> None:
    """The newest. Coordinators hear of the same telephone again after an hour, about the request that is open."""
    for _ in range(2):
        text(world, "SOS", 1)
        text(world, "1", 2)
        world.wait(minutes=1)
    rows = sorted(world.rows(request), key=lambda row: row.created)
    assert [row.risk for row in rows] == ["soon", "now"]
    assert alerts(world) == ["danger"]
    world.wait(hours=1)
    assert alerts(world) == ["danger", "danger"]
    told = sorted((row for row in world.rows(message) if row.notice == "to_ngo.danger"), key=lambda row: row.updated)
    assert [row.request for row in told] == [rows[0].id, rows[1].id]


def test_r12_danger_that_cannot_be_called_is_told_to_coordinators(world: World) -> None:
    """A number of a country where nobody can call: one neutral reply, and an alert."""
    assert text(world, "SOS", 1, "+12025550123") == 1
    assert alerts(world) == ["cry"]


@pytest.mark.parametrize("answered", [0, 1])
@pytest.mark.parametrize("words", ["call", "помогите", "чалгыла", "hello"])
def test_r12_who_asks_for_a_call_after_a_cry_stays_in_danger(world: World, words: str, answered: int) -> None:
    """They answer the question with words instead of a digit. Their request is in danger all the same."""
    text(world, "SOS", 1)
    text(world, "1", answered)
    text(world, words, 1)
    text(world, "1", 2)
    assert [row.risk for row in world.rows(request)] == ["now"]


@pytest.mark.parametrize("after", ["stop", "не звоните, он меня убьет"])
def test_r18_a_stop_that_came_before_a_cry_was_read_silences_it(world: World, after: str) -> None:
    """Both came while nobody read. Nothing goes out, and a coordinator is alerted, since one text was a cry."""
    world.public.sms("at", IncomingSms("cry", msisdn(CALLER), Hidden("SOS")))
    world.clock.at += timedelta(seconds=5)
    world.public.sms("at", IncomingSms("stop", msisdn(CALLER), Hidden(after)))
    world.run()
    assert world.inbox(CALLER) == []
    assert alerts(world) == ["cry"]


@pytest.mark.parametrize("forged", [pytest.param(1000, marks=pytest.mark.nightly), 200])
def test_r12_a_thousand_forged_cries_do_not_hide_a_real_one(world: World, forged: int) -> None:
    """Each forged sender cries as often as alerts a coordinator. Their texts stay few, and a real request is offered."""
    for at in range(forged):
        sms = IncomingSms(f"forged{at}", msisdn(f"+99655500{at:04}"), Hidden("stop sos"))
        world.public.sms("at", sms)
    text(world, "SOS", 1, OTHER)
    text(world, "1", 2, OTHER)
    assert [row.state for row in world.rows(request)] == ["offered"], "a service is asked at once"
    world.wait(minutes=10)
    assert alerts(world) == ["cry"] * LINES_AN_HOUR + ["cries"]
    assert shown(world, "to_ngo.cries") == [{"first": forged - LINES_AN_HOUR + 1, "again": 0}]
    world.wait(hours=4)
    assert len(alerts(world)) == LINES_AN_HOUR + 1, "one digest, and nobody cried since"


def test_r12_first_cries_come_before_repeated_ones(world: World) -> None:
    """Telephones that cry again get no text of their own while many cry; one that cries first does."""
    senders = [f"+9965550{at:05}" for at in range(AGAIN_AN_HOUR)]
    for round_ in range(2):
        for at, sender in enumerate(senders):
            world.public.sms("at", IncomingSms(f"{round_}-{at}", msisdn(sender), Hidden("stop sos")))
        world.wait(minutes=61 if round_ == 0 else 1)
        for at, fresh in enumerate(f"+9965551{at:05}" for at in range(AGAIN_AN_HOUR)):
            if round_ == 0:
                world.public.sms("at", IncomingSms(f"fresh{at}", msisdn(fresh), Hidden("stop sos")))
        world.run()
    assert alerts(world) == ["cry"] * (2 * AGAIN_AN_HOUR), "the first ones only"
    world.wait(minutes=6)
    assert shown(world, "to_ngo.cries") == [{"first": 0, "again": AGAIN_AN_HOUR}]


@pytest.mark.parametrize("sender", ["KOMEK", "1234", "+1234", "MTS Info", "996555", "+0700111001"])
@pytest.mark.parametrize("words", ["SOS", "help", "хм", "стоп"])
def test_r12_a_sender_that_is_no_telephone_gets_no_reply(
    world: World, caplog: pytest.LogCaptureFixture, sender: str, words: str
) -> None:
    """A name or a short code belongs to a company or a machine. The log says so: it may be a number in another form."""
    caplog.set_level(logging.INFO)
    world.text(sender, words)
    assert world.gateway.sent == []
    found = [vars(each)["ids"] for each in caplog.records if each.getMessage() == "text_from_no_telephone"]
    assert found == [{"about": "at"}]


UNCLEAR = ["не звоните, он меня убьет", "stop sos", "чалбаңыз, уруп жатат", "do not call my husband"]


@pytest.mark.parametrize("words", UNCLEAR)
def test_r18_what_may_be_stop_or_a_cry_sends_nothing_and_alerts_a_coordinator(world: World, words: str) -> None:
    """No reply, the request is paused, and the alert has no number."""
    world.ask()
    world.run()
    before = len(world.inbox(CALLER))
    world.text(CALLER, words)
    assert len(world.inbox(CALLER)) == before
    assert world.state() == "paused"
    assert alerts(world) == ["cry"]
    assert recipients(world, "to_ngo.cry") == [FIRST]
    assert not any(CALLER.strip("+") in sent for to, sent in world.gateway.sent if to != CALLER)


MISTAKEN = ["wrong number help me", "вы ошиблись номером, помогите", "қате нөмір көмектесіңіз", "adashdingiz yordam bering",
    "жаңылыш номер жардам бергиле", "рақам хато кӯмак кунед", "ýalňyş nomer kömek ediň",
    "wrong number please help me he has a knife"]  # fmt: skip


@pytest.mark.parametrize("words", MISTAKEN)
def test_r18_wrong_number_beside_words_of_help_may_be_either(world: World, words: str) -> None:
    """It is what a stranger writes, and what a caller says who cannot speak now (R7)."""
    text(world, words, 1)
    assert (world.inbox(CALLER), alerts(world)) == ([], ["cry"])


@pytest.mark.parametrize("unread", [False, True])
def test_r18_danger_that_is_paused_in_doubt_is_told_at_once(world: World, unread: bool) -> None:
    """Coordinators were told of it within the hour, and think that a service is asked. The same text again waits."""
    text(world, "SOS", 1)
    text(world, "1", 2)
    world.wait(minutes=1)
    world.public.sms("at", IncomingSms("doubt", msisdn(CALLER), Hidden("не звоните, он меня убьет")))
    if unread:
        with world.db.write() as tx:
            world.work.ctx.settle_stops(tx, the_request(world).id)
    world.run()
    assert (world.state(), alerts(world)) == ("paused", ["danger", "cry"])
    text(world, "не звоните, он меня убьет", 1)
    assert alerts(world) == ["danger", "cry"]


def test_r18_stop_itself_alerts_nobody(world: World) -> None:
    """It is clear what it means."""
    world.ask()
    world.text(CALLER, "не звоните мне больше")
    assert (world.state(), alerts(world)) == ("paused", [])


def test_r18_a_cry_that_has_a_stop_word_is_answered(world: World) -> None:
    """*Stop him* is a cry: it begins a dialogue in danger and pauses nothing."""
    world.ask()
    world.run()
    assert text(world, "остановите его", 1) == 1
    assert world.state() == "offered"


def test_r48_a_text_that_may_be_stop_is_obeyed_before_a_number_leaves(world: World) -> None:
    """It is unread when the service asks for the number, and is read first. A coordinator is alerted."""
    to, code = world.claimed()
    world.public.sms("at", IncomingSms("late", msisdn(CALLER), Hidden("не звоните, он меня убьет")))
    with world.db.write(world.clock()) as tx:
        who = contacts.by_phone(tx, to)
        assert who is not None
        give_order(world.work.ctx, tx, who, claims.ask_number, code)
    world.run()
    assert not any(CALLER in sent for _, sent in world.gateway.sent)
    assert (world.state(), alerts(world)) == ("paused", ["cry"])


def test_r48_a_text_that_may_be_stop_is_applied_with_the_stops(world: World) -> None:
    """Whatever is done next for any request applies it first, as it does a stop."""
    world.ask()
    world.run()
    world.public.sms("at", IncomingSms("late", msisdn(CALLER), Hidden("stop sos")))
    with world.db.write() as tx:
        world.work.ctx.settle_stops(tx, the_request(world).id)
    assert world.state() == "paused"
    world.run()
    assert alerts(world) == ["cry"]


def test_r34_what_is_known_of_cries_is_deleted_after_a_day(world: World) -> None:
    """A keyed hash of the number, and times."""
    text(world, "stop sos", 1)
    assert len(world.rows(cry)) == 1
    world.wait(days=1)
    with world.db.write() as tx:
        assert world.work.erasure.erase(tx)["cries"] == 1
    assert world.rows(cry) == []
