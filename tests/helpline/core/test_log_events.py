"""The table of the log's events is what the code logs: each name, its level and its fields."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpline.commands.operate.show_log_events import page
from helpline.core.log import ALARMS
from helpline.core.log_events import EVENTS, LogEvent
from tests.steps.command_line import komek

ROOT = Path(__file__).resolve().parents[3]
ALL = {name: event for events in EVENTS.values() for name, event in events.items()}
BY_LOGGING = {"uncaught"}
"""What `helpline.core.log` itself logs."""
FAILED = {"error", "raised"}
"""The fields of `log.failed`."""


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Yield each call that logs, with the name of its method."""
    for folder in ("gateway", "helpline", "workers"):
        for path in (ROOT / folder).rglob("*.py"):
            if path.name != "log.py":
                for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                        yield node.func.attr, node


def names(call: ast.Call) -> list[str]:
    first = call.args[0]
    chosen = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
    return [each.value for each in chosen if isinstance(each, ast.Constant) and isinstance(each.value, str)]


def logged() -> Iterator[tuple[str, str, set[str]]]:
    """Yield name, levels and fields of each event that the code logs."""
    for method, call in calls():
        given = {each.arg or "": ast.unparse(each.value) for each in call.keywords}
        for name in names(call) if method in {"event", "failed", "note", "log"} else ():
            if method == "event":
                yield name, given.get("level", "logging.INFO").lower(), set(given) - {"level"}
            elif method == "failed":
                yield name, "error", {*given, *FAILED}
            else:
                yield name, "error" if name in ALARMS else "info", {"about"}


def fields(event: LogEvent) -> set[str]:
    return {each.strip() for each in event.fields.partition(":")[0].split(",")} - {""}


def test_every_event_of_the_code_is_documented_and_no_other() -> None:
    assert {name for name, *_ in logged()} | BY_LOGGING == set(ALL)


def test_levels_and_fields_are_those_of_the_code() -> None:
    for name, level, found in logged():
        assert ALL[name].level in level, name
        assert found <= fields(ALL[name]), name


def test_the_page_is_as_made() -> None:
    """If this fails: `komek log-events > docs/log-events.md`."""
    assert (ROOT / "docs" / "log-events.md").read_text("utf-8") == page()


@pytest.mark.parametrize(("name", "code", "said"), [
    ("stranded", 0, "stranded (info; about: request): no service took a request."),
    ("strandet", 1, "the log has no event strandet"),
])  # fmt: skip
def test_a_command_says_what_an_event_means(name: str, code: int, said: str) -> None:
    done = komek("log-events", name)
    assert done.code == code
    assert said in done.out + done.errors
