"""The loop's own connection to Valkey: an answer at once or none, and never that of another question."""

import signal
import socket
from urllib.parse import urlsplit

import pytest

from helpline.caller import quick_line
from helpline.caller.quick_line import QuickLine, Word
from helpline.core.waiting import settle
from tests.helpline.caller.conftest import one_server, server
from tests.in_the_loop import patient
from tests.others import until
from tests.workers.conftest import Server

__all__ = ["one_server", "patient", "server"]


def opened(url: str) -> QuickLine:
    """Return a line that is connected, if it can be."""
    line = QuickLine(url)
    line.open()
    return line


def ask(line: QuickLine, *words: Word) -> object | None:
    """Ask one thing, and return the answer."""
    answer = line.put(words)
    settle()
    return answer.found if answer else None


@pytest.mark.usefixtures("patient")
def test_each_question_has_its_answer_and_an_error_is_none(server: Server) -> None:
    line = opened(server.url)
    for number in range(20):
        assert ask(line, "NO-SUCH-COMMAND") is None
        assert ask(line, "ECHO", str(number)) == str(number).encode()


@pytest.mark.usefixtures("patient")
def test_questions_that_were_put_together_go_out_together_and_each_has_its_own_answer(server: Server) -> None:
    line = opened(server.url)
    answers = [line.put(("ECHO", str(number)) if number % 3 else ("NO-SUCH-COMMAND",)) for number in range(20)]
    assert line._owed == 0, "nothing is asked before"
    settle()
    found = [answer and answer.found for answer in answers]
    assert found == [str(number).encode() if number % 3 else None for number in range(20)]


def test_r27_a_late_answer_is_not_that_of_the_next_question(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    line, other = opened(server.url), server.client()
    for name, seconds in (("ANSWER_SECONDS", 0), ("PAUSE_SECONDS", 0)):
        monkeypatch.setattr(quick_line, name, seconds)
    other.set("heard", 0)
    server.freeze()
    for _ in range(3):
        assert ask(line, "INCR", "heard") is None
    server.tell(signal.SIGCONT)
    monkeypatch.setattr(quick_line, "ANSWER_SECONDS", 60)
    assert ask(line, "ECHO", "mine") == b"mine"
    assert other.get("heard") == b"3", "Valkey has heard all of them"


def test_r19_after_a_question_without_an_answer_the_loop_asks_nothing_for_a_while(server: Server) -> None:
    line = opened(server.url)
    server.freeze()
    try:
        assert ask(line, "ECHO", "x") is None
        asked = line._owed
        assert ask(line, "ECHO", "y") is None
        assert line._owed == asked == 1
    finally:
        server.tell(signal.SIGCONT)


@pytest.mark.usefixtures("patient")
def test_a_line_that_was_closed_is_opened_again(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    line = opened(server.url)
    server.client().client_kill_filter(_type="normal", skipme=True)
    until(lambda: ask(line, "ECHO", "x") is None, "the end of the line")
    line.open()
    assert ask(line, "ECHO", "x") is None, "threads try again only after a while"
    monkeypatch.setattr(line, "_connect_at", 0.0)
    line.open()
    assert ask(line, "ECHO", "x") == b"x"


@pytest.mark.usefixtures("patient")
def test_a_line_logs_in_and_chooses_its_database(server: Server) -> None:
    server.client().acl_setuser("somebody", enabled=True, passwords=["+secret"], keys=["*"], categories=["+@all"])
    path = urlsplit(server.url).path
    line = opened(f"unix://somebody:secret@{path}?db=3")
    assert ask(line, "ACL", "WHOAMI") == b"somebody"
    assert b" db=3 " in ask(line, "CLIENT", "INFO")  # type: ignore[operator]  # bytes
    assert ask(opened(f"unix://somebody:wrong@{path}?db=3"), "PING") is None


@pytest.mark.parametrize("url", ["unix:///nowhere/valkey.sock", "rediss://localhost:1", "redis://localhost:1"])
def test_without_a_valkey_nothing_is_asked(url: str) -> None:
    assert ask(opened(url), "PING") is None


@pytest.mark.parametrize("login", ["", ":secret@"])
def test_r19_a_valkey_that_takes_connections_and_never_answers_is_given_up(
    login: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quick_line, "CONNECT_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as hangs:
        assert ask(opened(f"redis://{login}127.0.0.1:{hangs.getsockname()[1]}"), "PING") is None
