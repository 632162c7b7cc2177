"""A public web that is asked as the loop of our server asks it (`gateway.serving`)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pytest

from gateway.app import PublicWeb
from helpline.caller import quick_line
from helpline.core.waiting import has_asked, settle
from tests.others import PATIENCE_SECONDS


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The loop waits for an answer of Valkey as long as a test does. How soon it gives up has its own test."""
    monkeypatch.setattr(quick_line, "ANSWER_SECONDS", PATIENCE_SECONDS)


@dataclass(slots=True)
class InTheLoop:
    """A WSGI app that first tries a request as the loop does, and then calls the app as a thread does."""

    app: PublicWeb
    at_once: int = 0
    """How many requests were answered in the loop."""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request."""
        answer = self.app.at_once(environ, start_response)
        while answer is None and has_asked():
            settle()
            answer = self.app.at_once(environ, start_response)
        if answer is None:
            return self.app(environ, start_response)
        self.at_once += 1
        return answer
