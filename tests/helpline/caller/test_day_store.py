"""The connections over which hops ask Valkey: one for each thread, and never an answer to another question."""

import math
from concurrent.futures import ThreadPoolExecutor

import pytest

from helpline.caller.day_store import DayStore, ValkeyUnavailable
from tests.others import until
from tests.workers.conftest import Server


def asked(store: DayStore, *words: str) -> object:
    return store.reached(lambda redis: store.ask(redis, *words))


def test_a_thread_keeps_its_connection_and_shares_it_with_nobody(server: Server) -> None:
    store = DayStore(server.url)
    with ThreadPoolExecutor(1) as other:
        ours, theirs = ([asked(store, "CLIENT", "ID") for _ in range(3)],
                        [other.submit(asked, store, "CLIENT", "ID").result() for _ in range(3)])  # fmt: skip
    assert len(set(ours)) == len(set(theirs)) == 1
    assert ours[0] != theirs[0]


def test_a_closed_connection_is_opened_again(server: Server) -> None:
    store = DayStore(server.url)
    before = asked(store, "CLIENT", "ID")
    server.client().client_kill_filter(_type="normal", skipme=True)
    assert asked(store, "CLIENT", "ID") != before


def test_a_late_answer_is_never_taken_for_the_next_one(server: Server) -> None:
    store, other = DayStore(server.url), server.client()
    assert asked(store, "ECHO", "before") == b"before"
    other.client_pause(1000)
    with pytest.raises(ValkeyUnavailable):
        asked(store, "ECHO", "first")
    until(lambda: other.ping(), "an answer after the pause")
    store.silent_until = -math.inf
    assert asked(store, "ECHO", "second") == b"second"


def test_an_error_of_valkey_leaves_the_connection_as_it_is(server: Server) -> None:
    store = DayStore(server.url)
    before = asked(store, "CLIENT", "ID")
    with pytest.raises(ValkeyUnavailable):
        asked(store, "NO-SUCH-COMMAND")
    store.silent_until = -math.inf
    assert asked(store, "CLIENT", "ID") == before
