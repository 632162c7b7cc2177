"""What one client may use of the server: time, memory and connections.

A visitor without an account must not be able to stop the service by being slow. So each state of a connection has a
deadline, and when the server is full, those who hold the most connections lose their oldest ones.
"""

import math
import resource
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_network
from typing import Protocol

SPARE_FILES = 128
"""File descriptors for everything that is not a connection: database, Redis, log, modules."""
NEVER = math.inf


@dataclass(frozen=True, slots=True)
class Bounds:
    """The limits of a server. Seconds are counted from when a state begins, not from the last byte."""

    connections: int = 4096
    header_seconds: float = 10.0
    """From the connection, or from the first byte of a later request, until the header is complete."""
    body_seconds: float = 20.0
    """For the body: a note of 200 KB at 10 KB/s, which a poor mobile connection reaches."""
    idle_seconds: float = 75.0
    """Between two requests: longer than proxies keep an idle connection, so that they close it and not we."""
    write_seconds: float = 30.0
    """For a client to take its answer."""
    header_bytes: int = 16_384
    body_bytes: int = 200_000
    """The app is asked to refuse a longer body, which is not read. Chunks and what follows them may double it."""
    held_bytes: int = 64_000_000
    """For all requests together that have no answer yet."""


class Client(Protocol):
    """A connection, as its bounds see it."""

    address: str
    deadline: float
    since: float
    """When its present state began."""
    held: int
    """The bytes of its unfinished request."""
    running: bool
    """Whether a thread works on its request."""

    @property
    def serving(self) -> bool: ...
    def expire(self) -> None: ...
    def drop(self) -> None: ...


@dataclass(slots=True)
class Connections:
    """All open connections of a server."""

    bounds: Bounds
    open: set[Client] = field(default_factory=set)
    held: int = 0

    def add(self, client: Client) -> bool:
        """Count a new connection. Return whether there is room for it, after closing others if necessary."""
        if len(self.open) >= self.bounds.connections:
            self.make_room(lambda: len(self.open) <= self.bounds.connections * 7 // 8, self.open)
        if len(self.open) >= self.bounds.connections:
            return False
        self.open.add(client)
        return True

    def hold(self, client: Client, size: int) -> None:
        """Count bytes of an unfinished request."""
        client.held += size
        self.held += size
        if self.held > self.bounds.held_bytes:
            holders = {each for each in self.open if each.held}
            self.make_room(lambda: self.held <= self.bounds.held_bytes * 7 // 8, holders)

    def release(self, client: Client) -> None:
        """Count the bytes of a request as free again."""
        self.held -= client.held
        client.held = 0

    def remove(self, client: Client) -> None:
        """Forget a connection that has ended."""
        self.open.discard(client)
        self.release(client)

    def expire(self, now: float) -> None:
        """Close the connections whose deadline has passed."""
        for client in [client for client in self.open if client.deadline < now]:
            try:
                client.expire()
            except OSError:  # it was closed at this moment: the others still have their deadlines
                client.drop()

    def make_room(self, enough: Callable[[], bool], clients: set[Client]) -> None:
        """Close some of these connections until there is enough room. Requests that a thread works on stay.

        Those who hold the most connections lose their oldest. A gateway or a proxy that sends everything from one
        address seldom loses one that is in use: they wait only briefly.
        """
        for client in _most_dispensable(clients):
            if enough():
                return
            client.drop()
            self.remove(client)


def _most_dispensable(clients: set[Client]) -> Iterator[Client]:
    """Yield the waiting connections in the order of their places in line, counted for each address from its newest.

    The oldest comes first among equals, because somebody may have many addresses.
    """
    holders: dict[str, list[Client]] = defaultdict(list)
    for client in sorted(clients, key=lambda client: client.since, reverse=True):
        if not client.running:
            holders[_holder(client.address)].append(client)
    places = [(place, client) for held in holders.values() for place, client in enumerate(held)]
    return (client for _, client in sorted(places, key=lambda each: (each[0], -each[1].since), reverse=True))


def _holder(address: str) -> str:
    """Return the customer that an address belongs to: one customer of a provider usually has a /64 of IPv6."""
    if ":" not in address:
        return address
    plain = IPv6Address(address.partition("%")[0])
    return str(plain.ipv4_mapped or ip_network((plain, 64), strict=False))


def fitting(bounds: Bounds) -> Bounds:
    """Raise the limit of file descriptors as far as allowed. Return the bounds with as many connections as then fit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = bounds.connections * 9 // 8 + SPARE_FILES  # connections that are being closed still have theirs
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    connections = min(bounds.connections, max(16, (soft - SPARE_FILES) * 8 // 9))
    return Bounds(connections) if connections < bounds.connections else bounds
