"""What the log may contain and what it may not, whichever code writes to it (R35)."""

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from uuid import UUID

import pytest

from helpline.core import log
from helpline.core.phone_numbers import msisdn

ROOT = Path(__file__).parents[3]
NUMBER = "+996555123456"
IDENTITY = UUID("0195f3a2-7c1e-7d20-9b1a-4e1234567890")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (7, 7),
        (-3.5, -3.5),
        (True, True),
        (None, None),
        (IDENTITY.hex, IDENTITY.hex),
        (str(IDENTITY), str(IDENTITY)),
        ("africastalking", "africastalking"),
        ("a3f91c0d2b7e", "a3f91c0d2b7e"),
        (ValueError(NUMBER), "ValueError"),
        (NUMBER, log.HIDDEN),
        (996555123456, log.HIDDEN),
        ("996-555-123-456", log.HIDDEN),
        ("at-0555.12.34.56", log.HIDDEN),
        ("48291", log.HIDDEN),
        ("they took my passport", log.HIDDEN),
        ("помогите", log.HIDDEN),
        (msisdn(NUMBER), log.HIDDEN),
        ({"number": NUMBER}, log.HIDDEN),
        (b"bytes", log.HIDDEN),
    ],
)
def test_r35_only_values_of_a_harmless_form_are_written(value: object, written: object) -> None:
    assert log.shown(value) == written


Lines = Callable[[], list[dict[str, object]]]


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lines]:
    """Set up the log. Return what was written since."""
    for place, name in ((sys, "excepthook"), (threading, "excepthook"), (logging, "raiseExceptions")):
        monkeypatch.setattr(place, name, getattr(place, name))
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    written = StringIO()
    log.set_up(written)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logging.captureWarnings(False)


def without_time(line: dict[str, object]) -> dict[str, object]:
    """Return a line without its time."""
    assert line.pop("at")
    return line


def test_an_event_is_one_line_with_its_ids(lines: Lines) -> None:
    log.event("offer_lapsed", request=IDENTITY.hex, number=NUMBER)
    log.event("bell_unreachable", level=logging.WARNING)
    first, second = map(without_time, lines())
    assert first == {"level": "info", "event": "offer_lapsed", "request": IDENTITY.hex, "number": log.HIDDEN}
    assert second == {"level": "warning", "event": "bell_unreachable"}


def test_r35_an_exception_is_logged_as_class_and_source_line(lines: Lines) -> None:
    try:
        raise ValueError(f"cannot send to {NUMBER}")
    except ValueError:
        log.failed("send_failed", channel="kannel")
        logging.getLogger("gateway.app").exception("request failed", extra={"error_code": 500})
    first, second = map(without_time, lines())
    assert str(first.pop("raised")).startswith("core/test_log.py:")
    assert first == {"level": "error", "event": "send_failed", "channel": "kannel", "error": "ValueError"}
    assert (second["event"], second["error_code"], second["error"]) == ("request failed", 500, "ValueError")


def test_r35_a_librarys_message_is_logged_without_its_values(lines: Lines) -> None:
    logging.getLogger("rq.worker").error("job %s failed\n%s", NUMBER, "help me", extra={"arguments": [NUMBER]})
    with_its_value = f"cannot read {NUMBER}"
    logging.getLogger("asyncio").error(with_its_value)
    logging.getLogger("redis").warning("at 0555 123 456: %s", "help me")
    logging.getLogger("rq.worker").info("chatter")
    written = lines()
    assert [line.get("template") for line in written] == ["job %s failed", None, f"at {log.HIDDEN}: %s"]
    assert not {"help", "996", "555"} & set(json.dumps(written).replace('"', " ").split())
    assert "996" not in json.dumps([{**line, "at": ""} for line in written])


def test_r35_our_message_with_values_in_it_is_not_written(lines: Lines) -> None:
    ours = logging.getLogger("helpline.caller.intake")
    ours.warning("kept %s", NUMBER)
    ours.warning(f"kept {NUMBER}")
    ours.warning("Помогите")
    assert [line["event"] for line in lines()] == [log.HIDDEN] * 3


CRASH = f"""
import logging, threading, warnings
from helpline.core import log
log.set_up()
warnings.warn("{NUMBER} is odd", UserWarning)
from rq import Worker  # which gives its loggers handlers, unless there are some
from rq.logutils import setup_loghandlers
setup_loghandlers(name="rq.worker")
logging.getLogger("rq.worker").error("job %s", "{NUMBER}")
logging.getLogger("rq.worker").error("%d", "{NUMBER}")
thread = threading.Thread(target=lambda: int("{NUMBER}x"))
thread.start(); thread.join()
raise ValueError("{NUMBER}")
"""


def test_r35_a_crash_logs_no_more() -> None:
    crashed = subprocess.run([sys.executable, "-c", CRASH], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (crashed.returncode, crashed.stdout) == (1, "")
    assert "996555" not in crashed.stderr
    seen = [json.loads(line) for line in crashed.stderr.splitlines()]
    assert [line["event"] for line in seen] == ["library", "library", "library", "uncaught", "uncaught"]
    assert [line.get("error") for line in seen] == [None, None, None, "ValueError", "ValueError"]
