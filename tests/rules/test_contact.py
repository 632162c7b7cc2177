"""The rules about calls and texts: R1 to R18. Each test has the number of its rule in its name."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from helpline.authoring.unsaid import unsaid_words
from helpline.caller import my_request
from helpline.content.reviews import guarded
from helpline.content.sources import read_sources
from helpline.core.call_windows import LAST_MINUTES, WINDOWS, Hours, may_show_number, next_window, open_window, span_of
from helpline.core.config import Config
from helpline.core.phone_numbers import Hidden, Msisdn, msisdn
from helpline.core.ports import Delivery, IncomingSms, SendFailed
from helpline.messaging.outgoing import may_go_to_caller
from helpline.request import requests
from helpline.request.model import CallbackRequest
from helpline.store import outbox, texts_out
from helpline.store.schema import audit, inbox, metadata, offer, request
from helpline.store.texts_out import Message
from menus.draft import ANSWERS, NOT_SAID, PERMISSIONS, PRESET, Draft
from menus.tree import Ask
from tests.steps.witness import KEPT
from tests.world import CALL_ME, CALLER, MORNING, STOPPED, World, contents, routes_of

FAR = MORNING + timedelta(days=365)


def hours(window: str, expires: datetime = FAR) -> Hours:
    """Return the hours of a caller in Bishkek, every day."""
    return Hours(window, "", "Asia/Bishkek", MORNING, expires)


def test_r01_no_answer_means_no(world: World) -> None:
    """A call that drops after the time leaves every permission unanswered, and the card says no to each."""
    world.ask(language="4", last=False)
    world.wait(minutes=5)
    to, code = world.offered()
    world.text(to, f"YES {code}")
    assert "Talk to others: no. Leave a message: no. SMS: no. Say who we are: no." in world.inbox(to)[-1]
    (row,) = world.rows(request)
    assert {getattr(row, name) for name in PERMISSIONS} == {NOT_SAID}


def test_r02_a_request_is_valid_without_a_name_or_a_story(world: World) -> None:
    """No question asks for a name. A number, a consent and a time are enough."""
    personal = {"name", "first_name", "address", "passport", "id_number", "nationality", "migration_status", "story"}
    assert personal.isdisjoint(ANSWERS)
    assert personal.isdisjoint(field.name for field in fields(CallbackRequest))
    assert list(unsaid_words(read_sources())) == [], "no text in any language asks for it"
    world.ask()
    world.run()
    assert world.state() == "offered"


@pytest.mark.parametrize(
    ("window", "hour", "minute", "open_"),
    [
        ("any", 7, 59, False),  # a minute before eight
        ("any", 8, 0, True),
        ("any", 20, 59, True),
        ("any", 21, 0, False),  # the end is excluded
        ("morning", 11, 59, True),
        ("morning", 12, 0, False),
        ("day", 12, 0, True),
        ("evening", 16, 59, False),
        ("evening", 17, 0, True),
        ("night", 12, 0, False),  # an unknown window is never open
    ],
)
def test_r03_nobody_may_call_outside_the_window(window: str, hour: int, minute: int, open_: bool) -> None:
    """The hours of each window, on the clock of the caller's place."""
    now = datetime(2026, 11, 24, hour, minute, tzinfo=ZoneInfo("Asia/Bishkek")).astimezone(UTC)
    assert bool(open_window(hours(window), now)) is open_


def test_r03_the_number_is_not_shown_outside_the_window(world: World) -> None:
    """A number for the morning does not leave in the afternoon or a minute too early."""
    to, code = world.claimed(window="2")
    for hour, minute in ((13, 0), (7, 59)):
        world.set_local(hour, minute)
        world.text(to, f"НОМЕР {code}")
        assert CALLER not in " ".join(world.inbox(to))
    assert "reveal" not in [row.action for row in world.rows(audit)]
    world.set_local(8, 1)
    world.text(to, f"НОМЕР {code}")
    assert CALLER in world.inbox(to)[-1]


def test_r03_a_delayed_text_with_the_number_is_not_sent_after_the_window(world: World) -> None:
    """The reveal was granted in the window and the gateway delayed the text past its end: the number does not leave."""
    to, code = world.claimed(window="2")
    world.gateway.fails = [SendFailed("busy", retry=True)] * 30
    world.text(to, f"НОМЕР {code}")
    world.gateway.fails = [SendFailed("busy", retry=True)] * 30
    world.wait(hours=3)
    world.gateway.fails.clear()
    world.wait(hours=1)
    assert CALLER not in " ".join(world.inbox(to))


def test_r03_an_expired_consent_closes_every_window() -> None:
    """After the consent nobody may call at any time."""
    assert open_window(hours("any", MORNING), MORNING) is None
    assert may_show_number(hours("any", MORNING + timedelta(seconds=1)), MORNING) is not None


def test_r03_a_window_across_midnight_belongs_to_the_day_it_starts() -> None:
    """From ten in the evening to two: it ends on the day after."""
    span = span_of(date(2026, 11, 24), time(22), time(2), ZoneInfo("Asia/Bishkek"))
    assert span.end - span.start == timedelta(hours=4)
    assert span.start.astimezone(ZoneInfo("Asia/Bishkek")).date() == date(2026, 11, 24)


def test_r03_in_the_gap_of_a_clock_change_the_later_time_counts() -> None:
    """Half past two does not exist in Berlin on the last Sunday of March, and is read as half past three."""
    berlin = ZoneInfo("Europe/Berlin")
    span = span_of(date(2026, 3, 29), time(2, 30), time(5), berlin)
    assert span.start.astimezone(berlin).time() == time(3, 30)


def test_r04_each_permission_is_asked_separately(world: World) -> None:
    """Yes to a message is yes to nothing else."""
    call = world.ask(last=False).press("1", "0", "0", "0")
    call.press("0", "1", "0", "0")
    (row,) = world.rows(request)
    assert [getattr(row, name) for name in PERMISSIONS] == ["no", "yes", "no", "no"]


def test_r06_the_confirmation_screen_shows_code_and_words_that_stay_the_same(world: World) -> None:
    """The same hop shows the same code and words again, and the card has the same two words."""
    call = world.ask(last=False)
    first = call.text
    assert call.show().text == first
    code, ours, word = KEPT.search(first).groups()  # type: ignore[union-attr]
    assert len(code) == 6
    world.wait(minutes=5)
    to, offered = world.offered()
    world.text(to, f"YES {offered}")
    assert f"You say {ours}, they say {word}" in world.inbox(to)[-1]


def test_r06_a_caller_reads_which_word_is_said_first(world: World) -> None:
    """The service says theirs, the caller answers. After the permissions; in danger, before the promise."""
    asked, danger = world.dial().press(*CALL_ME).agree().press("1"), world.dial("+996000111002")
    danger.press("2", "1", "2").agree().press("1")
    for call, answers in ((asked, "1000000000"), (danger, "1000")):
        _, ours, word = KEPT.search(call.text).groups()  # type: ignore[union-attr]
        for answer in answers:
            call.press(answer)
            if call.text.startswith("Мы скажем"):
                break
        assert call.text.startswith(f"Мы скажем {ours}, вы {word}.")
    assert danger.press("1").reply.last


@pytest.mark.engines
def test_r06_two_requests_never_share_code_and_word(world: World) -> None:
    """If a draw collides the next one is used, and each session continues to show its own."""
    one, two = world.ask(last=False), world.ask("+996000111002", last=False)
    first, second = world.rows(request)
    assert first.code_mac != second.code_mac
    with world.db.write() as tx:  # make the second draw collide by giving its hash to the first request
        tx.execute(request.delete().where(request.c.id == second.id))
        tx.execute(request.update().where(request.c.id == first.id).values(code_mac=second.code_mac))
        tx.exec_driver_sql("delete from vault where request = '" + second.id + "'")
    assert my_request.status(world.public.ctx, "000000", 0) == "unknown"
    shown = two.show().text
    assert shown != two.seen[-2]
    assert two.show().text == shown
    assert one.show().text == one.seen[-2]


def test_r11_one_reveal_per_window_and_three_per_request(world: World) -> None:
    """The number leaves once in a window, and never a fourth time."""
    to, code = world.claimed()
    for _ in range(6):
        world.text(to, f"НОМЕР {code}")
        world.text(to, f"НОМЕР {code}")
        world.set_local(9)
    assert sum(CALLER in text for text in world.inbox(to)) == 3


@pytest.mark.engines
def test_r11_two_services_never_have_one_line(world: World) -> None:
    """While one service has a request of a phone, the phone's other request is not offered."""
    world.claimed()
    world.ask()
    world.wait(hours=2)
    states = sorted(row.state for row in world.rows(offer))
    assert states == ["claimed"]


def test_r11_one_reveal_per_window_for_all_requests_of_a_line(world: World) -> None:
    """Stopped, requested and claimed again in the same hours: the number does not leave twice in them."""
    to, code = world.claimed()
    world.text(to, f"НОМЕР {code}")
    world.dial().press(*STOPPED)
    world.run()
    world.wait(minutes=1)
    again, second = world.claimed()
    world.text(again, f"NUMBER {second}")
    assert sum(CALLER in text for _, text in world.gateway.sent) == 1
    world.set_local(9)
    world.text(again, f"NUMBER {second}")
    assert sum(CALLER in text for _, text in world.gateway.sent) == 2


def test_r12_nothing_is_ever_sent_to_a_caller_who_only_dialled(world: World) -> None:
    """Asked, offered, claimed, shown, withdrawn, expired: the caller's phone gets no text at all."""
    call = world.ask(last=False)
    for key in ("1", "0", "1", "0", "1", "1", "1", "2", "1", "1", "0"):
        call.press(key)
    world.run()
    to, code = world.offered()
    world.text(to, f"ДА {code}")
    world.text(to, f"НОМЕР {code}")
    world.wait(days=15)
    assert world.inbox(CALLER) == []


def test_r12_each_text_earns_one_reply_up_to_eight(world: World) -> None:
    """Twelve texts get eight replies. After a day of silence the caller is answered again."""
    for at in range(12):
        world.text(CALLER, "помощь" if at == 0 else "хм")
    assert len(world.inbox(CALLER)) == 8
    world.wait(hours=25)
    world.text(CALLER, "помощь")
    assert len(world.inbox(CALLER)) == 9


def test_r49_the_cap_of_replies_locks_nobody_out(world: World) -> None:
    """Somebody else uses them all up. Ten minutes later the owner of the telephone is answered, and so on."""
    for _ in range(12):
        world.text(CALLER, "хм")
    for asked, text in enumerate(("помощь", "1", "1"), start=1):
        world.wait(minutes=10)
        world.text(CALLER, text)
        world.text(CALLER, "хм")
        assert len(world.inbox(CALLER)) == 8 + asked
    assert len(world.rows(request)) == 1


def test_r49_the_cap_of_replies_tells_nothing_after_eighty_minutes(world: World) -> None:
    """Somebody who tries it out gets eight replies, as on a telephone that nobody has used."""
    for _ in range(12):
        world.text(CALLER, "хм")
    world.wait(minutes=80)
    for _ in range(12):
        world.text(CALLER, "хм")
    assert len(world.inbox(CALLER)) == 16


def test_r12_a_reply_with_an_unknown_outcome_is_not_sent_twice(world: World) -> None:
    """The gateway took it and its answer was lost. A second text could harm the caller."""
    world.gateway.fails = [SendFailed("timeout", retry=False, unknown=True)]
    world.text(CALLER, "помощь")
    world.wait(days=1)
    assert len(world.inbox(CALLER)) == 1


def test_r12_a_reply_whose_worker_died_is_not_sent_twice(world: World) -> None:
    """The worker died after passing it to the gateway. Nobody knows whether it was sent, so it is not repeated."""
    world.public.sms("at", IncomingSms("one", msisdn(CALLER), Hidden("помощь")))

    class Died(BaseException):
        """The process has ended."""

    class Dies:
        def send(self, to: Msisdn, text: str, ref: str = "", sender: str = "") -> str:
            world.gateway.send(to, text, ref, sender)
            raise Died

    dying = replace(world.work, outgoing=replace(world.work.outgoing, routes=routes_of(Dies())))
    with pytest.raises(Died):
        dying.drain(seconds=60)
    world.wait(hours=1)
    assert len(world.inbox(CALLER)) == 1


def test_r18_stop_cancels_an_unsent_reply(world: World) -> None:
    """The gateway was busy, and before the next try the caller wrote STOP."""
    world.gateway.fails = [SendFailed("busy", retry=True)]
    world.text(CALLER, "помощь")
    world.text(CALLER, "стоп")
    world.wait(hours=1)
    assert world.inbox(CALLER) == []


def test_r49_requests_by_sms_are_limited_and_each_is_confirmed(world: World) -> None:
    """A phone asks again and again. Each saved request is answered with its two words."""
    for _ in range(4):
        for text in ("помощь", "1", "1"):
            world.text(CALLER, text)
        world.wait(minutes=1)
    written = len(world.rows(request))
    assert written == 3, "who has begun the third within eight replies may finish it; the fourth is not begun"
    assert sum("Мы скажем" in text for text in world.inbox(CALLER)) == written


@pytest.mark.parametrize(
    ("notice", "values", "may"),
    [
        ("to_caller.ask", {"earned": True}, True),
        ("to_caller.ask", {}, False),  # unasked
        ("to_caller.ask", {"earned": False}, False),
        ("to_ngo.card", {"earned": True}, False),  # not a text for callers
        ("status.claimed", {"earned": True}, False),
    ],
)
def test_r12_a_caller_is_sent_only_these_texts(notice: str, values: dict[str, object], may: bool) -> None:
    """What may be sent to a caller: a neutral text that their own text has earned."""
    text = Message("m", "caller", "", b"", notice, None, None, values, "ru", Delivery.QUEUED, 0)
    assert may_go_to_caller(text, ()) is may


def test_r12_an_unearned_text_to_a_caller_is_not_sent(world: World) -> None:
    """Even if some code wrote one, the outbox refuses it."""
    sealed = world.work.inbound.dialogue.ctx.sealing.seal("m1", Hidden(CALLER))
    with world.db.write(world.clock()) as tx:
        texts_out.add(tx, "caller", "", "to_caller.kept", "ru", sealed=sealed, id="m1")
        outbox.wake(tx, "send", "m1", world.clock())
    world.run()
    assert world.inbox(CALLER) == []


def test_r13_production_sends_no_unreviewed_text(world: World) -> None:
    """Outside the demo a wording without its review mark is not sent. Any edit drops the mark."""
    reviews = replace(world.work.outgoing.reviews, all_allowed=False)
    world.work = replace(world.work, outgoing=replace(world.work.outgoing, reviews=reviews))
    world.text(CALLER, "помощь")
    assert world.inbox(CALLER) == []


def test_r14_no_unasked_text_follows_a_claim(world: World) -> None:
    """No *did they call you?* on any later day."""
    world.text(CALLER, "помощь")
    world.text(CALLER, "1")
    world.text(CALLER, "1")
    replies = len(world.inbox(CALLER))
    world.wait(minutes=5)  # until then, more answers may follow
    to, code = world.offered()
    world.text(to, f"ДА {code}")
    assert [row.state for row in world.rows(request)] == ["claimed"]
    world.wait(days=3)
    assert len(world.inbox(CALLER)) == replies == 3


def test_r16_no_screen_asks_for_a_text() -> None:
    """Typed answers are digits, at most those of a phone number, or letters of a place, which are not stored."""
    tree = contents(Config()).book.tree
    typed = [screen for screen in tree.screens.values() if isinstance(screen, Ask)]
    assert typed
    assert all(1 <= screen.digits <= (40 if screen.letters else 15) for screen in typed)
    assert {screen.keep for screen in typed if screen.letters} <= {"typed"}
    assert "typed" not in {column.name for table in metadata.sorted_tables for column in table.columns}
    agreed = {"agreed_kind", "agreed_risk"}  # copies of two answers, from when a time was chosen
    assert {field.name for field in fields(Draft)} <= {*ANSWERS, *PRESET, *agreed}


def test_r16_a_text_is_erased_after_reading(world: World) -> None:
    """Other words beside the keyword are stored nowhere."""
    world.text(CALLER, "помогите он запер дверь")
    world.text(CALLER, "меня держат на фабрике")
    assert all(row.sealed is None for row in world.rows(inbox))
    everything = str([list(row) for table in metadata.sorted_tables for row in world.rows(table)])
    assert "фабрике" not in everything
    assert "дверь" not in everything


@pytest.mark.parametrize(
    "word",
    [
        "стоп", "СТОП.", "Stop", "STOP!!", "отмена", "хватит", "стоп не пишите",
        "please stop", "не звоните", "S T O P",
        "CTOП",  # Latin C, T and O
        "ＳＴＯＰ",  # full width
        "токто", "to'xta",
    ],
)  # fmt: skip
def test_r18_stop_in_any_language_ends_everything_without_a_reply(world: World, word: str) -> None:
    """The dialogue ends, the request is paused, and no reply is sent."""
    world.text(CALLER, "помощь")
    world.text(CALLER, "1")
    world.text(CALLER, "1")
    before = len(world.inbox(CALLER))
    world.text(CALLER, word)
    assert len(world.inbox(CALLER)) == before
    assert world.state() == "paused"


def test_the_next_window_is_never_about_to_close() -> None:
    """In its last five minutes a window counts as over, so that the time on a card can be kept."""
    zone = ZoneInfo("Asia/Bishkek")
    for name, (_, closes) in WINDOWS.items():
        end = datetime.combine(date(2026, 11, 24), closes, zone).astimezone(UTC)
        late, in_time = (next_window(hours(name), end - LAST_MINUTES - timedelta(seconds=early)) for early in (0, 1))
        assert late is not None
        assert late.start > end
        assert in_time is not None
        assert in_time.end == end


def test_r32_no_reveal_in_the_last_five_minutes(world: World) -> None:
    """A call that starts then would end outside the window."""
    to, code = world.claimed()
    world.set_local(20, 56)
    world.text(to, f"НОМЕР {code}")
    assert CALLER not in " ".join(world.inbox(to))
    assert not [row for row in world.rows(audit) if row.action == "reveal"]
    with world.db.read() as tx:
        (row,) = world.rows(request)
        found = requests.get(tx, row.id)
    assert found is not None
    assert found.reveals == 0


def test_r13_every_consent_screen_needs_a_review_mark(world: World) -> None:
    """Both consent screens, and the second one in danger. A legal duty only if the country has one (R22)."""
    book = world.public.ctx.book
    consents = {"callback.consent", "callback.when", "danger.ask"}
    assert consents <= set(guarded(book))
    assert "callback.duty" not in guarded(book)
    told = {language: replace(local, own={"duty": "By law we must tell."}) for language, local in book.locals.items()}
    assert "callback.duty" in guarded(replace(book, locals=told))
