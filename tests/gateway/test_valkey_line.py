"""The loop's own connection to Valkey: answers in the order of the questions, or none, and never another's."""

import asyncio
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from gateway.valkey_line import ValkeyLine
from tests.helpline.caller.conftest import one_server, server
from tests.in_the_loop import patient
from tests.others import PATIENCE_SECONDS
from tests.workers.conftest import Server

__all__ = ["one_server", "patient", "server"]


async def connected(url: str, line: ValkeyLine | None = None) -> ValkeyLine:
    """Return a line that is connected."""
    line = line or ValkeyLine(url)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while line.transport is None:
            line.try_again_at = 0
            line.ask(("PING",))
            await asyncio.sleep(0.01)
    return line


async def answer(line: ValkeyLine, *words: str) -> object:
    """Ask, and wait for the answer."""
    coming = line.ask(words)
    assert coming is not None
    return await coming


@pytest.mark.usefixtures("patient")
def test_r27_answers_come_in_the_order_of_the_questions(server: Server) -> None:
    async def run() -> None:
        line = await connected(server.url)
        words = [str(number) for number in range(200)]
        found = await asyncio.gather(*(answer(line, "ECHO", word) for word in words))
        assert found == [word.encode() for word in words]
        await hang_up(line)

    asyncio.run(run())


@pytest.mark.usefixtures("patient")
def test_an_error_of_valkey_is_no_answer_and_the_next_question_has_its_own(server: Server) -> None:
    async def run() -> None:
        line = await connected(server.url)
        wrong, right = await asyncio.gather(answer(line, "NO-SUCH-COMMAND"), answer(line, "ECHO", "x"))
        assert (wrong, right) == (None, b"x")
        await hang_up(line)

    asyncio.run(run())


@pytest.mark.parametrize("goes", ["hangs", "closes"])
def test_r19_a_question_without_an_answer_is_given_up_and_its_late_answer_is_nobodys(server: Server, goes: str) -> None:
    async def run() -> None:
        line, other = await connected(server.url), server.client()
        coming = [line.ask(("ECHO", "before"))]
        if goes == "hangs":
            await asyncio.gather(*filter(None, coming))
            other.client_pause(1000)
            coming = [line.ask(("ECHO", "first")), line.ask(("ECHO", "second"))]
            assert await asyncio.gather(*filter(None, coming)) == [None, None]
        else:
            other.client_kill_filter(_type="normal", skipme=True)
            await until(lambda: line.transport is None)
        assert line.ask(("ECHO", "third")) is None, "there is no line"
        await asyncio.to_thread(other.ping)  # until the pause is over
        again = await connected(server.url, line)
        assert await answer(again, "ECHO", "fourth") == b"fourth"
        await hang_up(line)

    asyncio.run(run())


@pytest.mark.parametrize("login", ["", ":secret@"])
@pytest.mark.parametrize("database", ["", "/3"])
def test_r19_a_valkey_that_takes_connections_and_never_answers_is_given_up(login: str, database: str) -> None:
    """Also where the first question is the login: a hop behind it would wait for ever."""

    async def run(port: int) -> None:
        line = await connected(f"redis://{login}127.0.0.1:{port}{database}")
        coming = line.ask(("ECHO", "x"))
        assert coming is not None
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert await coming is None
        await until(lambda: line.transport is None)

    with socket.create_server(("127.0.0.1", 0)) as hangs:
        asyncio.run(run(hangs.getsockname()[1]))


@pytest.mark.usefixtures("patient")
def test_a_line_logs_in_and_chooses_its_database(server: Server) -> None:
    server.client().acl_setuser("somebody", enabled=True, passwords=["+secret"], keys=["*"], categories=["+@all"])

    async def run() -> None:
        line = await connected(f"unix://somebody:secret@{urlsplit(server.url).path}?db=3")
        assert await answer(line, "ACL", "WHOAMI") == b"somebody"
        assert b" db=3 " in await answer(line, "CLIENT", "INFO")  # type: ignore[operator]  # bytes
        await hang_up(line)

    asyncio.run(run())


def test_without_a_loop_or_a_valkey_nothing_is_asked(server: Server) -> None:
    """Nor over `rediss://`: then threads ask."""
    assert ValkeyLine(server.url).ask(("PING",)) is None

    async def run() -> None:
        for url in ("unix:///nowhere/valkey.sock", "rediss://localhost:1", "redis://localhost:1"):
            line = ValkeyLine(url)
            for _ in range(3):
                assert line.ask(("PING",)) is None
                while line.connecting:
                    await asyncio.sleep(0.01)
            assert line.transport is None

    asyncio.run(run())


async def until(true: Callable[[], bool]) -> None:
    """Wait until something is true, while the loop does its other work."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not true():
            await asyncio.sleep(0.01)


async def hang_up(line: ValkeyLine) -> None:
    """Close the connection."""
    assert line.transport
    line.transport.abort()
    await until(lambda: line.transport is None)
