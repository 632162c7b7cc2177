"""Real workers: they run the jobs in order, leave nothing behind when they die, and log no values."""

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
RECORDING = """
import os
from helpline.core.jobs import Job
class Service:
    def run(self, job):
        with open({file!r}, "a") as file: file.write(f"{{os.getpid()}} {{job}}\\n")
        {then}
    def help(self, leaving_out):
        self.run("everything")
        return 1
    def due(self): return [(Job.APPLY_STOPS, 0.0), (Job.SEND_MESSAGES, 0.0), (Job.DELETE_DATA, 0.0)]
    def begin(self): pass
    def note_missing(self): pass
    def beat(self, name): pass
    def ask_gateways(self): pass
    def is_sure(self): return True
def service(): return Service()
"""
EACH = (Job.DELETE_DATA, Job.READ_MESSAGES, Job.SEND_URGENT, Job.SEND_LOW, Job.SEND_MESSAGES, Job.APPLY_STOPS)
"""Jobs of all queues, in the order in which they are requested."""


@pytest.fixture
def done(tmp_path: Path) -> Path:
    """The file in which each job of a worker writes its process id and its name."""
    file = tmp_path / "done"
    file.touch()
    return file


def recording(file: Path, then: str = "pass") -> str:
    return RECORDING.format(file=str(file), then=then)


def drained(file: Path) -> list[int]:
    return [int(line.split()[0]) for line in file.read_text().splitlines()]


def names(file: Path) -> list[str]:
    return [line.split()[1] for line in file.read_text().splitlines()]


def has_ended(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def test_a_job_runs_in_a_child_and_sigterm_stops_the_worker_cleanly(server: Server, start: Start, done: Path) -> None:
    worker = start("__main__", recording(done), server.url)
    assert server.jobs().wake(Job.SEND_MESSAGES)
    until(lambda: drained(done), "a job")
    assert drained(done)[0] != worker.pid
    until(lambda: has_ended(drained(done)[0]), "the end of the child")
    worker.terminate()
    assert worker.wait() == 0
    events = [json.loads(line)["event"] for line in start.errors.read_text().splitlines()]
    assert set(events) <= {"queue_awaited"}  # on a busy machine Valkey may answer its first request late


def test_urgent_jobs_run_first_and_low_ones_last(server: Server, start: Start, done: Path) -> None:
    assert all(server.jobs().wake(job) for job in EACH)
    start("__main__", recording(done), server.url)
    until(lambda: len(drained(done)) == len(EACH), "all jobs")
    assert names(done) == ["send_urgent", "apply_stops", "read_messages", "send_messages", "delete_data", "send_low"]


def test_rq_info_shows_a_worker_and_the_order_in_which_it_listens(server: Server, start: Start, done: Path) -> None:
    start("__main__", recording(done), server.url)
    assert server.jobs().wake(Job.SEND_MESSAGES)
    until(lambda: drained(done), "a job")
    asked = [sys.executable, "-m", "rq.cli", "info", "--url", server.url, "--raw"]
    output = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    assert "urgent, default, low" in output


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="only Linux kills a child with its parent")
def test_a_killed_worker_leaves_no_running_child(server: Server, start: Start, done: Path) -> None:
    endless = "import signal, time; signal.signal(signal.SIGALRM, signal.SIG_IGN); time.sleep(999)"
    worker = start("__main__", recording(done, then=endless), server.url)
    assert server.jobs().wake(Job.SEND_MESSAGES)
    until(lambda: drained(done), "a job")
    worker.kill()
    until(lambda: has_ended(drained(done)[0]), "the end of the child")


def test_the_clock_wakes_the_jobs_that_a_killed_worker_held(server: Server, start: Start, done: Path) -> None:
    """It listens to three queues, so RQ may lose its job. That costs one tick of the clock."""
    endless = f"import time; os.path.exists({str(done)!r} + '.killed') or time.sleep(999)"
    worker = start("__main__", recording(done, then=endless), server.url)
    assert all(server.jobs().wake(job) for job in (Job.APPLY_STOPS, Job.SEND_MESSAGES, Job.DELETE_DATA))
    until(lambda: drained(done), "the first job")
    worker.kill()
    worker.wait()
    server.client().delete(
        "rq:queue:urgent", "rq:queue:default", "rq:queue:low"
    )  # in the worst case it held all of them
    done.with_name("done.killed").touch()
    done.write_text("")
    start("__main__", recording(done), server.url)
    start("clock", recording(done), server.url)
    until(lambda: {"apply_stops", "send_messages", "delete_data"} <= set(names(done)), "all three jobs again")
    assert "everything" not in names(done), "the clock did the work itself"


def test_an_error_in_a_job_is_not_described_in_the_log_or_redis(server: Server, start: Start, done: Path) -> None:
    start("__main__", recording(done, then=f"raise ValueError('cannot reach {NUMBER}')"), server.url)
    assert server.jobs().wake(Job.SEND_URGENT)
    until(lambda: drained(done) and has_ended(drained(done)[0]), "a job")
    assert server.jobs().wake(Job.SEND_URGENT)
    until(lambda: len(drained(done)) > 1, "another job of the same worker")
    until(
        lambda: '"send_urgent_failed", "error": "ValueError"' in start.errors.read_text(),
        "the fault's class in the log",
    )
    redis = server.client()
    kept = b"".join(redis.dump(key) or b"" for key in redis.scan_iter())
    assert NUMBER[1:] not in start.errors.read_text()
    assert NUMBER[1:].encode() not in kept
    assert not any(redis.zcard(f"rq:failed:{queue}") for queue in ("urgent", "default", "low"))


def test_a_worker_survives_anything_in_the_queues(server: Server, start: Start, done: Path) -> None:
    worker = start("__main__", recording(done), server.url)
    redis, proof = server.client(), done.with_name("proof")
    for queue in ("urgent", "default", "low"):
        RqQueue(queue, connection=redis, serializer="json").enqueue("os.system", f"touch {proof} # {NUMBER}")
        RqQueue(queue, connection=redis, serializer="pickle").enqueue("os.system", f"touch {proof} # {NUMBER}")
        broken = RqQueue(queue, connection=redis, serializer="json").create_job(FUNCTION[Job.SEND_MESSAGES])
        broken.save()
        redis.hset(broken.key, "created_at", NUMBER)
        redis.rpush(f"rq:queue:{queue}", broken.id)
    assert server.jobs().wake(Job.DELETE_DATA)
    until(lambda: drained(done), "a job after all that")
    assert worker.poll() is None
    assert not proof.exists()
    assert "system" not in start.errors.read_text()
    assert NUMBER[1:] not in start.errors.read_text()


def test_a_worker_waits_for_redis_to_start_and_to_return(server: Server, start: Start, done: Path) -> None:
    server.end()
    worker = start("__main__", recording(done), server.url)
    until(lambda: start.errors.exists() and "queue_awaited" in start.errors.read_text(), "a worker that waits")
    server.begin()
    assert server.jobs().wake(Job.SEND_MESSAGES)
    until(lambda: drained(done) and has_ended(drained(done)[0]), "the end of the job")
    server.end()
    server.begin()
    assert server.jobs().wake(Job.SEND_MESSAGES)
    until(lambda: len(drained(done)) > 1 or worker.poll() is not None, "a second job, or the worker's end")
    assert worker.poll() in {None, 0, os.EX_TEMPFAIL}


def test_a_worker_that_waits_for_redis_can_be_stopped(server: Server, start: Start, done: Path) -> None:
    server.end()
    worker = start("__main__", recording(done), server.url)
    until(lambda: start.errors.exists() and "queue_awaited" in start.errors.read_text(), "a worker that waits")
    worker.send_signal(signal.SIGTERM)
    assert worker.wait() == 0


def test_a_worker_without_its_keys_names_the_missing_ones(server: Server, start: Start, done: Path) -> None:
    worker = start("__main__", recording(done), server.url, KOMEK_OPENING_KEY="")
    assert worker.wait() == os.EX_CONFIG
    assert "KOMEK_OPENING_KEY is missing" in start.errors.read_text()


def test_without_redis_the_clock_works_alone(server: Server, start: Start, done: Path) -> None:
    server.end()
    clock = start("clock", recording(done), server.url)
    until(lambda: len(drained(done)) > 2, "drains by the clock")
    assert (set(drained(done)), set(names(done))) == ({clock.pid}, {"everything"})
    clock.terminate()
    assert clock.wait() == 0
