"""Choose which of many runs of one test a change needs. The others run each night."""

import os
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from helpline.operations.retention import EVERY

FEW = os.environ.get("TEST_EXAMPLES") == "few"
"""Whether this is the run for a change, which tries few examples of what the night tries often."""
RARELY = timedelta(hours=6) if FEW else EVERY
"""How often to erase what is due, in tests that wait days and are about something else: at night as in production."""


def first(many: Iterable[Any], by_day: int) -> list[Any]:
    """Return values for `parametrize`: all but the first few wait for the night."""
    return [value if at < by_day else waits(value) for at, value in enumerate(many)]


def each_once(pairs: Sequence[tuple[str, str]]) -> list[Any]:
    """Return pairs for `parametrize`. By day come each country and each language once, and at night every pair."""
    seen, rows = set[tuple[str, str]](), list[Any]()
    for country, language in pairs:
        new = {("country", country), ("language", language)}
        name = f"{country}-{language}"
        rows.append(waits(country, language, id=name) if new <= seen else pytest.param(country, language, id=name))
        seen |= new
    return rows


def waits(*values: object, **more: Any) -> Any:
    """Return values of one run that waits for the night."""
    return pytest.param(*values, marks=pytest.mark.nightly, **more)


def examples(many: int) -> int:
    """Return how many examples of a property to try: all of them at night, and two of five by day."""
    return -(-many * 2 // 5) if FEW else many
