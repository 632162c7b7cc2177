"""What is known of a browser: coarse on purpose. Enough to say "that was not me", too little to follow a person."""

import re
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network

BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("YaBrowser", "Yandex"), ("Firefox", "Firefox"), ("Chrome", "Chrome"),
            ("Safari", "Safari"))  # fmt: skip
"""In this order: each of the first ones says that it is Chrome, and Chrome that it is Safari."""
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
           ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip
PREFIX = {4: 16, 6: 32}


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who asks for a page. `address` is for counting wrong tries, under a key, and goes nowhere else."""

    address: str = field(repr=False)
    network: str
    agent: str

    @classmethod
    def of(cls, address: str, agent: str) -> "Visitor":
        """Take what a request says."""
        return cls(address[:64], network_of(address), agent_of(agent))


def network_of(address: str) -> str:
    """Give the network around an address: 65,536 addresses (IPv4) or a provider's customers (IPv6)."""
    try:
        version = ip_address(address).version
        return str(ip_network(f"{address}/{PREFIX[version]}", strict=False))
    except ValueError:
        return ""


def agent_of(header: str) -> str:
    """Give browser and system, "Firefox, Linux": no version, which would tell one browser from another."""
    said = [name for marks in (BROWSERS, SYSTEMS) for name in [_first(header, marks)] if name]
    return ", ".join(said)


def _first(header: str, marks: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in marks if re.search(rf"\b{mark}", header[:400])), "")
