"""Real workers: they run the jobs in order, leave nothing behind when they die, and say nothing."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from rq import Queue as RqQueue

from helpline.core.job_queue import FUNCTION
from helpline.core.jobs import Job
from tests.others import until
from tests.workers.conftest import Server, Start

pytestmark = pytest.mark.faults
NUMBER = "+996555123456"
DOES = """
import os
from helpline.core.jobs import Job
class Service:
    def run(self, job):
        with open({file!r}, "a") as file: file.write(f"{{os.getpid()}} {{job}}\\n")
        {then}
    def drain(self):
        self.run("everything")
        return 1
    def due(self): return [(Job.APPLY_STOPS, 0.0), (Job.SEND_MESSAGES, 0.0), (Job.DELETE_DATA, 0.0)]
    def beat(self, name): pass
def service(): return Service()
"""
EACH = (Job.DELETE_DATA, Job.READ_MESSAGES, Job.SEND_URGENT, Job.SEND_LOW, Job.SEND_MESSAGES, Job.APPLY_STOPS)
"""Jobs of all queues, in the order in which they are asked for."""


@pytest.fixture
def did(tmp_path: Path) -> Path:
    """Where each job of a worker writes its process and its name."""
    file = tmp_path / "did"
    file.touch()
    return file


def does(file: Path, then: str = "pass") -> str:
    return DOES.format(file=str(file), then=then)


def drained(file: Path) -> list[int]:
    return [int(line.split()[0]) for line in file.read_text().splitlines()]


def names(file: Path) -> list[str]:
    return [line.split()[1] for line in file.read_text().splitlines()]


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def test_a_job_runs_in_a_child_and_sigterm_ends_the_worker_well(server: Server, start: Start, did: Path) -> None:
    worker = start("__main__", does(did), server.url)
    assert server.jobs().wake(Job.SEND_MESSAGES)
    until(lambda: drained(did), "a job")
    assert drained(did)[0] != worker.pid
    until(lambda: gone(drained(did)[0]), "the end of the child")
    worker.terminate()
    assert worker.wait() == 0
    said = [json.loads(line)["event"] for line in start.said.read_text().splitlines()]
    assert set(said) <= {"queue_awaited"}  # on a busy machine Valkey may answer its first question late


def test_urgent_jobs_come_first_and_low_ones_last_whatever_was_asked_for_first(
    server: Server, start: Start, did: Path
) -> None:
    assert all(server.jobs().wake(job) for job in EACH)
    start("__main__", does(did), server.url)
    until(lambda: len(drained(did)) == len(EACH), "all jobs")
    assert names(did) == ["send_urgent", "apply_stops", "read_messages", "send_messages", "delete_data", "send_low"]


def test_rq_info_shows_a_worker_and_the_order_in_which_it_listens(server: Server, start: Start, did: Path) -> None:
    start("__main__", does(did), server.url)
    assert server.jobs().wake(Job.SEND_MESSAGES)
    until(lambda: drained(did), "a job")
    asked = [sys.executable, "-m", "rq.cli", "info", "--url", server.url, "--raw"]
    said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    assert "urgent, default, low" in said


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="only Linux kills a child with its parent")
def test_a_killed_worker_leaves_no_child_at_work(server: Server, start: Start, did: Path) -> None:
    endless = "import signal, time; signal.signal(signal.SIGALRM, signal.SIG_IGN); time.sleep(999)"
    worker = start("__main__", does(did, then=endless), server.url)
    assert server.jobs().wake(Job.SEND_MESSAGES)
    until(lambda: drained(did), "a job")
    worker.kill()
    until(lambda: gone(drained(did)[0]), "the end of the child")


def test_what_a_killed_worker_held_or_lost_is_woken_again_by_the_clock(server: Server, start: Start, did: Path) -> None:
    """It listens to three queues, so RQ may lose what it holds. That costs a tick of the clock."""
    endless = f"import time; os.path.exists({str(did)!r} + '.killed') or time.sleep(999)"
    worker = start("__main__", does(did, then=endless), server.url)
    assert all(server.jobs().wake(job) for job in (Job.APPLY_STOPS, Job.SEND_MESSAGES, Job.DELETE_DATA))
    until(lambda: drained(did), "the first job")
    worker.kill()
    worker.wait()
    server.client().delete("rq:queue:urgent", "rq:queue:default", "rq:queue:low")  # at the worst it held all of them
    did.with_name("did.killed").touch()
    did.write_text("")
    start("__main__", does(did), server.url)
    start("clock", does(did), server.url)
    until(lambda: {"apply_stops", "send_messages", "delete_data"} <= set(names(did)), "all three jobs again")
    assert "everything" not in names(did), "the clock did the work itself"


def test_a_fault_in_a_job_tells_neither_the_log_nor_redis_what_it_was(server: Server, start: Start, did: Path) -> None:
    start("__main__", does(did, then=f"raise ValueError('cannot reach {NUMBER}')"), server.url)
    assert server.jobs().wake(Job.SEND_URGENT)
    until(lambda: drained(did) and gone(drained(did)[0]), "a job")
    assert server.jobs().wake(Job.SEND_URGENT)
    until(lambda: len(drained(did)) > 1, "another job of the same worker")
    until(
        lambda: '"send_urgent_failed", "error": "ValueError"' in start.said.read_text(), "the fault's class in the log"
    )
    redis = server.client()
    kept = b"".join(redis.dump(key) or b"" for key in redis.scan_iter())
    assert NUMBER[1:] not in start.said.read_text()
    assert NUMBER[1:].encode() not in kept
    assert not any(redis.zcard(f"rq:failed:{queue}") for queue in ("urgent", "default", "low"))


def test_a_worker_survives_anything_in_the_queues(server: Server, start: Start, did: Path) -> None:
    worker = start("__main__", does(did), server.url)
    redis, proof = server.client(), did.with_name("proof")
    for queue in ("urgent", "default", "low"):
        RqQueue(queue, connection=redis, serializer="json").enqueue("os.system", f"touch {proof} # {NUMBER}")
        RqQueue(queue, connection=redis, serializer="pickle").enqueue("os.system", f"touch {proof} # {NUMBER}")
        broken = RqQueue(queue, connection=redis, serializer="json").create_job(FUNCTION[Job.SEND_MESSAGES])
        broken.save()
        redis.hset(broken.key, "created_at", NUMBER)
        redis.rpush(f"rq:queue:{queue}", broken.id)
    assert server.jobs().wake(Job.DELETE_DATA)
    until(lambda: drained(did), "a job after all that")
    assert worker.poll() is None
    assert not proof.exists()
    assert "system" not in start.said.read_text()
    assert NUMBER[1:] not in start.said.read_text()


def test_a_worker_waits_for_redis_and_for_its_return(server: Server, start: Start, did: Path) -> None:
    server.end()
    worker = start("__main__", does(did), server.url)
    until(lambda: start.said.exists() and "queue_awaited" in start.said.read_text(), "a worker that waits")
    server.begin()
    assert server.jobs().wake(Job.SEND_MESSAGES)
    until(lambda: drained(did) and gone(drained(did)[0]), "the end of the job")
    server.end()
    server.begin()
    assert server.jobs().wake(Job.SEND_MESSAGES)
    until(lambda: len(drained(did)) > 1 or worker.poll() is not None, "a second job, or the worker's end")
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
    assert (set(drained(did)), set(names(did))) == ({clock.pid}, {"everything"})
    clock.terminate()
    assert clock.wait() == 0
