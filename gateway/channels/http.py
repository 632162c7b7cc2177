"""One request to a gateway, for all channels that send over HTTP.

A failure says what it means for the text: it never left this machine, the gateway refused it, or nobody knows. The
error never holds a number, a text or a key.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import requests
from urllib3.exceptions import NewConnectionError

from gateway.channels.http_deadline import answered
from helpline.core.ports import SendFailed

TIMEOUT_SECONDS = (3.05, 6.0)
"""To connect, and between two parts of the answer."""
MOST_SECONDS = 9.0
"""For the whole answer with its headers: a gateway that sends a letter a second must not hold a worker."""
MOST_BYTES = 65_536
NEVER_SENT = requests.ConnectTimeout | requests.exceptions.SSLError | requests.exceptions.ProxyError


@dataclass(frozen=True, slots=True)
class Response:
    """A gateway's answer."""

    status: int
    type: str
    """The content type, without parameters."""
    text: str = field(repr=False)


def ask(
    method: str,
    url: str,
    *,
    query: Mapping[str, str] | None = None,
    body: bytes | Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    login: tuple[str, str] | None = None,
    seconds: float = MOST_SECONDS,
) -> Response:
    """Send one request and return the answer, whatever its status. Raise `SendFailed` if there is none.

    A redirect is not followed: it would take our key and a number to another address.
    """
    connecting, reading = TIMEOUT_SECONDS
    try:
        request = requests.Request(method, url, headers, params=query, data=body, auth=login)
        with answered(request, (min(connecting, seconds), min(reading, seconds)), seconds) as answer:
            return _read(answer)
    except Exception as error:  # noqa: BLE001  # any of them may quote the request
        failed = no_answer(error)
    raise failed  # outside `except`, because `__context__` would hold the request and so the number


class _TooMuch(Exception):
    """The answer is too long."""


def _read(answer: requests.Response) -> Response:
    raw = b""
    for part in answer.iter_content(8192):
        raw += part
        if len(raw) > MOST_BYTES:
            raise _TooMuch
    given = answer.headers.get("Content-Type", "")
    encoding = answer.encoding if "charset" in given else "utf-8"
    text = raw.decode(encoding or "utf-8", "replace")
    return Response(answer.status_code, given.partition(";")[0].strip().lower(), text)


def no_answer(error: Exception) -> SendFailed:
    """Return an error that says whether the request never left this machine, or the gateway may have received it."""
    if isinstance(error, NEVER_SENT):
        return SendFailed(type(error).__name__, retry=True)
    if error.args and isinstance(getattr(error.args[0], "reason", None), NewConnectionError):
        return SendFailed("ConnectionRefused", retry=True)
    return SendFailed(type(error).__name__.strip("_"), retry=False, unknown=True)


def check_status(answer: Response) -> None:
    """Raise `SendFailed` unless the status says success."""
    status = answer.status
    if status >= 300:
        maybe = status == 504  # the gateway's own gateway did not answer in time
        raise SendFailed(f"HTTP {status}", retry=status == 429 or (status >= 500 and not maybe), unknown=maybe)
