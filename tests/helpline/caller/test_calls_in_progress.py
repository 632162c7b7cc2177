"""Calls of gateways that send only the last key: sessions of our own, and the keys so far in a real Valkey."""

import itertools
import json
from contextlib import suppress
from dataclasses import replace

import pytest

from helpline.caller import quick_line
from helpline.caller.calls_in_progress import (
    LASTS_SECONDS,
    LONGEST_SECONDS,
    MOST_KEYS,
    CallsInProgress,
    Progress,
    advance,
)
from helpline.caller.day_store import DayStore, ValkeyUnavailable
from helpline.core.phone_numbers import msisdn
from helpline.core.ports import HungUp, Press
from helpline.core.waiting import Asks, WouldWait, second_try, settle, without_waiting
from helpline.keys.sealing import Words
from helpline.store.schema import departure, request, talk
from tests.last_key import Telephone, codes
from tests.others import PATIENCE_SECONDS
from tests.workers.conftest import Server
from tests.world import CALLER, EN_CALL_ME, OTHER, World, keys

NOON = 20_000 * 86_400 + 43_200.0


def press(key: str | None, hop: str = "", call: str = "7", caller: str = CALLER) -> Press:
    return Press(call, msisdn(caller), key, hop=hop)


def held(*pressed: str, at: float = NOON, **hops: int) -> Progress:
    return Progress("ours", NOON, at, pressed, hops)


STEPS = [
    ("a key is added", held("1"), press("2"), 5, ("1", "2"), True),
    ("the same key, later", held("1"), press("1"), 5, ("1", "1"), True),
    ("the same key at once is a repeat", held("1"), press("1"), 1, ("1",), True),
    ("another key at once", held("1"), press("2"), 1, ("1", "2"), True),
    ("the same key at once, in a hop with an id", held("1", a=1), press("1", "b"), 1, ("1", "1"), True),
    ("a hop again", held("1", "2", a=1, b=2), press("2", "b"), 30, ("1", "2"), True),
    ("an older hop again sees what it saw", held("1", "2", a=1, b=2), press("1", "a"), 30, ("1",), True),
    ("a dial begins a new call", held("1", "2"), press(None), 30, (), False),
    ("a dial again at once", held(), press(None), 1, (), True),
    ("a dial after keys is new, however soon", held("1"), press(None), 1, (), False),
    ("a dial whose id is used again is new, too", held("1", a=0, b=1), press(None, "a"), 30, (), False),
    ("a dial again with its id", held(a=0), press(None, "a"), 30, (), True),
    ("a key without a dial shows the first screen", None, press("2"), 0, (), False),
    ("after an hour a call is over", held("1"), press("2"), LONGEST_SECONDS, (), False),
    ("too many keys start again", held(*["1"] * MOST_KEYS), press("2"), 30, (), False),
    ("too long keys start again", held("x" * 300), press("y" * 300), 30, (), False),
    ("all keys so far", held("1"), replace(press("3"), so_far=("1", "2", "3")), 5, ("1", "2", "3"), True),
]


@pytest.mark.parametrize(("why", "before", "sent", "later", "keys", "same"), STEPS, ids=[row[0] for row in STEPS])
def test_a_hop_adds_its_key_once(
    why: str, before: Progress | None, sent: Press, later: float, keys: tuple[str, ...], same: bool
) -> None:
    made, seen = advance(before, sent, NOON + later)
    assert seen == keys, why
    assert (made.session == "ours") is same
    assert same or len(made.session) == 32


def test_r34_a_process_remembers_no_call_longer_than_valkey(server: Server) -> None:
    """It holds the keys to what it remembers."""
    at = [NOON]
    calls = CallsInProgress(Words.of(keys()["words_key"]), DayStore(server.url), now=lambda: at[0])
    calls.press("last", press(None, call="1"))
    calls.press("last", press("2", call="1"))
    assert len(calls._seen) == 1
    at[0] += LASTS_SECONDS + 1
    calls.press("last", press(None, call="2", caller=OTHER))
    assert len(calls._seen) == 1


@pytest.fixture
def calls(server: Server) -> CallsInProgress:
    return CallsInProgress(Words.of(keys()["words_key"]), DayStore(server.url), now=lambda: NOON)


@pytest.mark.parametrize("id", ["", "anonymous"])
def test_r27_telephones_without_number_and_id_never_share_a_call(calls: CallsInProgress, id: str) -> None:
    """In the manner of Nalo the number is the id, so withheld ones are alike. Each hop is then a call of its own."""
    withheld = [press(key, call=id, caller=id) for key in (None, "1", "2")]
    seen = [calls.press("nalo-ussd", hop) for hop in withheld]
    assert [each.keys for each in seen] == [(), (), ()]
    assert len({each.session for each in seen}) == 3
    assert calls.end("nalo-ussd", HungUp(id, msisdn(id))) is None
    named = [calls.press("nalo-ussd", replace(hop, call="7")) for hop in withheld]
    assert named[-1].keys == ("1", "2"), "an id of the call finds it"
    repeats = calls.press("con-end", replace(withheld[-1], so_far=("1", "2")))
    assert repeats.keys == ("1", "2"), "the gateway says all keys itself"


@pytest.fixture
def last_key(world: World, server: Server) -> World:
    """A service whose calls in progress are in a real Valkey."""
    calls = replace_url(world, server.url)
    world.public = replace(world.public, calls=calls)
    return world


def replace_url(world: World, url: str) -> CallsInProgress:
    """People take three seconds for a key."""
    return CallsInProgress(world.public.ctx.words, DayStore(url), now=itertools.count(NOON, 3.0).__next__)


@pytest.mark.parametrize("numbered", [True, False], ids=["numbered hops", "without ids"])
def test_r27_two_telephones_with_one_id_at_once_are_two_calls(last_key: World, numbered: bool) -> None:
    first, second = Telephone(last_key, CALLER, numbered=numbered), Telephone(last_key, OTHER, numbered=numbered)
    for phone in (first, second):
        phone.dial()
    for key in EN_CALL_ME:
        first.press(key)
        second.press(key)
    for phone in (first, second):
        phone.agree()
    first.press("1")
    second.press("1")
    assert len(last_key.rows(request)) == 2
    assert codes(first.seen)
    assert codes(first.seen).isdisjoint(codes(second.seen))


def test_r27_two_telephones_with_one_id_after_each_other_are_two_calls(last_key: World) -> None:
    first, second = Telephone(last_key, CALLER), Telephone(last_key, OTHER)
    first.ask(*EN_CALL_ME)
    second.ask(*EN_CALL_ME)
    assert len(last_key.rows(request)) == 2
    assert codes(first.seen).isdisjoint(codes(second.seen))


def test_r27_a_new_dial_with_the_same_id_is_a_new_call(last_key: World) -> None:
    phone = Telephone(last_key, CALLER)
    phone.ask(*EN_CALL_ME)
    before = codes(phone.seen)
    phone.seen.clear()
    phone.ask(*EN_CALL_ME)
    assert codes(phone.seen).isdisjoint(before)


def test_r27_a_new_dial_with_ids_of_before_shows_nothing_of_before(last_key: World) -> None:
    """Also if the gateway's ids of hops begin at 1 in each call."""
    phone = Telephone(last_key, CALLER)
    first = phone.send(None, hop="1").text
    for number, key in enumerate(EN_CALL_ME, 2):
        phone.send(key, hop=str(number))
    assert phone.send(None, hop="1").text == first
    assert phone.send(EN_CALL_ME[0], hop="2").text == phone.seen[1]
    assert phone.send("9", hop="3").text != phone.seen[2]


def test_a_repeated_hop_shows_the_same_and_stores_nothing_twice(last_key: World) -> None:
    phone = Telephone(last_key, CALLER)
    phone.dial()
    for number, key in enumerate(EN_CALL_ME):
        shown = [phone.send(key, hop=f"h{number}").text for _ in range(3)]
        assert len(set(shown)) == 1
    phone.agree()
    assert phone.send("1", hop="last").text == phone.send("1", hop="last").text
    assert len(last_key.rows(request)) == 1


def test_r19_without_valkey_a_dial_shows_the_first_screen_and_a_key_the_emergency_screen(
    last_key: World, server: Server
) -> None:
    phone = Telephone(last_key, CALLER)
    first = phone.dial()
    phone.press(*EN_CALL_ME)
    server.end()
    before = [last_key.rows(table) for table in (request, talk, departure)]
    assert phone.agree() == last_key.public.emergency()
    assert phone.dial() == first
    assert phone.press("2") == last_key.public.emergency()
    assert [last_key.rows(table) for table in (request, talk, departure)] == before, "nothing is stored half"


def test_r19_a_key_whose_dial_was_lost_shows_the_first_screen(last_key: World, server: Server) -> None:
    phone = Telephone(last_key, CALLER)
    first = phone.dial()
    phone.press(*EN_CALL_ME)
    server.client().flushall()
    last_key.public = replace(last_key.public, calls=replace_url(last_key, server.url))
    assert phone.press("1") == first
    assert last_key.rows(request) == []


def test_r34_valkey_holds_no_number_and_no_key_in_clear_and_for_ten_minutes(
    calls: CallsInProgress, server: Server
) -> None:
    calls.press("at", press(None))
    calls.press("at", press("48291"))
    redis = server.client()
    (name,) = redis.keys("call:*")
    held = redis.get(name)
    assert isinstance(held, bytes)
    assert isinstance(name, bytes)
    told = name + held
    assert not any(secret in told for secret in (b"48291", CALLER[1:].encode(), CALLER[4:].encode()))
    assert 0 < redis.ttl(name) <= LASTS_SECONDS


def test_r34_a_copy_of_valkey_alone_opens_nothing(calls: CallsInProgress, server: Server) -> None:
    calls.press("at", press(None))
    calls.press("at", press("1"))
    thief = CallsInProgress(Words.of(keys()["session_key"]), DayStore(server.url), now=calls.now)
    assert thief.press("at", press("2")).keys == ()
    assert calls.press("at", press("2")).keys == ("1", "2")


def test_a_call_goes_on_after_midnight(server: Server) -> None:
    words, midnight = Words.of(keys()["words_key"]), 20_000 * 86_400.0
    CallsInProgress(words, DayStore(server.url), now=lambda: midnight - 60).press("at", press(None))
    before = CallsInProgress(words, DayStore(server.url), now=lambda: midnight - 30).press("at", press("1"))
    after = CallsInProgress(words, DayStore(server.url), now=lambda: midnight + 30).press("at", press("2"))
    assert (after.session, after.keys) == (before.session, ("1", "2"))


def test_r27_two_processes_that_answer_one_call_in_turn_see_all_its_keys(server: Server) -> None:
    """Each remembers the call as it saw it last. Only what Valkey holds counts, also after a call was forgotten."""
    times, words = itertools.count(NOON, 3.0), Words.of(keys()["words_key"])
    one, other = (CallsInProgress(words, DayStore(server.url), now=times.__next__) for _ in range(2))
    one.press("at", press(None))
    one.press("at", press("1"))
    session = other.press("at", press("2")).session
    seen = one.press("at", press("3"))
    assert (seen.session, seen.keys) == (session, ("1", "2", "3"))
    other.end("at", HungUp("7", msisdn(CALLER)))
    assert one.press("at", press("4")).keys == (), "the call is over: the first screen"


@pytest.mark.parametrize("seconds", [0.0, PATIENCE_SECONDS], ids=["no answer", "an answer"])
def test_r27_a_key_that_was_tried_in_the_loop_is_added_once(
    server: Server, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    """Its hop has no id, and the thread comes three seconds later. Without an answer nobody knows what Valkey heard."""
    monkeypatch.setattr(quick_line, "ANSWER_SECONDS", seconds)
    monkeypatch.setattr(quick_line, "PAUSE_SECONDS", 0)
    times, words = itertools.count(NOON, 3.0), Words.of(keys()["words_key"])
    calls = CallsInProgress(words, DayStore(server.url), now=times.__next__)
    calls.press("at", press(None))
    for pressed in (("1",), ("1", "1")):
        with pytest.raises(Asks), without_waiting as noted:
            calls.press("at", press("1"))
        settle()
        with suppress(WouldWait), second_try(noted), without_waiting as noted_again:
            assert calls.press("at", press("1")).keys == pressed
        assert len(noted_again) == 1
        with second_try(noted_again):
            assert calls.press("at", press("1")).keys == pressed


def test_a_connection_that_valkey_has_closed_costs_no_key(calls: CallsInProgress, server: Server) -> None:
    calls.press("at", press(None))
    server.client().client_kill_filter(_type="normal", skipme=True)
    assert calls.press("at", press("1")).keys == ("1",)


def test_the_end_of_a_call_forgets_it(calls: CallsInProgress, server: Server) -> None:
    calls.press("at", press(None))
    calls.press("at", press("1", "a"))
    ended = calls.end("at", HungUp("7", msisdn(CALLER)))
    assert ended is not None
    assert ended.keys == ("1",)
    assert calls.end("at", HungUp("7", msisdn(CALLER))) is None
    assert server.client().keys("call:*") == []


def test_what_stands_in_valkey_instead_of_a_call_is_ignored(calls: CallsInProgress, server: Server) -> None:
    calls.press("at", press(None))
    redis = server.client()
    (name,) = redis.keys("call:*")
    for odd in (b"x", b"\x00" * 100, json.dumps({"session": "forged"}).encode()):
        redis.set(name, odd)
        assert calls.press("at", press("1")).keys == ()


def test_a_hanging_valkey_costs_one_caller_a_moment_and_the_next_ones_nothing() -> None:
    calls = CallsInProgress(Words.of(keys()["words_key"]), DayStore("unix:///nowhere/valkey.sock"))
    with pytest.raises(ValkeyUnavailable):
        calls.press("at", press("1"))
    assert calls.store.silent_until > 0
    assert calls.press("at", press(None)).keys == ()
