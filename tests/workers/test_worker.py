"""Real workers: they do what the bell asks for, leave nothing behind when they die, and say nothing."""

import json
import os
import signal
from pathlib import Path

import pytest
from rq import Queue

from helpline.core.job_queue import DRAIN, QUEUE
from tests.others import until
from tests.workers.conftest import Server, Start

pytestmark = pytest.mark.faults
NUMBER = "+996555123456"
DOES = """
import os
class Service:
    def drain(self, seconds=2.0, rows=200):
        with open({file!r}, "a") as file: file.write(f"{{os.getpid()}}\\n")
        {then}
        return 1
    def due(self): return (1, 0.0)
    def beat(self, name): pass
def service(): return Service()
"""


@pytest.fixture
def did(tmp_path: Path) -> Path:
    """Where each drain of a worker writes its process id."""
    file = tmp_path / "did"
    file.touch()
    return file


def does(file: Path, then: str = "pass") -> str:
    return DOES.format(file=str(file), then=then)


def drained(file: Path) -> list[int]:
    return [int(line) for line in file.read_text().splitlines()]


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def test_a_ring_is_answered_in_a_child_and_sigterm_ends_the_worker_well(
    server: Server, start: Start, did: Path
) -> None:
    worker = start("__main__", does(did), server.url)
    assert server.bell().ring()
    until(lambda: drained(did), "a drain")
    assert drained(did)[0] != worker.pid
    until(lambda: gone(drained(did)[0]), "the end of the child")
    worker.terminate()
    assert worker.wait() == 0
    said = [json.loads(line)["event"] for line in start.said.read_text().splitlines()]
    assert set(said) <= {"queue_awaited"}  # on a busy machine Valkey may answer its first question late


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="only Linux kills a child with its parent")
def test_a_killed_worker_leaves_no_child_at_work(server: Server, start: Start, did: Path) -> None:
    endless = "import signal, time; signal.signal(signal.SIGALRM, signal.SIG_IGN); time.sleep(999)"
    worker = start("__main__", does(did, then=endless), server.url)
    assert server.bell().ring()
    until(lambda: drained(did), "a drain")
    worker.kill()
    until(lambda: gone(drained(did)[0]), "the end of the child")


def test_a_fault_in_a_job_tells_neither_the_log_nor_redis_what_it_was(server: Server, start: Start, did: Path) -> None:
    start("__main__", does(did, then=f"raise ValueError('cannot reach {NUMBER}')"), server.url)
    assert server.bell().ring()
    until(lambda: drained(did) and gone(drained(did)[0]), "a drain")
    assert server.bell().ring()
    until(lambda: len(drained(did)) > 1, "another drain by the same worker")
    until(lambda: '"drain_failed", "error": "ValueError"' in start.said.read_text(), "the fault's class in the log")
    redis = server.client()
    kept = b"".join(redis.dump(key) or b"" for key in redis.scan_iter())
    assert NUMBER[1:] not in start.said.read_text()
    assert NUMBER[1:].encode() not in kept
    assert redis.zcard("rq:failed:komek") == 0


def test_a_worker_outlives_whatever_stands_in_the_queue(server: Server, start: Start, did: Path) -> None:
    worker = start("__main__", does(did), server.url)
    redis, proof = server.client(), did.with_name("proof")
    Queue(QUEUE, connection=redis, serializer="json").enqueue("os.system", f"touch {proof} # {NUMBER}")
    Queue(QUEUE, connection=redis, serializer="pickle").enqueue("os.system", f"touch {proof} # {NUMBER}")
    broken = Queue(QUEUE, connection=redis, serializer="json").create_job(DRAIN)
    broken.save()
    redis.hset(broken.key, "created_at", NUMBER)
    redis.rpush(f"rq:queue:{QUEUE}", broken.id)
    assert server.bell(workers=9).ring()
    until(lambda: drained(did), "a drain after all that")
    assert worker.poll() is None
    assert not proof.exists()
    assert "system" not in start.said.read_text()
    assert NUMBER[1:] not in start.said.read_text()


def test_a_worker_waits_for_redis_and_for_its_return(server: Server, start: Start, did: Path) -> None:
    server.end()
    worker = start("__main__", does(did), server.url)
    until(lambda: start.said.exists() and "queue_awaited" in start.said.read_text(), "a worker that waits")
    server.begin()
    assert server.bell().ring()
    until(lambda: drained(did), "a drain")
    until(lambda: server.client().llen("rq:queue:komek:intermediate") == 0, "the end of the job")
    server.end()
    server.begin()
    assert server.bell().ring()
    until(lambda: len(drained(did)) > 1 or worker.poll() is not None, "a second drain, or the worker's end")
    assert worker.poll() in {None, 0, os.EX_TEMPFAIL}


def test_a_worker_that_waits_for_redis_can_be_stopped(server: Server, start: Start, did: Path) -> None:
    server.end()
    worker = start("__main__", does(did), server.url)
    until(lambda: start.said.exists() and "queue_awaited" in start.said.read_text(), "a worker that waits")
    worker.send_signal(signal.SIGTERM)
    assert worker.wait() == 0


def test_a_worker_without_its_keys_says_what_is_missing(server: Server, start: Start, did: Path) -> None:
    worker = start("__main__", does(did), server.url, KOMEK_OPENING_KEY="")
    assert worker.wait() == os.EX_CONFIG
    assert "KOMEK_OPENING_KEY is missing" in start.said.read_text()


def test_the_clock_works_alone_when_there_is_no_redis(server: Server, start: Start, did: Path) -> None:
    server.end()
    clock = start("clock", does(did), server.url)
    until(lambda: len(drained(did)) > 2, "drains by the clock")
    assert set(drained(did)) == {clock.pid}
    clock.terminate()
    assert clock.wait() == 0
