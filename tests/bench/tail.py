"""`komek bench tail`: how long callers wait for a screen at 70 % of what the service can answer.

First the capacity is measured with 32 callers. Each presses the next key as soon as they have a screen. Then calls
arrive at random moments (Poisson) at 70 % of that rate, whether or not earlier hops have been answered. The time of a
hop counts from the moment at which it should have been sent. So if the server stands still, everybody who waits for it
counts. The hops are random walks that write nothing; each answer is checked. The server has the first core and the
generator the second, if the machine has two.
"""

import argparse
import multiprocessing
import os
import select
import socket
import sys
import tempfile
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from itertools import accumulate
from pathlib import Path
from random import Random
from statistics import median, quantiles

from helpline.content import loading
from helpline.core.config import Config
from tests.bench.bars import far_beyond, judged
from tests.bench.load import drive
from tests.bench.peers import CALLERS, stay_on
from tests.bench.service import service
from tests.bench.walks import walks

SEED = 9
BAR_MS = 30.0
SHARE = 0.7
"""Which part of the capacity is used."""
CONNECTIONS = 64
GIVEN_UP_SECONDS = 20.0


def drive_open(port: int, hops: Sequence[bytes], a_second: float, seed: int) -> tuple[list[str], list[float]]:
    """Send each hop at its own random moment. Return the answers, and the seconds from that moment to each of them."""
    chance, poll = Random(seed), select.epoll()
    lines = {line.fileno(): line for line in (_connect(port) for _ in range(CONNECTIONS))}
    for file in lines:
        poll.register(file, select.EPOLLIN)
    moments = list(accumulate((chance.expovariate(a_second) for _ in hops), initial=time.perf_counter() + 0.1))
    answers, waits = [""] * len(hops), [0.0] * len(hops)
    free, under_way, sent = deque(lines), dict[int, tuple[int, bytes]](), 0  # by turns: unused ones would be closed
    while sent < len(hops) or under_way:
        while sent < len(hops) and free and moments[sent] <= time.perf_counter():
            under_way[free[0]] = (sent, b"")
            lines[free.popleft()].sendall(hops[sent])
            sent += 1
        more = sent < len(hops) and bool(free)
        ready = poll.poll(max(0.0, moments[sent] - time.perf_counter()) if more else GIVEN_UP_SECONDS)
        if not ready and not more:
            raise TimeoutError("the server no longer answers")
        for file, _ in ready:
            number, so_far = under_way[file]
            under_way[file] = (number, so_far := so_far + lines[file].recv(65536))
            if (text := _body(so_far)) is not None:
                answers[number], waits[number] = text, time.perf_counter() - moments[number]
                del under_way[file]
                free.append(file)
    for line in lines.values():
        line.close()
    return answers, waits


def _connect(port: int) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port), GIVEN_UP_SECONDS)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return line


def _body(raw: bytes) -> str | None:
    """Return the body of a whole answer, or None if a part is missing."""
    head, end, body = raw.partition(b"\r\n\r\n")
    _, _, length = head.lower().partition(b"content-length:")
    return body.decode() if end and len(body) >= int(length.split(b"\r\n", 1)[0] or 0) else None


def measure(hops: int, rounds: int) -> tuple[float, list[list[float]], int]:
    """Return the capacity in hops per second, the seconds that each hop of each round took, and the wrong answers."""
    sessions = list(walks(loading.load(Config()).book, hops // 3, Random(SEED)))
    right = [text for session in sessions for _, text in session]
    cores = os.sched_getaffinity(0)
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="komek-", ignore_cleanup_errors=True))
        pool = stack.enter_context(ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), stay_on, (-1,)))
        pool.submit(int).result()  # it starts before this process stays on one core
        try:
            stay_on(0)
            ours = stack.enter_context(service(Path(folder)))
        finally:
            os.sched_setaffinity(0, cores)
        requests = [[sent.request(ours.path) for sent, _ in session] for session in sessions]
        pool.submit(drive, ours.port, requests[: len(requests) // 10], CALLERS).result()  # warm up
        capacity = len(right) / pool.submit(drive, ours.port, requests, CALLERS).result().wall_seconds
        each = [request for session in requests for request in session]
        found, wrong = list[list[float]](), 0
        for at in range(rounds):
            answers, waits = pool.submit(drive_open, ours.port, each, SHARE * capacity, at).result()
            wrong += sum(answer != text for answer, text in zip(answers, right, strict=True))
            found.append(waits)
        return capacity, found, wrong


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and judge. Return exit code 1 if the bar is missed by far or an answer was wrong."""
    parser = argparse.ArgumentParser(prog="komek bench tail", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--hops", type=int, default=20_000, help="about so many in a round (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="(default: %(default)s)")
    given = parser.parse_args(arguments)
    capacity, found, wrong = measure(given.hops, given.rounds)
    print(f"capacity: {capacity:.0f} hops a second; sent: {SHARE * capacity:.0f}; wrong answers: {wrong}")
    print(f"{'milliseconds':14} {'median':>8} {'99 %':>8} {'99.9 %':>8} {'longest':>8}")
    tails = []
    for at, waits in enumerate(found, start=1):
        parts = quantiles(waits, n=1000, method="inclusive")
        tails.append(parts[989] * 1000)
        figures = (median(waits), parts[989], parts[998], max(waits))
        print(f"{f'round {at}':14} " + " ".join(f"{figure * 1000:8.1f}" for figure in figures))
    tail = median(tails)
    spread = f"({min(tails):.1f}-{max(tails):.1f} by round)"
    print(f"99 % of hops are answered within {tail:.1f} ms {spread}; the bar is {BAR_MS:.0f}: {judged(tail, BAR_MS)}")
    return int(far_beyond((tail, BAR_MS)) or wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
