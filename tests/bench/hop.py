"""`komek bench hop`: the cost of a USSD hop, compared with a bare Flask view on the same server in the same run.

The measure is the processor time of the whole server process, user and system, from /proc. Unlike hops per second it
changes little when the machine is busy with other things. But the same view takes a third longer in one second than in
another. So there are many short rounds, and in each round what a hop is compared with is measured right before it and
right after it. A ratio is the median of all rounds, and beside it is the middle half of them. Every answer is checked.
"""

import argparse
import json
import multiprocessing
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from statistics import fmean, median, quantiles

from helpline.content import loading
from helpline.core.config import Config
from helpline.operations import valkey
from tests.bench import bare
from tests.bench.bars import far_beyond, judged
from tests.bench.last_key import FOLDER, PATHS, VALKEY
from tests.bench.load import CONNECTIONS, Driven, Sent, drive_on
from tests.bench.service import PARTS, Service, cpu_seconds, memory_mb, service, web
from tests.bench.walks import walks
from tests.world import CALL_ME, SEE

BAR = 1.0
"""A read-only hop may cost at most this many bare views."""
LAST_KEY_BAR = 1.5
"""A hop of a gateway that sends the last key only may cost at most this many bare views, and hops of Africa's Talking."""
SEED = 24
ASKING_SHARE = 2
"""One session in this many asks for a call."""
WRONG_CODE = (*SEE, "000000", "1")
CODE = re.compile(r"\b[0-9]{6}\b")
"""The code is on the screen that confirms a saved request, and on no other."""
SETTINGS = {"KOMEK_WRONG_CODES_A_DAY": "1000000", "KOMEK_WRONG_CODES_AN_HOUR": "1000000"}
"""High limits, so that every wrong code is really looked up."""

BARE, WALK = "a bare Flask view", "a hop that writes nothing"
ALL_KEYS, LAST_KEY = "the same beside a last-key channel", "a hop with the last key only"
LOOK, SHOW = "a hop that reads: *my request*, wrong code", "the first consent screen (1 row)"
AGREE, KEEP = "the second consent screen (reads)", "the write-down (1 request, bell)"
COMMITS, READS = "a bare view and one durable commit", "a bare view and one read"
COUNTS, BOTH = "a bare view and one count in Valkey", "a bare view, one count and one read"
PATHS_OF_BARE = {
    BARE: bare.ALONE, COMMITS: bare.COMMITS, READS: bare.READS, COUNTS: bare.COUNTS, BOTH: bare.BOTH,
}  # fmt: skip
BARS: Mapping[tuple[str, str], float | None] = {
    (WALK, BARE): BAR, (LAST_KEY, BARE): LAST_KEY_BAR, (LAST_KEY, ALL_KEYS): None, (LAST_KEY, COUNTS): None,
    (SHOW, COMMITS): 1.3, (KEEP, COMMITS): 2.0, (LOOK, READS): 1.5, (LOOK, BOTH): None,
}  # fmt: skip
"""What each hop is compared with, and how many of these it may cost."""

Check = Callable[[int, int, str], bool]
"""Whether the answer to a hop is right; session and hop are given by number."""


@dataclass(slots=True)
class Reading:
    """The results of the rounds of one kind of hop."""

    micros: list[float] = field(default_factory=list)
    """Of one hop. A base has two of each round: before and after what is compared with it."""
    a_second: list[float] = field(default_factory=list)
    generator: list[float] = field(default_factory=list)
    hops: int = 0
    wrong: int = 0

    def add(self, cpu: float, driven: Driven, wrong: int) -> None:
        """Add a round."""
        hops = sum(map(len, driven.answers))
        self.micros.append(cpu / hops * 1e6)
        self.a_second.append(hops / driven.wall_seconds)
        self.generator.append(driven.own_cpu_seconds / driven.wall_seconds)
        self.hops, self.wrong = self.hops + hops, self.wrong + wrong


@dataclass(slots=True)
class Bench:
    """Both servers, the load generator, and the results so far."""

    ours: Service
    bare: tuple[int, list[int]]
    last_key: tuple[int, list[int]]
    pool: ProcessPoolExecutor
    readings: dict[str, Reading] = field(default_factory=dict)
    ratios: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    """Of a kind of hop and what it is compared with, in each round."""

    def send(self, kind: str, sessions: Sequence[Sequence[Sent]], right: Check) -> list[list[str]]:
        """Send hops to the server of this kind of hop and record their cost."""
        port, pids = self._server(kind)
        requests = [[self._request(kind, sent) for sent in session] for session in sessions]
        before = cpu_seconds(pids)
        driven = self.pool.submit(drive_on, port, requests).result()
        used = cpu_seconds(pids) - before
        wrong = sum(not right(s, h, text) for s, texts in enumerate(driven.answers) for h, text in enumerate(texts))
        self.readings.setdefault(kind, Reading()).add(used, driven, wrong)
        return driven.answers

    @contextmanager
    def between(self, base: str, sessions: Sequence[Sequence[Sent]]) -> Iterator[None]:
        """Measure bare views before and after other kinds of hops, and compare those with them."""
        before = {kind: len(reading.micros) for kind, reading in self.readings.items()}
        self.send(base, sessions, _constant)
        yield
        self.send(base, sessions, _constant)
        for kind, reading in self.readings.items():
            if kind != base and len(reading.micros) > before.get(kind, 0):
                self._compare(kind, base, fmean(self.readings[base].micros[-2:]))

    def _compare(self, kind: str, base: str, micros: float) -> None:
        self.ratios.setdefault((kind, base), []).append(self.readings[kind].micros[-1] / micros)

    def _server(self, kind: str) -> tuple[int, list[int]]:
        """Return the port and the processes that answer this kind of hop."""
        if kind in PATHS_OF_BARE:
            return self.bare
        return self.last_key if kind in (ALL_KEYS, LAST_KEY) else (self.ours.port, self.ours.part("web"))

    def _request(self, kind: str, sent: Sent) -> bytes:
        if kind == LAST_KEY:
            return sent.last_key(PATHS["emulator"])
        path = {**PATHS_OF_BARE, ALL_KEYS: PATHS["africastalking"]}.get(kind, self.ours.path)
        return sent.request(path)

    def walk(self, sessions: Sequence[Sequence[tuple[Sent, str]]]) -> None:
        """Send the same walks to both servers, then open *my request* in each session."""
        sent = [[hop for hop, _ in session] for session in sessions]
        looks = [[Sent(hops[0].session, hops[0].number, WRONG_CODE)] for hops in sent]
        with self.between(BARE, sent):
            self.send(WALK, sent, lambda s, h, text: text == sessions[s][h][1])
            self.send(ALL_KEYS, sent, lambda s, h, text: text == sessions[s][h][1])
            self.send(LAST_KEY, sent, lambda s, h, text: _screen(text) == sessions[s][h][1])
            self.send(COUNTS, looks, _constant)
        for base in (ALL_KEYS, COUNTS):
            self._compare(LAST_KEY, base, self.readings[base].micros[-1])
        for base in (READS, BOTH):
            with self.between(base, looks):
                self.send(LOOK, looks, lambda s, h, text: text.startswith("END "))

    def dial(self, callers: Sequence[Sent]) -> None:
        """Show the first screen in each session, as in every call. It is not timed: a web notes which calls it began."""
        dialled = [[self._request(WALK, Sent(each.session, each.number, ()))] for each in callers]
        self.pool.submit(drive_on, self.ours.port, dialled).result()

    def ask(self, callers: Sequence[Sent]) -> None:
        """Ask for a call in each session: three hops after the dial, each kind timed separately."""
        self.dial(callers)
        shown = [[Sent(c.session, c.number, CALL_ME)] for c in callers]
        with self.between(COMMITS, shown):
            first = self.send(SHOW, shown, _goes_on)
            drawn = [texts[0].splitlines()[-1][:1] for texts in first]
            asked = [(*CALL_ME, key) for key in drawn]
            agreed = [[Sent(c.session, c.number, keys)] for c, keys in zip(callers, asked, strict=True)]
            self.send(AGREE, agreed, _goes_on)
            kept = [[Sent(c.session, c.number, (*keys, "1"))] for c, keys in zip(callers, asked, strict=True)]
            self.send(KEEP, kept, _confirms)


def _constant(session: int, hop: int, text: str) -> bool:
    """Whether a bare view has answered."""
    return text == bare.ANSWER


def _screen(answer: str) -> str:
    """Return the answer of a last-key gateway as Africa's Talking's."""
    told = json.loads(answer)
    return f"{'END' if told['last'] else 'CON'} {told['text']}"


def _goes_on(session: int, hop: int, text: str) -> bool:
    """Whether a hop continues towards the saved request. If nothing could be stored, the call ends and says so."""
    return text.startswith("CON ") and CODE.search(text) is None


def _confirms(session: int, hop: int, text: str) -> bool:
    return text.startswith("CON ") and CODE.search(text) is not None


@contextmanager
def own_valkey(folder: Path) -> Iterator[str]:
    """Run a Valkey for the webs that are not the service's. Yield its address."""
    with valkey.embedded(folder, valkey.find()) as (part, url), subprocess.Popen(part.command) as process:
        try:
            yield url
        finally:
            process.terminate()


def measure(sessions: int, rounds: int) -> tuple[Bench, dict[str, list[float]]]:
    """Return the cost of each kind of hop, and the memory of each part's processes in MB."""
    book, chance = loading.load(Config()).book, Random(SEED)
    walked = list(walks(book, sessions, chance))
    askers = [
        Sent(f"ATUid_{chance.randbytes(16).hex()}", f"+996000{at:06}", ())
        for at in range(max(rounds, sessions // ASKING_SHARE))
    ]
    spawn = multiprocessing.get_context("spawn")
    with (
        tempfile.TemporaryDirectory(prefix="komek-bench-", ignore_cleanup_errors=True) as folder,
        own_valkey(Path(folder)) as url,
        web("tests.bench.bare:bare", **{bare.FOLDER: folder, bare.VALKEY: url}) as plain,
        web("tests.bench.last_key:both", **{FOLDER: folder, VALKEY: url}) as last_key,
        service(Path(folder), **SETTINGS) as ours,
        ProcessPoolExecutor(1, spawn) as pool,
    ):
        warm_up = Bench(ours, plain, last_key, pool)
        warm_up.walk(walked[: max(1, sessions // 20)])
        warm_up.ask([replace(each, session=f"{each.session}w") for each in askers[:CONNECTIONS]])
        bench = Bench(ours, plain, last_key, pool)
        for at in range(rounds):
            bench.walk(walked[at::rounds])
        for at in range(rounds):
            bench.ask(askers[at::rounds])
        return bench, {name: [memory_mb(pid) for pid in ours.part(name)] for name in PARTS}


def report(readings: Mapping[str, Reading], memory: Mapping[str, list[float]]) -> None:
    """Print both tables."""
    print(f"{'':44} {'CPU us':>8} {'middle half':>15} {'hops/s':>8} {'hops':>8} {'wrong':>6}")
    for kind, read in readings.items():
        figures = f"{median(read.micros):8.0f} {_middle_half(read.micros, 0):>15} {median(read.a_second):8.0f}"
        print(f"{kind:44} {figures} {read.hops:8} {read.wrong:6}")
    busy = max(max(read.generator) for read in readings.values())
    print(f"the generator used {busy:.0%} of one processor at most")
    shares = [f"{name} {' + '.join(f'{used:.0f}' for used in each)}" for name, each in memory.items()]
    print(f"memory (PSS) in MB, a process each: {', '.join(shares)}")


def _middle_half(figures: Sequence[float], digits: int) -> str:
    low, _, high = quantiles(figures, n=4, method="inclusive")
    return f"{low:.{digits}f} to {high:.{digits}f}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and judge. Return exit code 1 if a bar is missed by far or an answer was wrong."""
    parser = argparse.ArgumentParser(prog="komek bench hop", description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "--sessions", type=int, default=10_000, help="random walks, over all rounds (default: %(default)s)"
    )
    parser.add_argument(
        "--rounds", type=int, default=25, help="readings of each kind, interleaved (default: %(default)s)"
    )
    parser.add_argument("--quick", action="store_true", help="a tenth of the sessions, five rounds")
    given = parser.parse_args(arguments)
    sessions, rounds = (given.sessions // 10, 5) if given.quick else (given.sessions, max(2, given.rounds))
    bench, memory = measure(max(sessions, rounds), rounds)
    report(bench.readings, memory)
    failed = sum(read.wrong for read in bench.readings.values()) > 0
    for (kind, base), bar in BARS.items():
        ratios = bench.ratios[kind, base]
        ratio, told = median(ratios), "no bar"
        if bar is not None:
            told = f"the bar is {bar}: {judged(ratio, bar)}"
            failed = failed or far_beyond((ratio, bar))
        print(
            f"{kind}: {ratio:.2f} times {base} (middle half of {len(ratios)} rounds: {_middle_half(ratios, 2)}); {told}"
        )
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
