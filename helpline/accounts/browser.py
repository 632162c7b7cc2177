"""What is known of a browser. It is coarse: enough for its owner to recognise it, too little to follow a person."""

import re
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network

BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("YaBrowser", "Yandex"), ("Firefox", "Firefox"), ("Chrome", "Chrome"),
            ("Safari", "Safari"))  # fmt: skip
"""In this order: each of the first ones also claims to be Chrome, and Chrome claims to be Safari."""
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
           ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip
PREFIX = {4: 16, 6: 32}
"""Bits of an address that are kept, by version of IP."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who requests a page."""

    address: str = field(repr=False)
    """Used only to count wrong tries, under a key."""
    network: str
    agent: str

    @classmethod
    def of(cls, address: str, agent: str) -> "Visitor":
        """Make a visitor of the address and the `User-Agent` header of a request."""
        return cls(address[:64], network_of(address), agent_of(agent))


def network_of(address: str) -> str:
    """Return the network around an address: 65,536 addresses (IPv4) or a provider's customers (IPv6)."""
    try:
        version = ip_address(address).version
        return str(ip_network(f"{address}/{PREFIX[version]}", strict=False))
    except ValueError:
        return ""


def agent_of(header: str) -> str:
    """Return browser and system, as "Firefox, Linux".

    A version would tell one browser from another, so there is none.
    """
    parts = [name for marks in (BROWSERS, SYSTEMS) for name in [_first(header, marks)] if name]
    return ", ".join(parts)


def _first(header: str, marks: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in marks if re.search(rf"\b{mark}", header[:400])), "")
