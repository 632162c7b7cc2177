"""Two hosts with one database and one Valkey, behind a balancer: `komek up` on each, and callers who do not know."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.faults.phones import Outside, outside
from tests.faults.service import NOTHING_MORE, ROOT, Service, running
from tests.faults.storm import to_the_morning
from tests.hosts.balancer import CONNECT_SECONDS, Balancer, balancer
from tests.hosts.network import Network, network
from tests.hosts.servers import servers

DATABASE, FIRST, SECOND = "db", "one", "two"
SETTINGS: Mapping[str, Any] = {"grace_seconds": 0, "requests_a_day": 99, "reveals_a_day": 9999}


@dataclass(slots=True)
class Cluster:
    """The hosts, and what is common to them."""

    folder: Path
    database_url: str
    redis_url: str
    gateway: Outside
    net: Network
    settings: Mapping[str, Any] = field(default_factory=lambda: SETTINGS)
    hosts: dict[str, Service] = field(default_factory=dict)
    running: dict[str, ExitStack] = field(default_factory=dict)
    balancer: Balancer | None = None

    def start(self, name: str, *, tree: Path = ROOT, environ: Mapping[str, str] = NOTHING_MORE) -> Service:
        """Start a host, again perhaps. It has the keys and the demo's time of the first one."""
        folder, stack = self.folder / name, ExitStack()
        if name not in (FIRST, *self.hosts):
            shutil.copytree(self.folder / FIRST / "data" / "keys", folder / "data" / "keys")
            (folder / "data" / "demo-clock").symlink_to(self.hosts[FIRST].clock.path)
        place: dict[str, Any] = {"inside": self.net.inside(name), "address": self.net.address(name)}
        if name in self.hosts:
            place["port"] = self.hosts[name].port
        service = stack.enter_context(
            running(
                folder, tree=tree, environ={**environ, "KEEPS_TIME": "yes"}, database_url=self.database_url, redis_url=self.redis_url,
                gateway_url=self.gateway.url, **place, **self.settings,
            )
        )  # fmt: skip
        self.hosts[name], self.running[name] = service, stack
        return service

    def stop(self, name: str) -> None:
        """Stop a host as an operator does."""
        self.hosts[name].stop()
        self.running.pop(name).close()

    def end(self) -> None:
        """Kill what still runs."""
        for each in self.running.values():
            each.close()

    @property
    def service(self) -> Service:
        """The service as gateways and callers see it: at the balancer's port."""
        assert self.balancer
        return replace(self.hosts[FIRST], port=self.balancer.port, host="127.0.0.1")


@contextmanager
def cluster(
    folder: Path,
    *,
    tree: Path = ROOT,
    second: Mapping[str, str] = NOTHING_MORE,
    connect_seconds: float = CONNECT_SECONDS,
) -> Iterator[Cluster]:
    """Start both hosts and the balancer in the morning, from the checkout `tree`.

    Each host, and the database with Valkey, is in a namespace of its own. The test is skipped where none can be made.
    `second` is what the second host has in its environment, `connect_seconds` how long the balancer waits for a host.
    """
    with (
        network(DATABASE, FIRST, SECOND) as net,
        servers(net, DATABASE) as urls,
        outside(net.here) as gateway,
        ExitStack() as stack,
    ):
        made = Cluster(folder, *urls, gateway, net)
        stack.callback(made.end)
        to_the_morning(made.start(FIRST, tree=tree))
        made.start(SECOND, tree=tree, environ=second)
        places = [(each.host, each.port) for each in made.hosts.values()]
        made.balancer = stack.enter_context(balancer(places, connect_seconds))
        gateway.reports_to(made.service)
        yield made
