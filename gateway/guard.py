"""Checks who may call the webhooks, and parses their bodies strictly.

No gateway that we know signs its requests. So the address has a long secret, which is compared in constant time before
anything is parsed; a list of networks can be set, too. Our own form parser costs less than Flask's, and accepts only
what a gateway would send.
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from helpline.core.ports import BadForm

MAX_BODY_BYTES = 16_384
"""A Cyrillic letter is six octets of a form, so a text of 2,600 letters is not too long."""
MAX_FIELDS = 40

FORM = "application/x-www-form-urlencoded"

SAFE_HEADERS = (
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
)
"""On every response of the public web, unless a page sets its own."""

Network = IPv4Network | IPv6Network
LOOPBACK: tuple[Network, ...] = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))

_HEX = "0123456789abcdefABCDEF"
_BYTES: Mapping[bytes, bytes] = {f"%{a}{b}".encode(): bytes.fromhex(a + b) for a in _HEX for b in _HEX}
_ESCAPE = re.compile(rb"%.{0,2}", re.DOTALL)
_PLAIN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,31}")


@dataclass(frozen=True, slots=True)
class Guard:
    """Authenticates a gateway. During a rotation two secrets are valid. Without secrets nobody is let in."""

    secrets: tuple[bytes, ...] = field(repr=False)
    networks: tuple[Network, ...] = ()
    """The networks that requests may come from; empty means any."""
    trust_proxy: bool = False
    """Whether to use the last address in `X-Forwarded-For`, which the one proxy in front of us has written.

    A gateway on this host (Kannel) posts to us without a proxy. So a request without the header counts as sent from
    this host, if it comes from a loopback address. The proxy must therefore set the header on every request, as the
    files in `deploy` do: otherwise strangers behind a proxy on this host would count as this host.
    """

    def admits(self, secret: str, environ: Mapping[str, Any]) -> bool:
        """Whether the secret in the path is valid and the sender's address is allowed."""
        return self.knows(secret) and self.is_near(environ)

    def knows(self, secret: str) -> bool:
        """Whether a secret is valid."""
        given = secret.encode(errors="replace")
        known = [hmac.compare_digest(given, valid) for valid in self.secrets]  # all of them, for constant time
        return any(known)

    def is_near(self, environ: Mapping[str, Any]) -> bool:
        """Whether the sender's address is allowed."""
        return not self.networks or _within(self._sender(environ), self.networks)

    def _sender(self, environ: Mapping[str, Any]) -> str:
        address = str(environ.get("REMOTE_ADDR", ""))
        if not self.trust_proxy:
            return address
        passed_on = environ.get("HTTP_X_FORWARDED_FOR")
        if passed_on is None:
            return address if _within(address, LOOPBACK) else ""
        return str(passed_on).rpartition(",")[2].strip()


def guard(secrets: tuple[str, ...], allow_from: tuple[str, ...] = (), *, trust_proxy: bool = False) -> Guard:
    """Make a guard from settings. Raise `ValueError` with all entries of `allow_from` that are not networks."""
    networks: list[Network] = []
    wrong: list[str] = []
    for entry in allow_from:
        try:
            networks.append(ip_network(entry))
        except ValueError:
            wrong.append(entry)
    if wrong:
        raise ValueError(f"not a network such as 203.0.113.0/24: {', '.join(wrong)}")
    return Guard(tuple(secret.encode() for secret in secrets), tuple(networks), trust_proxy)


@lru_cache(maxsize=256)
def _within(address: str, networks: tuple[Network, ...]) -> bool:
    """Cached: a gateway has few addresses, and parsing one costs more than the rest of the guard."""
    try:
        sender = ip_address(address)
    except ValueError:
        return False
    sender = getattr(sender, "ipv4_mapped", None) or sender
    return any(sender in network for network in networks)


def read_body(environ: Mapping[str, Any], most_bytes: int = MAX_BODY_BYTES) -> bytes:
    """Read a request's body. Raise `BadForm` if it is longer than `most_bytes` or was cut off."""
    length = environ.get("CONTENT_LENGTH")
    if not length:  # chunked: safe to read only where the server ends the stream
        ended = environ.get("wsgi.input_terminated")
        raw: bytes = environ["wsgi.input"].read(most_bytes + 1) if ended else b""
        announced = len(raw)
    elif length.isascii() and length.isdecimal():
        announced = int(length) if len(length) < 10 else most_bytes + 1
        raw = b"" if announced > most_bytes else environ["wsgi.input"].read(announced)
    else:
        raise BadForm("Content-Length is not a number of bytes")
    if announced > most_bytes:
        raise BadForm(f"body is longer than {most_bytes} bytes")
    if len(raw) < announced:
        raise BadForm("body is shorter than its Content-Length")
    return raw


def read_form(raw: bytes, content_type: str, *, written: str = "") -> dict[str, str]:
    """Read a urlencoded body. Raise `BadForm` for a body that no gateway would send. Any field name is allowed.

    `written` names the field of what somebody wrote. It is read whatever octets it has: a text is never lost because of
    half an emoji.

    Refused: another content type, a name given twice, a field without `=`, a `%` without two hex digits, invalid UTF-8
    (also lone surrogates), NUL, more than `MAX_FIELDS` fields.
    """
    if content_type != FORM and content_type.partition(";")[0].strip().lower() != FORM:
        raise BadForm(f"Content-Type is not {FORM}")
    form: dict[str, str] = {}
    for pair in _pairs(raw):
        name, equals, value = pair.partition("=")
        if not equals:
            raise BadForm(f"{_named(name)} has no =", logged="a field has no =")
        plain = _unescape(name, name) if "%" in name or "+" in name else name
        if plain in form:
            raise BadForm(f"{_named(plain)} is there twice", logged="a field is there twice")
        if written and plain == written:
            form[plain] = _as_written(value)
        else:
            form[plain] = _unescape(name, value) if "%" in value or "+" in value else value
    return form


def _pairs(raw: bytes) -> list[str]:
    try:
        body = raw.decode()
    except UnicodeDecodeError:
        raise BadForm("body is not UTF-8") from None
    if "\0" in body:
        raise BadForm("body holds a NUL")
    pairs = body.split("&") if body else []
    if len(pairs) > MAX_FIELDS:
        raise BadForm(f"body has more than {MAX_FIELDS} fields")
    return pairs


def _unescape(name: str, escaped: str) -> str:
    try:
        text = _ESCAPE.sub(_byte, escaped.replace("+", " ").encode()).decode()
    except KeyError:
        raise BadForm(
            f"{_named(name)} has a % without two hex digits", logged="a field has a % without two hex digits"
        ) from None
    except UnicodeDecodeError:
        raise BadForm(f"{_named(name)} is not UTF-8", logged="a field is not UTF-8") from None
    if "\0" in text:
        raise BadForm(f"{_named(name)} holds a NUL", logged="a field holds a NUL")
    return text


def _as_written(escaped: str) -> str:
    octets = _ESCAPE.sub(lambda found: _BYTES.get(found[0], found[0]), escaped.replace("+", " ").encode())
    return octets.decode(errors="replace").replace("\0", "\ufffd")


def _byte(escape: re.Match[bytes]) -> bytes:
    return _BYTES[escape[0]]


def _named(name: str) -> str:
    """Return a field's name for an error text, unless the name is odd: then it may be a misplaced value."""
    return name if _PLAIN_NAME.fullmatch(name) else "a field"
