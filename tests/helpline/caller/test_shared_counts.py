"""R49 with several public processes: they count wrong codes together in a real Valkey, and each alone without it."""

import signal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from redis.exceptions import ConnectionError as Disconnected

from helpline.caller import quick_line
from helpline.caller.day_store import DayStore
from helpline.caller.hop import PublicService
from helpline.caller.limits import PACE, Limits
from helpline.caller.quick_line import Word
from helpline.caller.shared_counts import SharedCounts
from helpline.core.config import Config
from helpline.core.phone_numbers import msisdn
from helpline.core.waiting import WouldWait, second_try, settle, without_waiting
from helpline.keys.sealing import Words
from helpline.store.schema import outbox
from tests.others import PATIENCE_SECONDS
from tests.rules.test_limits import NAMED, WITHHELD, guess, opens
from tests.steps.caller import save_draft
from tests.workers.conftest import Server
from tests.world import CALLER, OTHER, Clock, World, contents, keys

A_DAY, AN_HOUR = 3, 8


def limits(server: Server, clock: Clock, words_key: str = "words_key") -> Limits:
    """Return what one public process counts with. Its client waits for Valkey as long as a test does."""
    store = DayStore(server.url)
    store._redis = server.client()
    config = Config(wrong_codes_a_day=A_DAY, wrong_codes_an_hour=AN_HOUR)
    return Limits(config, clock, SharedCounts(Words.of(keys()[words_key]), store))


def admitted(webs: Sequence[Limits], caller: str, times: int) -> int:
    """Try wrong codes, each by the next of these processes. Return how many were looked up."""
    return sum(webs[at % len(webs)].try_code(msisdn(caller)) is not None for at in range(times))


def tried_in_the_loop(web: Limits, server: Server, *, hangs: bool) -> list[object]:
    """Try a wrong code as the loop does, perhaps while Valkey hangs. Return what is noted for the thread."""
    if hangs:
        server.freeze()
    with suppress(WouldWait), without_waiting as noted:
        web.try_code(msisdn(CALLER))
    settle()
    if hangs:
        server.tell(signal.SIGCONT)
    return noted


def test_r49_two_webs_admit_no_more_wrong_codes_than_one(server: Server) -> None:
    """The limit is 3. Counted by each process, two of them admitted 6."""
    clock = Clock()
    webs = [limits(server, clock), limits(server, clock)]
    assert admitted(webs, CALLER, 12) == A_DAY
    assert admitted(webs, OTHER, 1) == 1
    clock.at += PACE
    assert admitted(webs, CALLER, 12) == 1, "one every ten minutes, not one of each process"


@pytest.mark.parametrize("seconds", [PATIENCE_SECONDS, 0.0], ids=["answered", "not heard of in time"])
def test_r49_a_code_that_was_tried_in_the_loop_counts_once(
    server: Server, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    """The thread comes three seconds later. Without an answer nobody knows whether Valkey has counted it."""
    monkeypatch.setattr(quick_line, "ANSWER_SECONDS", seconds)
    monkeypatch.setattr(quick_line, "PAUSE_SECONDS", 0)
    clock = Clock()
    one, other = limits(server, clock), limits(server, clock)
    assert one.try_code(msisdn(CALLER)), "a thread opens the line of the loop"
    for _ in range(A_DAY - 1):
        noted = tried_in_the_loop(one, server, hangs=not seconds)
        assert len(noted) == 1
        at, clock.at = clock.at, clock.at + timedelta(seconds=3)
        with second_try(noted):
            assert one.try_code(msisdn(CALLER)) == at
    assert admitted([one, other], CALLER, 2) == 0


@dataclass(slots=True)
class LosesAnAnswer:
    """A connection to Valkey that breaks once: Valkey has done what it was asked, and its answer is lost."""

    line: Any
    lost: bool = False

    def send_command(self, *words: Word) -> None:
        """Ask something."""
        self.line.send_command(*words)

    def read_response(self) -> Any:
        """Return the answer, but not the first one."""
        answer = self.line.read_response()
        if not self.lost:
            self.lost = True
            raise Disconnected
        return answer


def test_r49_a_code_that_is_counted_while_its_connection_breaks_counts_once(server: Server) -> None:
    clock = Clock()
    one, other = limits(server, clock), limits(server, clock)
    assert one.shared
    store = one.shared.store
    store._own.line = LosesAnAnswer(server.client().connection_pool.make_connection())
    assert one.try_code(msisdn(CALLER))
    assert admitted([other], CALLER, A_DAY) == A_DAY - 1


@pytest.mark.parametrize("seconds", [PATIENCE_SECONDS, 0.0], ids=["answered", "not heard of in time"])
def test_r49_a_code_that_comes_too_soon_in_the_loop_is_not_looked_up(
    server: Server, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    """Neither web knows alone that there were too many."""
    monkeypatch.setattr(quick_line, "ANSWER_SECONDS", seconds)
    monkeypatch.setattr(quick_line, "PAUSE_SECONDS", 0)
    clock = Clock()
    one, other = limits(server, clock), limits(server, clock)
    assert admitted([one, other], CALLER, A_DAY) == A_DAY
    clock.at += timedelta(seconds=1)
    noted = tried_in_the_loop(one, server, hangs=not seconds)
    with second_try(noted):
        assert one.try_code(msisdn(CALLER)) is None


def test_r49_a_right_code_is_taken_back_for_all_webs(server: Server) -> None:
    clock = Clock()
    one, other = limits(server, clock), limits(server, clock)
    for _ in range(A_DAY + 2):
        tried = one.try_code(msisdn(CALLER))
        assert tried
        one.take_back(msisdn(CALLER), tried)
    assert admitted([other], CALLER, A_DAY + 1) == A_DAY


def test_r49_two_webs_count_the_total_of_an_hour_together(server: Server) -> None:
    """Each raises the alarm, which the database passes on once. Then only phones that failed are slower."""
    clock = Clock()
    webs = [limits(server, clock), limits(server, clock)]
    assert admitted(webs, CALLER, 1) == 1
    for at in range(AN_HOUR):
        assert not webs[0].alarm_is_due()
        assert admitted(webs[1:], f"+996000222{at:03}", 1) == 1
    assert webs[1].alarm_is_due()
    assert not webs[1].alarm_is_due()
    assert admitted(webs, CALLER, 2) == 0
    assert admitted(webs, OTHER, 1) == 1
    clock.at += timedelta(hours=1)
    assert admitted(webs, CALLER, 1) == 1


def test_r49_withheld_numbers_do_not_lock_each_other_out_of_two_webs(server: Server) -> None:
    clock = Clock()
    assert admitted([limits(server, clock), limits(server, clock)], WITHHELD, AN_HOUR) == AN_HOUR


def test_r49_without_valkey_each_web_counts_alone_and_refuses_nobody(server: Server) -> None:
    """Valkey is killed in between. What a process saw itself still counts, and a new process starts at zero."""
    clock = Clock()
    webs = [limits(server, clock), limits(server, clock)]
    assert admitted(webs, CALLER, 2) == 2
    server.end()
    assert admitted(webs[:1], CALLER, 9) == A_DAY - 1
    assert admitted(webs[1:], CALLER, 9) == A_DAY - 1
    assert admitted([limits(server, clock)], OTHER, 9) == A_DAY
    clock.at += PACE
    assert admitted(webs[:1], CALLER, 9) == 1


def test_r49_an_emptied_valkey_forgets_only_what_other_webs_saw(server: Server) -> None:
    """All processes go on with the same new key."""
    clock = Clock()
    webs = [limits(server, clock), limits(server, clock)]
    assert admitted(webs[:1], CALLER, A_DAY) == A_DAY
    server.client().flushall()
    assert admitted(webs[:1], CALLER, 1) == 0
    assert admitted(webs, OTHER, 9) == A_DAY


def test_r49_a_hanging_valkey_costs_one_caller_a_moment(server: Server) -> None:
    """Then it is not asked for a while."""
    own = Limits(
        Config(), clock := Clock(), SharedCounts(Words.of(keys()["words_key"]), DayStore("unix:///nowhere/it.sock"))
    )
    assert admitted([own], CALLER, 2) == 2
    assert own.shared is not None
    assert own.shared.store.silent_until > 0
    own.take_back(msisdn(CALLER), clock.at)


def test_r34_valkey_holds_no_number_and_nothing_after_midnight(server: Server) -> None:
    """Neither its copy nor the words key alone finds the counts of a telephone."""
    clock = Clock()
    admitted([limits(server, clock)], NAMED, 2)
    redis = server.client()
    names = redis.keys("codes:*")
    assert isinstance(names, list)
    assert len(names) == 3, "the day's half of a key, the phone's tries and the total of the hour"
    held = [redis.lrange(name, 0, -1) if redis.type(name) == b"list" else [redis.get(name)] for name in names]
    told = repr((names, held))
    assert NAMED[1:] not in told
    assert NAMED[4:] not in told
    assert all(0 < int(redis.ttl(name)) <= 24 * 3600 for name in names)
    assert admitted([limits(server, clock, "session_key")], NAMED, 9) == A_DAY, "another key finds other names"


def test_r49_the_webs_of_a_deployment_share_their_counts(world: World, server: Server) -> None:
    """As they are built from the settings: wrong codes through one, then the owner's right code through the other."""
    config = world.config.model_copy(update={"redis_url": server.url, "wrong_codes_a_day": A_DAY})
    texts = contents(world.config)
    webs = [PublicService.of(config, texts, world.public.ctx.db, lambda told: None) for _ in range(2)]
    for web in webs:
        assert web.limits.shared
        web.limits.shared.store._redis = server.client()
    save_draft(world)
    world.public = replace(webs[0], ctx=world.public.ctx)
    guess(world, A_DAY)
    world.public = replace(webs[1], ctx=world.public.ctx)
    assert not opens(world)
    world.wait(minutes=10)
    assert opens(world)
    assert world.rows(outbox), "the request goes on all the same"
