"""`komek bench peers`: hops per second of Komek and of npm's ussd-builder on Express with its sessions in Redis.

Both get random walks from the same generator in the same run, in interleaved rounds, and every answer is checked. The
server has the first core and the generator the second, if the machine has two. Two figures are taken of each: hops
per second of wall-clock time, and of the server's processor time, which other work on the machine changes little.

ussd-builder is measured twice. Its README has one menu object for all callers: with sessions in Redis it answers only
one caller at a time correctly, so it gets one. A new menu object for each hop is answered correctly with 32 callers.
"""

import argparse
import multiprocessing
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median

from helpline.content import loading
from helpline.core.config import Config
from helpline.operations import valkey
from tests.bench.bars import far_beyond, judged
from tests.bench.load import Sent, drive
from tests.bench.service import Service, cpu_seconds, environ, service, tree
from tests.bench.walks import walks
from tests.others import free_port, until

SEED = 7
BAR = 1.3
"""How many times the hops per second of ussd-builder, with a new menu for each hop: the faster way, and the right one."""
CALLERS = 32
PEER = Path(__file__).parent / "express"
QUESTIONS, ODD_SHARE = 5, 0.25
"""The peer's questions, and how often its caller presses a key that the question does not have."""
KOMEK = "Komek, a hop that writes nothing"
EACH, SHARED = "ussd-builder, a new menu for each hop", "ussd-builder, one menu as in its README"
Walk = list[tuple[Sent, str]]


@dataclass(slots=True)
class Figures:
    """What the rounds of one server gave."""

    a_second: list[float] = field(default_factory=list)
    a_second_of_processor: list[float] = field(default_factory=list)
    hops: int = 0
    wrong: int = 0


@dataclass(frozen=True, slots=True)
class Peer:
    """A running server: where it listens, its processes, and how many callers it gets at once."""

    port: int
    path: str
    pids: list[int]
    callers: int


def peer_walks(many: int, chance: Random) -> Iterator[Walk]:
    """Return sessions of the peer's menu, each a list of hops with the right answer."""
    for at in range(many):
        session, number = f"ATUid_{chance.randbytes(16).hex()}", f"+996000{at:06}"
        keys: tuple[str, ...] = ()
        hops: Walk = [(Sent(session, number, keys), _question(1))]
        answered = 0
        while answered < QUESTIONS and len(keys) < QUESTIONS + 2:
            odd = chance.random() < ODD_SHARE
            keys = (*keys, "9" if odd else str(chance.randint(1, 5)))
            answered += not odd
            answer = f"END You said {'*'.join(keys)}" if answered == QUESTIONS else _question(answered + 1)
            hops.append((Sent(session, number, keys), answer))
        yield hops


def _question(number: int) -> str:
    return f"CON Question {number}: 1 work 2 health 3 travel 4 papers 5 call me"


def take_round(peer: Peer, sessions: Sequence[Walk], pool: ProcessPoolExecutor, figures: Figures) -> None:
    """Send all sessions to a server and add what it took."""
    requests = [[sent.request(peer.path) for sent, _ in session] for session in sessions]
    before = cpu_seconds(peer.pids)
    driven = pool.submit(drive, peer.port, requests, peer.callers).result()
    used = cpu_seconds(peer.pids) - before
    hops = sum(map(len, requests))
    figures.a_second.append(hops / driven.wall_seconds)
    figures.a_second_of_processor.append(hops / max(used, 0.01))
    figures.hops += hops
    right = [answer for session in sessions for _, answer in session]
    given = [answer for answers in driven.answers for answer in answers]
    figures.wrong += sum(answer != told for answer, told in zip(right, given, strict=True))


@contextmanager
def express(folder: Path, way: str, store: Path, callers: int) -> Iterator[Peer]:
    """Run the peer."""
    port = free_port()
    command = ["node", str(folder / "server.js"), str(port), str(store), way]
    with subprocess.Popen(command, cwd=folder, env=environ({"NODE_ENV": "production"})) as process:
        try:
            until(lambda: _listens(port), "the peer listens")
            yield Peer(port, "/ussd", tree(process.pid), callers)
        finally:
            process.terminate()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


class NotInstalled(Exception):
    """The peer could not be installed."""


def install(folder: Path) -> None:
    """Install the peer and its libraries. Raise `NotInstalled` if that fails."""
    for name in ("package.json", "server.js"):
        shutil.copy(PEER / name, folder)
    command = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent"]
    if subprocess.run(command, cwd=folder, check=False).returncode:
        raise NotInstalled("npm could not install ussd-builder, express and redis: it asks registry.npmjs.org for them")


def stay_on(core: int) -> None:
    """Keep this process, and those that it starts, on one core if there are several."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) > 1:
        os.sched_setaffinity(0, {cores[core]})


def komek(running: Service) -> Peer:
    """Return our public web."""
    return Peer(running.port, running.path, running.part("web"), CALLERS)


def measure(sessions: int, rounds: int) -> dict[str, Figures]:
    """Return the figures of all servers."""
    chance = Random(SEED)
    ours = list(walks(loading.load(Config()).book, sessions, chance))
    theirs = list(peer_walks(sessions, chance))
    figures = {name: Figures() for name in (KOMEK, EACH, SHARED)}
    cores = os.sched_getaffinity(0)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="komek-", ignore_cleanup_errors=True)))
        install(folder)
        pool = stack.enter_context(ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), stay_on, (-1,)))
        pool.submit(int).result()  # it starts before this process stays on one core
        part, url = stack.enter_context(valkey.embedded(folder, valkey.find()))
        stack.callback(stack.enter_context(subprocess.Popen(part.command)).terminate)
        store = Path(url.removeprefix("unix://"))
        until(store.exists, "Valkey listens")
        try:
            stay_on(0)
            servers = {
                KOMEK: komek(stack.enter_context(service(folder / "komek"))),
                EACH: stack.enter_context(express(folder, "each", store, CALLERS)),
                SHARED: stack.enter_context(express(folder, "shared", store, 1)),
            }
        finally:
            os.sched_setaffinity(0, cores)
        for name, server in servers.items():  # warm up
            take_round(server, (ours if name == KOMEK else theirs)[: max(1, sessions // 20)], pool, Figures())
        for at in range(rounds):
            for name, server in servers.items():
                take_round(server, (ours if name == KOMEK else theirs)[at::rounds], pool, figures[name])
    return figures


def in_rounds(figures: dict[str, Figures], name: str) -> list[float]:
    """Return how many times the hops per second of `name` Komek had, round by round."""
    return [ours / theirs for ours, theirs in zip(figures[KOMEK].a_second, figures[name].a_second, strict=True)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and judge. Return exit code 1 if the bar is missed by far or an answer was wrong."""
    parser = argparse.ArgumentParser(prog="komek bench peers", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--sessions", type=int, default=6_000, help="of each, over all rounds (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="interleaved (default: %(default)s)")
    given = parser.parse_args(arguments)
    lacking = [name for name in ("node", "npm") if not shutil.which(name)]
    if lacking:
        print(f"the peer needs {' and '.join(lacking)}; Debian: apt install nodejs npm")
        return 1
    try:
        figures = measure(max(given.sessions, given.rounds), given.rounds)
    except NotInstalled as error:
        print(error)
        return 1
    print(f"{'':42} {'hops/s (lowest-highest)':>24} {'hops per second of processor':>30} {'hops':>8} {'wrong':>6}")
    for name, each in figures.items():
        spread = f"{median(each.a_second):.0f} ({min(each.a_second):.0f}-{max(each.a_second):.0f})"
        rates = f"{spread:>24} {median(each.a_second_of_processor):30.0f}"
        print(f"{name:42} {rates} {each.hops:8} {each.wrong:6}")
    for name in (SHARED, EACH):
        ratios = in_rounds(figures, name)
        spread = f"{min(ratios):.2f}-{max(ratios):.2f} by round"
        print(f"Komek answers {median(ratios):.2f} times the hops per second of {name} ({spread})")
    ratio = median(in_rounds(figures, EACH))
    print(f"the bar is {BAR} times the last: {judged(BAR, ratio)}")
    return int(far_beyond((BAR, ratio)) or any(each.wrong for each in figures.values()))


if __name__ == "__main__":
    sys.exit(main())
