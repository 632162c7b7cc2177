"""The rules about routes, consent, erasure and limits: R19 to R49. Each test is named after its rule."""

import logging
import pickle
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from helpline.caller import my_request
from helpline.casework import claims
from helpline.content.sources import load_country
from helpline.core.config import Config, ConfigError
from helpline.core.phone_numbers import Hidden, Msisdn, can_be_called, msisdn
from helpline.core.ports import IncomingSms
from helpline.core.process_keys import FORBIDDEN, HOLDS, Role
from helpline.directory.sample import sample
from helpline.keys.sealing import Sealing, Words
from helpline.matching.criteria import Wanted
from helpline.matching.ranking import promise, ranked, why_not
from helpline.request import requests
from helpline.request.model import MAY_FOLLOW, OVER, CallbackRequest, State, covers
from helpline.staff import contacts
from helpline.store import audit_log, outbox
from helpline.store.engine import Database
from helpline.store.schema import audit, metadata, request, talk, vault
from helpline.store.schema import outbox as outbox_table
from menus.salt import marks
from tests.conftest import Databases
from tests.steps.caller import AGREED, keep
from tests.world import CALL_ME, CALLER, HOME, MORNING, OTHER, SEE, STOPPED, World, contents, keys


def asked(**said: object) -> CallbackRequest:
    """A request that waits, with some answers."""
    plain = CallbackRequest(
        "r", State.WAITING, MORNING, MORNING, MORNING + timedelta(days=14), "ru", "any", "Asia/Bishkek", "KG-GB",
        "talk", "no", "no", "no", "no", 0, 0,
    )  # fmt: skip
    return replace(plain, **said)  # type: ignore[arg-type]


@pytest.mark.parametrize("number", ["", "anonymous", "+4915112345678", "12345", "+996", "+99670012345678901"])
def test_r19_any_number_gets_the_menus_and_the_emergency_screen(world: World, number: str) -> None:
    """Withheld, foreign or impossible: only *call me* says that it cannot be rung, with numbers to turn to."""
    call = world.dial(number).press(*HOME)
    assert call.text.startswith("Чем помочь?")
    assert "102" in world.dial(number).press("8").text
    call.press("2")
    assert call.reply.last
    assert "102" in call.text
    assert world.rows(request) == []


def test_r19_the_first_screen_has_the_emergency_number_behind_8_without_a_database(world: World) -> None:
    """It is answered while nothing else works."""
    world.db.dispose()
    gone = replace(world.talk, ctx=replace(world.talk.ctx, db=Database(sa.create_engine("sqlite:////nowhere/x"))))
    world.talk = gone
    assert "102" in world.dial().press("8").text


def test_r19_when_nothing_can_be_stored_she_is_told_so_with_numbers(world: World) -> None:
    """No code, no promise: the truth, an emergency number and the direct line."""
    broken = Database(sa.create_engine("sqlite:////nowhere/x"))
    world.talk = replace(world.talk, ctx=replace(world.talk.ctx, db=broken))
    call = world.dial().press(*CALL_ME).agree()
    assert call.text.startswith("Храним")
    call.press("1")
    assert call.text == "Не записано. Повторите. Опасно: 102?, 103?. Поговорить: 189?."
    assert call.reply.last


def test_r19_when_a_change_cannot_be_stored_she_is_not_told_that_nothing_is(world: World) -> None:
    """Code and words were shown; then the database goes: what has a code stands, and the screen says so."""
    call = world.ask(last=False)
    broken = Database(sa.create_engine("sqlite:////nowhere/x"))
    world.talk = replace(world.talk, ctx=replace(world.talk.ctx, db=broken))
    assert call.press("1").text == "Не вышло, простите. Просьба с кодом осталась. Опасно: 102?, 103?."


def test_r19_production_refuses_numbers_that_nobody_verified() -> None:
    """They are named, each; the demo marks them."""
    from helpline.content.loading import blockers

    config = Config(channels=("africastalking",))
    faults = blockers(config, contents(config))
    assert [fault for fault in faults if "R19" in fault]
    assert all(number in " ".join(faults) for number in ("102", "103", "189"))
    assert blockers(Config(), contents(Config())) == []
    assert "102?" in contents(Config()).book.pages["ru"]["start.emergency"][0].text


@pytest.mark.parametrize("kind", ["state", "police", "migration"])
def test_r20_police_and_state_lines_receive_nothing(kind: str) -> None:
    """Consent is for an NGO; a service of another kind never fits."""
    services, _ = sample("KG", "Asia/Bishkek", MORNING.date())
    country = contents(Config()).country.for_matching
    assert why_not(services[0], Wanted(asked(), country, MORNING, 90)) == ""
    assert (
        why_not(replace(services[0], kind=kind), Wanted(asked(), country, MORNING, 90)) == "consent is for an NGO only"
    )
    assert not covers(kind, MORNING + timedelta(days=1), MORNING)


def test_r23_services_prepared_for_children_come_first_where_age_is_not_said() -> None:
    """However near the others are."""
    config = Config()
    country = contents(config).country.for_matching
    services, _ = sample("KG", "Asia/Bishkek", MORNING.date())
    near = replace(services[0], child_safeguarding=False)
    order = ranked([near, *services[1:]], Wanted(asked(), country, MORNING, 90))
    assert order[-1].id == near.id
    assert len(order) > 1


def test_r23_an_offer_says_that_age_was_not_said(new_sqlite: Databases) -> None:
    """The service in Khujand is not prepared for children: it is asked last, and told, as those before it are."""
    world = World.on(new_sqlite(), country="TJ")
    keep(world, replace(AGREED, place="TJ-SU", need="documents"), caller="+992600111001")
    world.run()
    asked_last = world.phone("tj-khujand")
    for _ in range(5):
        to, code = world.offered()
        language = "en" if "Request" in world.inbox(to)[-1] else "ru"
        assert world.talk.book.notice(language, "to_ngo.age_not_said") in world.inbox(to)[-1]
        if to == asked_last:
            return
        world.text(to, f"NO {code}")
    raise AssertionError("it was not asked")


def test_r27_each_dial_makes_its_own_request_and_the_newest_goes_first(world: World) -> None:
    """A phone is not a person: two dials, two requests, one line, one at a time."""
    world.ask(last=False)
    world.wait(seconds=5)
    world.ask(last=False)
    world.wait(minutes=5)
    lines = {row.line for row in world.rows(vault)}
    assert len(lines) == 1
    states = {row.created: row.state for row in world.rows(request)}
    assert [states[at] for at in sorted(states)] == ["waiting", "offered"]


def test_r27_another_phone_has_another_line(world: World) -> None:
    """Both are offered at once."""
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


def test_r27_nothing_shown_before_is_shown_to_whoever_dials_next(world: World) -> None:
    """A new call on the same phone starts blank."""
    first = world.ask(last=False)
    second = world.dial()
    assert second.text == world.dial(OTHER).text
    code = re.search("[0-9]{6}", first.text)
    assert code is not None
    assert code[0] not in second.press(*CALL_ME).agree().press("1").text


def test_r28_no_request_unless_its_first_consent_screen_was_shown(world: World) -> None:
    """Whatever is dialled ahead, sweeping all seven keys again and again, stops at that screen and writes nothing."""
    ahead = (*CALL_ME, *"12345671234567", "1", "1", "1")
    call = world.dial().ahead(*ahead)
    assert call.text.startswith("Вам позвонит")
    assert world.rows(request) == []
    call.agree()
    assert call.text.startswith("Храним")
    assert world.rows(request) == []


def test_r28_the_key_that_goes_on_differs_by_session(world: World) -> None:
    """So that no habit and no link consents."""
    drawn = {world.dial().press(*CALL_ME).text.split("\n")[-1][0] for _ in range(60)}
    assert drawn == set("1234567")


def test_r28_no_is_key_0_on_both_screens_and_keeps_nothing(world: World) -> None:
    """Refused at either, nothing is written."""
    world.dial().press(*CALL_ME, "0")
    world.dial().press(*CALL_ME).agree().press("0")
    world.wait(minutes=10)
    assert world.rows(request) == []


def test_r28_what_was_consented_to_is_kept(world: World) -> None:
    """Version of the text, language, time and choices."""
    world.ask(language="4", window="3")
    (row,) = world.rows(request)
    assert (row.content, row.language, row.created, row.window, row.short_form) == (
        world.talk.book.digest, "en", world.clock(), "day", False,
    )  # fmt: skip


def test_r28_by_sms_the_short_form_is_noted(world: World) -> None:
    """One NGO, no handover."""
    for text in ("help", "1", "1"):
        world.text(CALLER, text)
    (row,) = world.rows(request)
    assert row.short_form


def test_r29_nothing_leaves_before_both_answers_were_yes(world: World) -> None:
    """Up to the second consent screen nobody hears of her."""
    world.dial().press(*CALL_ME).agree()
    world.wait(minutes=30)
    assert world.gateway.sent == []
    assert world.rows(vault) == []


def test_r30_consent_expires_and_then_nobody_is_asked(world: World) -> None:
    """After fourteen days an unanswered request ends, its number is gone, and a person hears of it."""
    world.ask()
    world.wait(days=13, hours=23)
    assert world.state() in ("offered", "stranded", "waiting")
    world.wait(hours=2)
    assert world.state() == "expired"
    assert world.rows(vault) == []
    assert "без ответа" in world.inbox(world.phone("kg-coordinator-1"))[-1]


def test_r31_refusing_leaves_the_numbers_open(world: World) -> None:
    """The screen after *no* names where to turn."""
    assert "189" in world.dial().press(*CALL_ME, "0").text


def test_r32_before_the_claim_no_number_no_code_no_words(world: World) -> None:
    """The offer tells place, language, need and window, and nothing that finds her."""
    call = world.ask(last=False)
    words = re.findall("[А-ЯЁ]{3,}", call.text.split("Код")[1])
    world.wait(minutes=5)
    to, _ = world.offered()
    (text,) = world.inbox(to)
    assert CALLER not in text
    assert not any(word in text for word in words)


def test_r32_only_the_service_that_claimed_gets_the_number(world: World) -> None:
    """Another service with the right digits, the right service with wrong ones: nothing is revealed."""
    to, code = world.claimed()
    stranger = world.phone("kg-osh")
    world.text(stranger, f"НОМЕР {code}")
    world.text(stranger, f"ДА {code}")
    world.text(to, "НОМЕР 00000")
    world.text(OTHER, f"НОМЕР {code}")
    assert not any(CALLER in text for _, text in world.gateway.sent)
    world.text(to, f"НОМЕР {code}")
    assert [phone for phone, text in world.gateway.sent if CALLER in text] == [to]


def test_r32_each_reveal_is_in_the_audit_log_and_the_log_is_chained(world: World) -> None:
    """Who, what, which request; and a changed row shows."""
    to, code = world.claimed()
    world.text(to, f"НОМЕР {code}")
    rows = world.rows(audit)
    assert [(row.actor, row.action) for row in rows] == [("kg-country", "claim"), ("kg-country", "reveal")]
    key = world.work.ctx.audit_key
    with world.db.write() as tx:
        assert audit_log.broken_at(tx, key) is None
        if tx.dialect.name == "sqlite":
            tx.exec_driver_sql("drop trigger audit_no_update")
        tx.execute(sa.update(audit).where(audit.c.action == "reveal").values(actor="kg-osh"))
        assert audit_log.broken_at(tx, key) == rows[1].seq


def test_r32_a_service_that_did_not_agree_in_writing_gets_no_number_by_sms(world: World) -> None:
    """It is told where it can see it."""
    world.contacts_are(accepts_numbers_by_sms=False)
    to, code = world.claimed()
    world.text(to, f"NUMBER {code}")
    assert CALLER not in " ".join(world.inbox(to))


def test_r33_withdrawn_with_code_and_word_nobody_can_read_the_number(world: World) -> None:
    """During an offer: the code opens nothing any more, and the number is erased."""
    call = world.ask(last=False)
    world.wait(minutes=5)
    to, code = world.offered()
    (row,) = world.rows(request)
    mark = marks(world.talk.words.salt("at", call.session), row.draws)
    assert my_request.withdraw(world.talk.acting.by_code, mark.code, mark.word) == "withdrawn"
    world.text(to, f"ДА {code}")
    assert world.state() == "closed"
    assert world.rows(vault) == []


def test_r33_consent_taken_back_in_the_same_call_withdraws_what_it_wrote(world: World) -> None:
    """Home, call me again, *no*: the request of this call is gone; a late copy does not bring it back."""
    call = world.ask(last=False)
    before = call.keys
    call.press("1", "00", "2", "0")
    world.run()
    assert world.state() == "closed"
    assert world.rows(vault) == []
    call.keys = before
    call.reply = replace(call.reply, last=False)
    assert call.show().text.startswith("Чем помочь?")
    assert len(world.rows(request)) == 1


def test_r33_what_was_withdrawn_is_not_brought_back_by_the_call_that_goes_on(world: World) -> None:
    """Another phone withdraws while her call lasts: her next key shows home, and only a new dial asks anew."""
    call = world.ask(last=False)
    (row,) = world.rows(request)
    mark = marks(world.talk.words.salt("at", call.session), row.draws)
    my_request.withdraw(world.talk.acting.by_code, mark.code, mark.word)
    world.run()
    assert call.press("1").text.startswith("Чем помочь?")
    assert call.show().text.startswith("Чем помочь?")
    assert call.press("2").text.startswith("Наберите, пожалуйста, ещё раз.")
    assert [found.state for found in world.rows(request)] == ["closed"]
    world.ask()
    assert sorted(found.state for found in world.rows(request)) == ["closed", "waiting"]


def test_r48_home_after_that_still_stops(world: World) -> None:
    """The menus go on: *do not ring* works in the call whose request is gone."""
    call = world.ask(last=False)
    (row,) = world.rows(request)
    mark = marks(world.talk.words.salt("at", call.session), row.draws)
    my_request.withdraw(world.talk.acting.by_code, mark.code, mark.word)
    world.ask()
    world.wait(minutes=1)
    assert call.press(*STOPPED).text.startswith("Хорошо. Никто не позвонит.")
    world.run()
    assert sorted(found.state for found in world.rows(request)) == ["closed", "paused"]


def test_r48_a_stop_between_the_order_and_the_text_keeps_the_number_here(world: World) -> None:
    """The service has asked, the text is written and waits: she presses *do not ring*, and it does not leave."""
    to, code = world.claimed()
    with world.db.write(world.clock()) as tx:
        who = contacts.by_phone(tx, to)
        assert who is not None
        claims.ask_number(world.work.ctx, tx, who, code)
    world.dial().press(*STOPPED)
    later = world.clock() + timedelta(seconds=1)
    with world.db.write() as tx:  # its turn comes last: the text would go first
        tx.execute(sa.update(outbox_table).where(outbox_table.c.kind == "stop").values(due=later))
    world.run()
    assert not any(CALLER in text for _, text in world.gateway.sent)


def test_r48_a_stop_by_sms_that_waits_to_be_read_is_heard_first(world: World) -> None:
    """The same with a text."""
    to, code = world.claimed()
    world.talk.sms("at", IncomingSms("late", msisdn(CALLER), Hidden("стоп")))
    with world.db.write(world.clock()) as tx:
        who = contacts.by_phone(tx, to)
        assert who is not None
        claims.ask_number(world.work.ctx, tx, who, code)
    world.run()
    assert not any(CALLER in text for _, text in world.gateway.sent)
    assert world.state() == "paused"


def canaries(world: World) -> list[bytes]:
    """What must be nowhere: the number in clear, whole and without its plus."""
    return [CALLER.encode(), CALLER[1:].encode()]


@pytest.fixture
def sqlite_world(new_sqlite: Databases) -> World:
    """A service on SQLite, whose files can be searched."""
    return World.on(new_sqlite())


def files_of(world: World) -> Iterator[Path]:
    """Every file of a SQLite database."""
    name = world.db.engine.url.database
    assert name is not None
    yield from Path(name).parent.glob(f"{Path(name).name}*")


def test_r34_after_erasure_no_store_holds_the_number_even_with_all_keys(sqlite_world: World) -> None:
    """Withdrawn: the sealed bytes themselves are gone from the file and its log, so that no key can help."""
    world = sqlite_world
    call = world.ask(last=False)
    (row,) = world.rows(vault)
    sealed = bytes(row.sealed)
    assert any(sealed in path.read_bytes() for path in files_of(world))
    mark = marks(world.talk.words.salt("at", call.session), 0)
    my_request.withdraw(world.talk.acting.by_code, mark.code, mark.word)
    world.run()
    assert not any(sealed in path.read_bytes() for path in files_of(world))
    assert all(
        row.sealed is None
        for table in (metadata.tables["inbox"], metadata.tables["message"])
        for row in world.rows(table)
    )


def test_r34_ussd_state_is_gone_within_the_hour(world: World) -> None:
    """That a consent screen was shown is forgotten."""
    world.dial().press(*CALL_ME)
    assert len(world.rows(talk)) == 1
    with world.db.write() as tx:
        outbox.wake(tx, "sweep", "all", world.clock() + timedelta(minutes=10))
    world.wait(minutes=60)
    assert world.rows(talk) == []


def test_r34_a_claimed_requests_number_goes_with_its_consent(db: Database) -> None:
    """Shown once, and nobody said how it ended: it ends with her consent, the service is told, the number is gone."""
    world = World.on(db, silent_hours=1000)
    to, code = world.claimed()
    world.text(to, f"NUMBER {code}")
    world.wait(days=13, hours=23)
    assert len(world.rows(vault)) == 1
    world.wait(hours=2)
    assert world.rows(vault) == []
    assert world.state() == "closed"
    assert world.inbox(to)[-1] == f"{code}: do not ring any more. Please erase the number."


def test_r34_whatever_happens_a_number_is_not_kept_longer_than_she_was_told(world: World) -> None:
    """A row that nothing woke any more: the sweep finds it."""
    world.ask()
    world.run()
    with world.db.write() as tx:
        tx.execute(sa.delete(outbox_table))
        outbox.wake(tx, "sweep", "all", world.clock() + timedelta(days=14, minutes=1))
    world.wait(days=14, minutes=2)
    assert world.rows(vault) == []


def test_r34_after_thirty_days_only_what_is_counted_remains(world: World) -> None:
    """Day, place, need, outcome: no hash, no hour, no offer."""
    call = world.ask(last=False)
    (row,) = world.rows(request)
    world.wait(minutes=5)
    mark = marks(world.talk.words.salt("at", call.session), row.draws)
    my_request.withdraw(world.talk.acting.by_code, mark.code, mark.word)
    with world.db.write() as tx:
        outbox.wake(tx, "sweep", "all", world.clock() + timedelta(days=30, minutes=1))
    world.wait(days=30, minutes=2)
    (left,) = world.rows(request)
    assert (left.session, left.code_mac, left.promised_from, left.window) == (None, None, None, "")
    assert left.created == row.created.replace(hour=0, minute=0)
    assert (left.state, left.outcome, left.language) == ("closed", "withdrew", "ru")
    assert world.rows(metadata.tables["offer"]) == []


def test_a_service_that_claims_and_is_silent_gives_back(world: World) -> None:
    """Two days without asking for the number: it is reminded and a person told; then the next service is asked."""
    to, code = world.claimed()
    world.wait(hours=47)
    assert (world.state(), len(world.inbox(to))) == ("claimed", 2)
    world.wait(hours=2)
    assert world.inbox(to)[-1] == f"{code}: nothing heard yet. Ring in the hour given, write how it was."
    assert re.fullmatch(rf"{code}: .+ молчит. Позвоните туда.", world.inbox(world.phone("kg-coordinator-1"))[-1])
    world.wait(hours=2)
    assert world.state() == "claimed"
    world.wait(hours=2)
    assert world.inbox(to)[-1] == f"{code}: do not ring any more. Please erase the number."
    assert world.state() in ("offered", "stranded")


def test_r34_a_late_retry_does_not_write_her_down_again(world: World) -> None:
    """For a day after the erasure her session is barred; it shows home."""
    call = world.ask(last=False)
    mark = marks(world.talk.words.salt("at", call.session), 0)
    my_request.withdraw(world.talk.acting.by_code, mark.code, mark.word)
    world.run()
    assert call.show().text.startswith("Чем помочь?")
    world.wait(hours=1)
    assert world.rows(vault) == []


def test_r35_no_number_text_code_or_word_in_any_table_in_clear(
    sqlite_world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """A whole referral, USSD and SMS: files and logs hold no canary."""
    caplog.set_level(logging.DEBUG)
    world = sqlite_world
    call = world.ask(last=False)
    code = re.search("Код ([0-9]{6}), ваше слово ([А-ЯЁ]+)", call.text)
    assert code is not None
    world.wait(minutes=5)
    to, offered = world.offered()
    world.text(to, f"ДА {offered}")
    world.text(to, f"НОМЕР {offered}")
    world.text(CALLER, "помогите канарейка")
    secrets = [*canaries(world), "канарейка".encode(), code[1].encode(), code[2].encode()]
    for path in files_of(world):
        content = path.read_bytes()
        assert not [secret for secret in secrets if secret in content], path.name
    assert not [s for s in secrets if s.decode() in caplog.text]


@dataclass(frozen=True)
class Holder:
    """Something that holds a number, as a debugger or a serializer would meet it."""

    number: Msisdn


@pytest.mark.parametrize(
    "leak",
    [
        str,
        repr,
        "{}".format,
        "{:>20}".format,
        lambda n: f"{n!r}",
        lambda n: str(Holder(n)),
        lambda n: str(asdict(Holder(n))),
    ],
)
def test_r35_a_number_does_not_show_itself(leak) -> None:
    """Printed, formatted, in a dataclass: hidden."""
    try:
        shown = leak(msisdn(CALLER))
    except TypeError:  # `asdict` copies, and a number refuses to be copied
        return
    assert CALLER[-4:] not in shown
    assert "hidden" in shown


def test_r35_a_number_cannot_be_pickled_or_hashed() -> None:
    """Not into a job, not into a cache."""
    with pytest.raises(TypeError):
        pickle.dumps(msisdn(CALLER))
    with pytest.raises(TypeError):
        {msisdn(CALLER)}


def test_r37_nobody_is_labelled() -> None:
    """No answer, table or text puts the word on a caller."""
    said = " ".join(
        contents(Config()).parsed.tree.notices[name].english for name in contents(Config()).parsed.tree.notices
    )
    columns = " ".join(column.name for table in metadata.sorted_tables for column in table.columns)
    assert not re.search("traffick|victim|migra(nt|tion)", f"{said} {columns}", re.IGNORECASE)


def test_r39_promised_is_what_schedules_allow_and_the_card_says_the_same(world: World) -> None:
    """Evenings, though the only service for the need closes at six: we cannot say when."""
    call = world.ask(last=False, window="4").press("1", "9", "2", "9", "9", "1")
    while not call.reply.last:
        call.press("0")
    promised = re.search(r"([0-9.]+) ([0-9:]+-[0-9:]+)", call.text)
    assert promised is not None
    world.run()
    to, code = world.offered()
    world.text(to, f"ДА {code}")
    assert f"{promised[1]} {promised[2]}" in world.inbox(to)[-1]


def test_r39_no_schedule_no_promise() -> None:
    """Where nobody is ever open in her hours, nothing is promised."""
    config = Config()
    country = contents(config).country.for_matching
    services, _ = sample("KG", "Asia/Bishkek", MORNING.date())
    day_only = [
        replace(
            s,
            schedule=tuple(
                replace(o, opens=o.opens.replace(hour=9), closes=o.closes.replace(hour=17)) for o in s.schedule
            ),
        )
        for s in services
    ]
    assert promise(services, Wanted(asked(window="evening"), country, MORNING, 90)) is not None
    assert promise(day_only, Wanted(asked(window="evening"), country, MORNING, 90)) is None


def test_r40_a_service_not_checked_for_90_days_is_not_offered() -> None:
    """Ninety days yes, ninety-one no."""
    services, _ = sample("KG", "Asia/Bishkek", MORNING.date())
    old = replace(services[0], assured=MORNING.date() - timedelta(days=90))
    country = contents(Config()).country.for_matching
    assert why_not(old, Wanted(asked(), country, MORNING, 90)) == ""
    assert why_not(replace(old, assured=old.assured - timedelta(days=1)), Wanted(asked(), country, MORNING, 90))


def test_r41_no_address_is_kept_at_all() -> None:
    """Matching has a region, a point and an entry phone; there is no field for a street. (Imports: test_shelters.py.)"""
    columns = {column.name for table in metadata.sorted_tables for column in table.columns}
    assert not columns & {"address", "street", "address_1", "postal_code"}


def test_r48_do_not_ring_needs_no_code_and_says_the_same_either_way(world: World) -> None:
    """With or without a request: one screen, and every open request of the line pauses."""
    without = world.dial().press(*STOPPED).text
    world.ask()
    world.run()
    assert world.dial().press(*STOPPED).text == without
    world.run()
    assert world.state() == "paused"
    assert len(world.rows(vault)) == 1, "paused, not erased"


def test_r48_a_stop_is_heard_before_a_claim_or_a_reveal(world: World) -> None:
    """The stop lies unread when the service asks for the number: it is read first."""
    to, code = world.claimed()
    world.dial().press(*STOPPED)
    with world.db.write(world.clock()) as tx:
        who = contacts.by_phone(tx, to)
        assert who is not None
        claims.ask_number(world.work.ctx, tx, who, code)
    world.run()
    assert not any(CALLER in text for _, text in world.gateway.sent)


def test_r48_another_phone_cannot_pause_her(world: World) -> None:
    """Only the line itself."""
    world.ask()
    world.run()
    world.dial(OTHER).press(*STOPPED)
    world.run()
    assert world.state() == "offered"


def test_r48_a_new_dial_after_a_stop_makes_a_new_request(world: World) -> None:
    """As always."""
    world.ask()
    world.dial().press(*STOPPED)
    world.run()
    world.wait(minutes=1)
    world.ask()
    world.run()
    assert sorted(row.state for row in world.rows(request)) == ["offered", "paused"]


def test_r49_the_fourth_request_of_a_day_gives_the_direct_line(world: World) -> None:
    """Three are written; then numbers to turn to; the next day it is free again."""
    for _ in range(3):
        world.ask()
    fourth = world.dial().press(*CALL_ME)
    assert fourth.text == "Поговорить сегодня: 189?. Опасно: 102?, 103?."
    assert world.dial(OTHER).press(*CALL_ME).text.startswith("Вам позвонит")
    world.wait(days=1)
    assert world.dial().press(*CALL_ME).text.startswith("Вам позвонит")


def test_r49_after_five_wrong_codes_a_right_one_is_not_looked_at(world: World) -> None:
    """The same screen, without looking; from another phone the right code still works."""
    call = world.ask(last=False)
    (row,) = world.rows(request)
    mark = marks(world.talk.words.salt("at", call.session), row.draws)
    keys_ = (*SEE, mark.code, str(mark.word + 1))
    assert "Просьбы" not in world.dial().press(*keys_).text
    wrong = [world.dial().press(*SEE, "000000", "1").text for _ in range(5)][-1]
    assert world.dial().press(*keys_).text == wrong
    assert world.dial(OTHER).press(*keys_).text != wrong


def test_r49_twenty_reveals_a_day_then_a_person(world: World) -> None:
    """A service that asks for more is sent to the coordinator."""
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
        claims.ask_number(replace(world.work.ctx, config=config), tx, who, code2)
    world.run()
    assert not any(OTHER in text for _, text in world.gateway.sent)


def test_idea_3_the_public_process_cannot_find_a_number_by_any_key_it_holds(world: World) -> None:
    """Given every row and its own keys, and the right guess: nothing matches it."""
    assert HOLDS[Role.PUBLIC] == {"sealing_key", "words_key"}
    others = {"opening_key", "hashing_key", "audit_key", "session_key", "restore_key", "contact_key"}
    assert FORBIDDEN[Role.PUBLIC] == others
    world.ask()
    (row,) = world.rows(vault)
    assert (row.caller, row.line) == (None, None)
    sealing, words = Sealing.of(keys()["sealing_key"]), Words.of(keys()["words_key"])
    guesses = {sealing.seal(row.request, Hidden(CALLER)) for _ in range(3)}
    assert len(guesses) == 3
    assert bytes(row.sealed) not in guesses
    everything = str([list(found) for table in metadata.sorted_tables for found in world.rows(table)])
    for derived in (words.session("at", CALLER), words.session("", CALLER), words.code(CALLER, 0)):
        assert derived not in everything


def test_idea_3_the_public_process_refuses_to_start_with_a_key_that_opens() -> None:
    """And says which."""
    environ = {f"KOMEK_{name.upper()}": value for name, value in keys().items()}
    with pytest.raises(ConfigError) as refused:
        Config.read(environ, role=Role.PUBLIC)
    said = " ".join(refused.value.faults)
    assert len(refused.value.faults) == len(FORBIDDEN[Role.PUBLIC])
    assert all(f"KOMEK_{key.upper()} must not be given" in said for key in FORBIDDEN[Role.PUBLIC])


def test_the_table_of_states_is_the_one_of_the_rules() -> None:
    """Nothing leaves an end; everything else can be withdrawn and, while it may ring, paused and frozen."""
    assert all(not MAY_FOLLOW[state] for state in OVER)
    assert all(State.CLOSED in MAY_FOLLOW[state] for state in State if state not in OVER)
    ringing = set(State) - OVER - {State.PAUSED, State.FROZEN}
    assert all({State.PAUSED, State.FROZEN} <= MAY_FOLLOW[state] for state in ringing)


def test_a_step_that_the_rules_do_not_have_is_refused(world: World) -> None:
    """Not even by mistake."""
    world.ask()
    (row,) = world.rows(request)
    with world.db.write(world.clock()) as tx, pytest.raises(ValueError, match="may not follow"):
        requests.move(tx, row.id, State.CLOSED, State.WAITING)


@pytest.mark.parametrize(
    ("number", "country", "can"),
    [
        ("+996700123456", "KG", True),
        ("+996700123456", "TJ", False),  # foreign there
        ("+77011234567", "KZ", True),
        ("+79161234567", "KZ", False),  # shares +7, lies in Russia
        ("996700123456", "KG", False),  # no plus
        ("+99670012345", "KG", False),  # too short
        ("+996700123456\n", "KG", False),
        ("+٩٩٦٧٠٠١٢٣٤٥٦", "KG", False),  # Arabic-Indic digits
        ("anonymous", "KG", False),
        ("+996000111001", "KG", False),  # made up: only the demo takes these
    ],
)
def test_can_be_rung(number: str, country: str, can: bool) -> None:
    """Whom an NGO of the country could ring."""
    assert can_be_called(msisdn(number), country) is can


def test_every_country_file_is_complete() -> None:
    """Every region has a name in every language that is offered."""
    from helpline.content.sources import ROOT

    for code in ("KG", "TJ"):
        country = load_country(ROOT, code)
        assert all(set(country.languages) <= set(region.name) for region in country.regions)
        assert country.capital in {region.code for region in country.regions}
