"""`komek status`: whether the service is running, and what waits."""

import http.server
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import make_url

from helpline.commands.operate import is_running
from helpline.core.config import Config
from helpline.operations import heartbeats
from helpline.operations.demo import announced
from helpline.store.backlogs import Backlog
from helpline.store.connection import connect
from helpline.store.faults import no_room
from tests.others import free_port
from tests.steps.command_line import komek


class Web(http.server.BaseHTTPRequestHandler):
    """Answers as a web of ours does, or as another program."""

    says = b"live"

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.says)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


class Other(Web):
    says = b"<html>"


@pytest.fixture
def ports() -> Iterator[list[int]]:
    """Yield the ports of a web of ours and of another program."""
    with (
        http.server.HTTPServer(("127.0.0.1", 0), Web) as ours,
        http.server.HTTPServer(("127.0.0.1", 0), Other) as other,
    ):
        for each in (ours, other):
            threading.Thread(target=each.serve_forever, daemon=True).start()
        yield [ours.server_port, other.server_port]
        for each in (ours, other):
            each.shutdown()


def test_status_of_nothing_says_where_it_looked(tmp_path: Path) -> None:
    port = free_port()
    done = komek("status", "--data", str(tmp_path), told={"KOMEK_PORT": str(port)})
    assert done.code == 1
    assert f"BAD  web        no answer on port {port}; `komek up` starts it" in done.out
    assert f"BAD  database   none under {tmp_path}; another folder: --data, or KOMEK_DATA" in done.out


def test_status_knows_the_ports_of_the_running_demo(ports: list[int], tmp_path: Path) -> None:
    """It asks the demo of this folder, also if that was started with other ports. A stranger's program is not ours."""
    ours, other = ports
    assert komek("migrate", told={"KOMEK_DATA": str(tmp_path)}).code == 0
    here = Config(data=tmp_path, port=ours, console_port=other)
    with announced(here, here):
        silent = komek("status", "--data", str(tmp_path))
        db = connect(here.sql_url)
        with db.write() as tx:
            heartbeats.record_heartbeat(tx.at(datetime.now(UTC)), "clock")
        db.dispose()
        alive = komek("status", "--data", str(tmp_path))
    assert f"ok   web        answers on port {ours}" in silent.out
    assert f"BAD  console    another program answers on port {other}" in silent.out
    assert "BAD  clock      never ran" in silent.out
    assert "ok   clock      alive" in alive.out
    assert "ok   work       0 rows due" in alive.out


def test_status_and_doctor_say_that_work_is_late() -> None:
    assert [is_running.work(Backlog(9, seconds))[0] for seconds in (0, 29, 31)] == [True, True, False]
    assert is_running.work(Backlog(9, 31))[1] == "9 rows due, the oldest for 31 s"


@pytest.mark.parametrize(("given", "began", "well"), [("", False, True), ("", True, False), ("unix://", False, False)])
def test_a_queue_that_is_silent_is_a_fault_once_there_should_be_one(
    tmp_path: Path, given: str, began: bool, well: bool
) -> None:
    config = Config(data=tmp_path, redis_url=f"{given}{tmp_path}/none.sock" if given else "")
    if began:
        config.socket.parent.mkdir()
        config.socket.touch()
    assert is_running.queue(config)[0] == well


def test_a_full_disk_is_said_before_anybody_asks_for_a_call(tmp_path: Path) -> None:
    """SQLite may still read then. On a server the disk is not ours to look at."""
    database = make_url(f"sqlite:///{tmp_path}/komek.sqlite3")
    assert no_room(database) == []
    assert no_room(database, 1 << 60) == ["nothing can be saved: the disk is full: free some space"]
    assert no_room(make_url("postgresql://here/komek"), 1 << 60) == []
