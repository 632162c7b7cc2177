"""A country whose law requires us to pass on what we learn: the caller is told before we ask (R22)."""

from pathlib import Path

import pytest

from helpline.content.loading import Content
from menus.converse import Turn, converse
from menus.draft import YES, Draft
from menus.faults import ContentFaults
from menus.salt import drawn_key
from tests.steps.legal_duty import DUTY, with_duty

SALT = bytes(16)


def after(texts: Content, *keys: str) -> Turn:
    blank = Draft(texts.book.languages[0], duty=YES)
    return converse(texts.book, keys, SALT, draft=blank)


def test_r22_the_duty_is_shown_before_consent_and_costs_one_key(tmp_path: Path) -> None:
    """Language, call me, the duty, consent, a time: five keys."""
    texts = with_duty(tmp_path, DUTY)
    turn = after(texts, "2", "2")
    assert turn.screen == "callback.duty"
    assert texts.book.page("ru", turn.screen, 0).text == "По закону мы сообщаем.\n1 Дальше 0 Нет"
    assert after(texts, "2", "2", "1").screen == texts.book.tree.consent
    keys = ("2", "2", "1", drawn_key(SALT), "1")
    asked = [after(texts, *keys[:n]).draft.asks_for_a_call for n in range(6)]
    assert asked == [False] * 5 + [True]


def test_r22_a_caller_who_says_no_sees_numbers_and_nothing_is_stored(tmp_path: Path) -> None:
    """The caller sees other numbers, and nothing is stored."""
    turn = after(with_duty(tmp_path, DUTY), "2", "2", "0")
    assert (turn.screen, turn.draft.asks_for_a_call) == ("start.refused", False)


@pytest.mark.parametrize(
    ("duty", "why"),
    [
        (DUTY.replace("ru: ", "tk: "), "a language on offer lacks it"),
        (DUTY.replace("By law", "By law " * 40), "too long"),
    ],
)
def test_r22_a_duty_missing_in_one_language_is_refused(tmp_path: Path, duty: str, why: str) -> None:
    """The service does not start with it."""
    with pytest.raises(ContentFaults):
        with_duty(tmp_path, duty)
    assert why
