"""What the console remembers of the telephones that it opened."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from helpline.casework import opened_before
from helpline.casework.opened_before import REMEMBERED, OpenedBefore
from helpline.core.phone_numbers import Hidden
from helpline.keys.sealing import Opening, Sealing, new_key, sealing_key_of
from tests.world import CALLER, OTHER

AT = datetime(2026, 11, 30, tzinfo=UTC)
KEY = new_key()
SEALING = Sealing.of(sealing_key_of(KEY))


@pytest.fixture
def logged() -> list[str]:
    return []


@pytest.fixture
def before(logged: list[str]) -> OpenedBefore:
    return OpenedBefore(Opening.of(KEY), lambda event, row: logged.append(f"{event} {row}"))


def test_two_rows_of_one_telephone_are_equal_and_no_others(before: OpenedBefore) -> None:
    first, second = (before.telephone(row, SEALING.seal(row, Hidden(f"{CALLER}\nSTOP")), AT) for row in ("a", "b"))
    assert first == second == before.hash_of(CALLER)
    assert before.telephone("c", SEALING.seal("c", Hidden(OTHER)), AT) != first


def test_a_row_that_is_sealed_anew_is_opened_anew(before: OpenedBefore) -> None:
    assert before.telephone("a", SEALING.seal("a", Hidden(CALLER)), AT) == before.hash_of(CALLER)
    assert before.telephone("a", SEALING.seal("a", Hidden(OTHER)), AT) == before.hash_of(OTHER)


def test_r34_a_telephone_is_forgotten_after_an_hour_and_never_kept_in_clear(before: OpenedBefore) -> None:
    before.telephone("a", SEALING.seal("a", Hidden(CALLER)), AT)
    assert CALLER not in repr(before) + repr(before.known)
    assert before.hash_of(CALLER) in before.known.values()
    assert replace(before, key=b"another").hash_of(CALLER) != before.hash_of(CALLER)
    before.telephone("b", SEALING.seal("b", Hidden(OTHER)), AT + REMEMBERED)
    assert before.hash_of(CALLER) not in before.known.values()


def test_a_row_that_cannot_be_opened_is_logged_once(before: OpenedBefore, logged: list[str]) -> None:
    for minutes in (0, 1, 100, 1000):
        assert before.telephone("a", b"sealed with another key", AT + timedelta(minutes=minutes)) == b"a"
    assert before.telephone("b", None, AT) == b"b"
    assert logged == ["cannot_open a", "cannot_open b"]


def test_only_so_many_rows_are_remembered(before: OpenedBefore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opened_before, "MOST", 3)
    for row in "abcdefg":
        before.telephone(row, b"", AT)
        assert len(before.known) <= 3
