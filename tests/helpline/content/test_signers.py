"""Who must sign which text: the file, its faults, and what is left to sign."""

from pathlib import Path

import pytest

from helpline.content.loading import load, reviews_of
from helpline.content.reviews import Mark, Reviews
from helpline.content.signers import FILE, read_signers
from helpline.core.config import Config
from menus.faults import ContentFaults


def test_a_signature_for_other_words_leaves_the_text_unsigned() -> None:
    """One text needs two people. Each is left until they have signed the words as they are."""
    content = load(Config(country="KG"))
    needed = {"health.before": ["doctor", "lawyer"]}
    reviews = Reviews(content.book, (), all_allowed=False, signers=needed)
    assert reviews.unsigned("ru") == needed
    now = reviews.hash("health.before", "ru")
    marks = (
        Mark("health.before", "ru", "A. Doctor", "2026-12-01", now, "doctor"),
        Mark("health.before", "ru", "A. Lawyer", "2026-12-01", "0" * 16, "lawyer"),
        Mark("health.before", "ky", "A. Lawyer", "2026-12-01", now, "lawyer"),
    )
    assert Reviews(content.book, marks, all_allowed=False, signers=needed).unsigned("ru") == {
        "health.before": ["lawyer"]
    }


def test_a_text_that_a_country_does_not_show_needs_no_signature_there() -> None:
    """Topics by SMS go out in some countries only, and a line of the state calls back in some only."""
    left = {code: {*reviews_of(load(Config(country=code))).unsigned("en")} for code in ("KG", "KZ", "TJ", "TM", "UZ")}
    assert all("health.first" in texts for texts in left.values())
    for code, texts in left.items():
        book = load(Config(country=code)).book
        assert texts <= {*book.pages["en"]}, code
        assert ("sms.pay" in texts) == bool(book.tree.sms_safe), code


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("health: {frist: [doctor]}", "there is no screen health.frist"),
        ("health: {first: [dentist]}", "health.first is to be signed by: dentist"),
        ("health: {first: []}", "health.first is to be signed by: nobody"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(ContentFaults, match=fault):
        read_signers(tmp_path, ["health.first"])
