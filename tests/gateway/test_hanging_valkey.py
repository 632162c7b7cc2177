"""A Valkey that takes connections and never answers: a caller waits for it once, whatever they do."""

import socket
from collections.abc import Iterator

import pytest

from helpline.core.phone_numbers import msisdn
from helpline.core.ports import Hop
from helpline.store.engine import Database
from tests.last_key import Telephone
from tests.world import CALLER, SEE, World


@pytest.fixture
def hanging(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, socket.socket]]:
    """The address of a Valkey that hangs, and the socket on which connections to it wait to be taken."""
    path = tmp_path_factory.mktemp("v") / "s"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen(64)
        server.setblocking(False)
        yield f"unix://{path}", server


def waits(server: socket.socket) -> int:
    """Count the connections that were opened since the last time. Each has waited for an answer in vain."""
    count = 0
    while True:
        try:
            server.accept()[0].close()
        except BlockingIOError:
            return count
        count += 1


def test_a_hanging_valkey_costs_a_caller_one_wait(db: Database, hanging: tuple[str, socket.socket]) -> None:
    """The calls in progress, the calls that began with this content and the counts of codes share one connection."""
    url, server = hanging
    world = World.on(db, redis_url=url)
    public, counts = world.public, world.public.limits.shared
    assert counts
    for store in (public.calls.store, public.begun.store, counts.store):
        store.seconds = lambda: 0.0  # a slow machine must not take so long that it is asked again
    phone = Telephone(world, CALLER)
    assert phone.dial() == public.hop("at", Hop("another", msisdn(CALLER), ()))
    reply = public.hop("at", Hop("third", msisdn(CALLER), (*SEE, "000000", "1")))
    assert reply.last
    assert waits(server) == 1
    assert phone.press("2") == public.emergency()
    assert waits(server) == 0
