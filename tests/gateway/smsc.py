"""An operator's SMSC and USSD centre on loopback, over SMPP 3.4: as much of it as a real Kannel uses.

Kannel binds once for texts and once for USSD (by its system type). What it submits is recorded; what `deliver` gets goes
to it as a message of a telephone. Texts that ask for a receipt get one.
"""

import itertools
import socket
import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from tests.others import until

BIND, BIND_RECEIVER, BIND_SENDER, SUBMIT, DELIVER, UNBIND, ENQUIRE = 0x09, 0x01, 0x02, 0x04, 0x05, 0x06, 0x15
RESPONSE = 0x80000000
RECEIPT, HAS_HEADER, UCS2 = 0x04, 0x40, 8
OPTIONS = {"op": 0x0501, "session": 0x1383, "reference": 0x0204, "payload": 0x0424}
"""The options of SMPP by a short name: `ussd_service_op`, `its_session_info`, `user_message_reference`."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """A message that Kannel has submitted."""

    to: str
    text: str
    service: str
    options: Mapping[str, bytes]

    @property
    def op(self) -> int | None:
        """`ussd_service_op`, or None if it has none: a plain text."""
        return self.options["op"][0] if "op" in self.options else None


@dataclass(slots=True)
class Bind:
    """One connection of Kannel."""

    socket: socket.socket
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, command: int, body: bytes, number: int | None = None) -> None:
        """Send one PDU."""
        with self.lock:
            number = next(self.numbers) if number is None else number
            self.socket.sendall(struct.pack("!IIII", 16 + len(body), command, 0, number) + body)


@dataclass(slots=True)
class Smsc:
    """The SMSC."""

    server: socket.socket
    binds: dict[str, Bind] = field(default_factory=dict)
    """By the system type: empty for texts, `USSD`."""
    submitted: list[Submitted] = field(default_factory=list)
    ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1000))

    def deliver(self, kind: str, sender: str, to: str, text: str, options: Mapping[str, bytes] | None = None) -> None:
        """Deliver a message of a telephone. Its number comes without a plus, as SMPP has it."""
        bind = until(lambda: self.binds.get(kind), f"Kannel binds for {kind or 'texts'}")
        body = _message(kind, sender, to, text.encode("utf-16-be"), coding=UCS2)
        bind.send(DELIVER, body + _written(options or {}))

    def deliver_parts(self, sender: str, to: str, parts: Mapping[int, str]) -> None:
        """Deliver the parts of one text in this order. Each part has its place, from 1."""
        bind = until(lambda: self.binds.get(""), "Kannel binds for texts")
        for place, part in parts.items():
            header = bytes((5, 0, 3, 77, len(parts), place))  # 3GPP TS 23.040, 9.2.3.24.1
            text = header + part.encode("utf-16-be")
            bind.send(DELIVER, _message("", sender, to, text, coding=UCS2, esm=HAS_HEADER))

    def texts(self, to: str) -> list[str]:
        """Return the plain texts to a telephone. Its number has a plus."""
        return [each.text for each in self.submitted if f"+{each.to.removeprefix('+')}" == to and each.op is None]

    def serve(self) -> None:
        """Take connections until the server is closed."""
        with suppress(OSError):
            while True:
                taken, _ = self.server.accept()
                threading.Thread(target=self._talk, args=(Bind(taken),), daemon=True).start()

    def _talk(self, bind: Bind) -> None:
        with suppress(OSError, struct.error), bind.socket:
            while True:
                size, command, _, number = struct.unpack("!IIII", _exactly(bind.socket, 16))
                self._react(bind, command, number, _exactly(bind.socket, size - 16))

    def _react(self, bind: Bind, command: int, number: int, body: bytes) -> None:
        match command:
            case 0x09 | 0x01 | 0x02:
                bind.send(command | RESPONSE, b"smsc\0", number)
                self.binds[body.split(b"\0")[2].decode()] = bind
            case 0x04:
                id = str(next(self.ids))
                bind.send(SUBMIT | RESPONSE, id.encode() + b"\0", number)
                self._submit(bind, body, id)
            case 0x15 | 0x06:
                bind.send(command | RESPONSE, b"", number)

    def _submit(self, bind: Bind, body: bytes, id: str) -> None:
        message, sender, wants_receipt = _read(body)
        self.submitted.append(message)
        if wants_receipt:
            dates = "submit date:2611241000 done date:2611241000"
            told = f"id:{id} sub:001 dlvrd:001 {dates} stat:DELIVRD err:000 text:"
            bind.send(DELIVER, _message("", message.to, sender, told.encode(), esm=RECEIPT))


def _message(service: str, sender: str, to: str, text: bytes, coding: int = 0, esm: int = 0) -> bytes:
    names = (service.encode() + b"\0\1\1", sender.encode() + b"\0\0\1", to.encode() + b"\0")
    return b"".join(names) + bytes((esm, 0, 0)) + b"\0\0" + bytes((0, 0, coding, 0, len(text))) + text


def _written(options: Mapping[str, bytes]) -> bytes:
    return b"".join(struct.pack("!HH", OPTIONS[name], len(value)) + value for name, value in options.items())


def _read(body: bytes) -> tuple[Submitted, str, bool]:
    """Read a submitted message: what it is, from which code, and whether it asks for a receipt."""
    service, rest = body.split(b"\0", 1)
    sender, rest = rest[2:].split(b"\0", 1)
    to, rest = rest[2:].split(b"\0", 1)
    esm, rest = rest[0], rest[3:]
    _, _, rest = rest.split(b"\0", 2)
    receipt, coding, size, rest = rest[0], rest[2], rest[4], rest[5:]
    text, rest = rest[:size], rest[size:]
    names, options = {tag: name for name, tag in OPTIONS.items()}, dict[str, bytes]()
    while rest:
        tag, length = struct.unpack("!HH", rest[:4])
        options[names.get(tag, hex(tag))], rest = rest[4 : 4 + length], rest[4 + length :]
    text = text[text[0] + 1 :] if esm & HAS_HEADER else text
    said = text.decode("utf-16-be" if coding == UCS2 else "latin-1")
    return Submitted(to.decode(), said, service.decode(), options), sender.decode(), bool(receipt & 1)


def _exactly(taken: socket.socket, size: int) -> bytes:
    got = b""
    while len(got) < size:
        part = taken.recv(size - len(got))
        if not part:
            raise OSError("closed")
        got += part
    return got


@contextmanager
def smsc() -> Iterator[Smsc]:
    """Run an SMSC on a free port until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        found = Smsc(server)
        threading.Thread(target=found.serve, daemon=True).start()
        yield found
        for bind in found.binds.values():
            bind.socket.close()
