"""Hosts on one machine: network namespaces on a bridge, whose cables a test can pull (root of Linux, with iproute2)."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import pytest

OUR_END = 254
"""The last number of the machine's own address."""


@dataclass(frozen=True, slots=True)
class Network:
    """A bridge, and behind it a namespace for each host."""

    name: str
    """Begins the names of all its parts: fifteen letters are allowed for each."""
    net: str
    hosts: tuple[str, ...]

    @property
    def here(self) -> str:
        """The address of the machine itself."""
        return f"{self.net}.{OUR_END}"

    def address(self, host: str) -> str:
        """Return the address of a host."""
        return f"{self.net}.{self.hosts.index(host) + 1}"

    def inside(self, host: str) -> tuple[str, ...]:
        """Return what begins a command that runs on a host."""
        return ("ip", "netns", "exec", f"{self.name}-{host}")

    def cut(self, host: str) -> None:
        """Pull the cable of a host: connections stay open, and nothing comes through."""
        ip("link", "set", self._cable(host), "down")

    def heal(self, host: str) -> None:
        """Plug it in again."""
        ip("link", "set", self._cable(host), "up")

    def _cable(self, host: str) -> str:
        return f"{self.name}{self.hosts.index(host)}"

    def open(self, stack: ExitStack) -> None:
        """Make all of it. At the end of `stack` it is gone."""
        ip("link", "add", self.name, "type", "bridge")
        stack.callback(ip, "link", "del", self.name)
        ip("address", "add", f"{self.here}/24", "dev", self.name)
        ip("link", "set", self.name, "up")
        for host in self.hosts:
            space = f"{self.name}-{host}"
            ip("netns", "add", space)
            stack.callback(ip, "netns", "del", space)
            ip("link", "add", self._cable(host), "type", "veth", "peer", "name", "eth0", "netns", space)
            stack.callback(ip, "link", "del", self._cable(host))  # with the namespace it would go some time later
            ip("link", "set", self._cable(host), "master", self.name, "up")
            ip("-n", space, "address", "add", f"{self.address(host)}/24", "dev", "eth0")
            for link in ("lo", "eth0"):
                ip("-n", space, "link", "set", link, "up")


def ip(*words: str) -> None:
    """Run `ip`. Raise `CalledProcessError` if it fails."""
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


@contextmanager
def network(*hosts: str) -> Iterator[Network]:
    """Make a network with these hosts, or skip the test with the reason why this machine cannot."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root of Linux makes network namespaces")
    if missing := [tool for tool in ("ip", "setpriv") if shutil.which(tool) is None]:
        pytest.skip(f"needs iproute2 and util-linux: there is no {missing[0]}")
    number = os.getpid() % 60_000
    made = Network(f"km{number}", f"198.{18 + number // 250 % 2}.{number % 250}", hosts)  # a range for measurements
    with ExitStack() as stack:
        try:
            made.open(stack)
        except subprocess.CalledProcessError as error:
            stack.close()
            pytest.skip(f"this machine lets nobody make a network: {error.stderr.strip()}")
        yield made


def run(stack: ExitStack, command: Sequence[str], **more: object) -> "subprocess.Popen[bytes]":
    """Start a program that is killed at the end of `stack`."""
    process = subprocess.Popen(command, **more)  # type: ignore[call-overload]
    stack.callback(process.wait)
    stack.callback(process.kill)
    assert isinstance(process, subprocess.Popen)
    return process
