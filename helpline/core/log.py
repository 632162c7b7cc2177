"""The log: one line of JSON for each event, with ids and nothing that a caller said, dialled or is called.

A log is kept longer than any retention rule allows, and people read it who must not see a number (R35). So only
values of a harmless form are written. An exception is written as its class and its place in the code, without its
message. A library's record is written as its template, without the values.

    log.event("offer_lapsed", request=request.id, ngo=ngo.id)
"""

import json
import logging
import re
import sys
import threading
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO

HIDDEN = "(hidden)"
OUR_PACKAGES = ("gateway", "helpline", "menus", "workers")
CHATTY = (
    "alembic",
    "rq",
    "rq.worker",
    "rq.job",
    "rq.queue",
    "rq.scheduler",
    "asyncio",
    "werkzeug",
)
"""Libraries from which only warnings are logged. RQ would otherwise add handlers of its own."""

_EVENT = re.compile(r"[a-z][a-z0-9_ ,;:'-]{0,99}")
_UUID = re.compile(r"[0-9a-f]{8}(-?)(?:[0-9a-f]{4}\1){3}[0-9a-f]{12}")
_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9][A-Za-z0-9_.:/-]{0,63}")
"""Needs at least one letter: digits alone could be a code or the end of a phone number."""
_NUMBER = re.compile(r"\d(?:[ ()./_-]{0,2}\d){6,}")
"""Seven or more digits, also with separators between them: this may be a phone number."""
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

_log = logging.getLogger(__name__)


def event(name: str, *, level: int = logging.INFO, **ids: object) -> None:
    """Log the event `name` with `ids`.

    Use info for events that operators count, warning for faults that the service corrected itself, and error for
    faults that somebody must be woken up for.
    """
    _log.log(level, name, extra={"ids": ids})


ALARMS = frozenset({
    "work_dead", "cannot_open", "no_coordinator", "unreviewed_text_refused", "offer_guessed", "codes_guessed",
    "audit_log_broken", "account_not_sealed", "no_channel", "number_not_logged", "offer_not_genuine",
    "text_not_genuine",
})  # fmt: skip
"""Events that are logged as errors, because somebody must be woken up."""


def note(name: str, about: str) -> None:
    """Log an event of the domain with the id that it is about."""
    event(name, level=logging.ERROR if name in ALARMS else logging.INFO, about=about)


def failed(name: str, **ids: object) -> None:
    """Log that `name` failed, with the class and the code location of the exception that is being handled."""
    _log.error(name, exc_info=True, extra={"ids": ids})


def shown(value: object) -> object:
    """Return `value` if its form is harmless, otherwise `(hidden)`."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value if abs(value) < 10**6 else HIDDEN
    if isinstance(value, BaseException):
        return type(value).__name__
    if isinstance(value, str) and (_UUID.fullmatch(value) or (_NAME.fullmatch(value) and not _NUMBER.search(value))):
        return str(value)
    return HIDDEN


def site(trace: TracebackType | None) -> str:
    """Return where an exception was raised: the last frame as `folder/file:line`, without any value."""
    frames = traceback.extract_tb(trace)
    return f"{'/'.join(frames[-1].filename.split('/')[-2:])}:{frames[-1].lineno}" if frames else ""


class _Lines(logging.Formatter):
    """Format a record of our code or of a library as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
        }
        is_ours = record.name.partition(".")[0] in OUR_PACKAGES
        line |= _own(record) if is_ours else _foreign(record)
        if record.exc_info and record.exc_info[1]:
            line |= {"error": shown(record.exc_info[1]), "raised": site(record.exc_info[2])}
        return json.dumps(line)


def _own(record: logging.LogRecord) -> dict[str, object]:
    given = vars(record)
    ids = given["ids"] if "ids" in given else {name: value for name, value in given.items() if name not in _USUAL}
    plain = not record.args and _EVENT.fullmatch(str(record.msg)) and not _NUMBER.search(str(record.msg))
    return {"event": record.msg if plain else HIDDEN} | {name: shown(value) for name, value in ids.items()}


def _foreign(record: logging.LogRecord) -> dict[str, object]:
    where = {"event": "library", "logger": record.name, "site": f"{record.filename}:{record.lineno}"}
    if record.args and isinstance(record.msg, str):  # without args, the values are already in the message
        where["template"] = _NUMBER.sub(HIDDEN, (record.msg.splitlines() or [""])[0])
    return dict(where)


def set_up(stream: TextIO | None = None) -> None:
    """Write all logs and uncaught exceptions of this process to `stream` (default: standard error) as JSON lines."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_Lines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # otherwise logging prints the values of a record that cannot be formatted
    for name in CHATTY:
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True
        library.setLevel(logging.WARNING)
    sys.excepthook = _uncaught
    threading.excepthook = lambda args: _uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def _uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    event("uncaught", level=logging.ERROR, error=error or kind.__name__, raised=site(trace))
