"""The reading age of a text: a hint calculated from letters, words and sentences."""

import pytest

from helpline.content.reading_age import OLDEST, YOUNGEST, reading_age

TEXTS = [
    ("", YOUNGEST),
    ("1 {emergency}", YOUNGEST),
    ("We call you. You say no. We stop.", YOUNGEST),
    ("Notwithstanding contractual obligations, administrative representatives appropriate documentation.", OLDEST),
    ("Кооптуу абалдагылар үчүн уюштурулган консультациялык-маалыматтык кызматташтык.", OLDEST),
]


@pytest.mark.parametrize(("text", "age"), TEXTS)
def test_short_words_and_sentences_read_young(text: str, age: int) -> None:
    assert reading_age(text) == age


def test_the_same_words_in_shorter_sentences_read_younger() -> None:
    long = "A helper will call you and will ask you for your word before anybody says anything about your problem today"
    short = (
        "A helper will call you. They ask you for your word. Before that nobody says anything about your problem today."
    )
    assert reading_age(short) < reading_age(long)


def test_keys_and_placeholders_do_not_count() -> None:
    assert reading_age("Call {emergency} now.\n1 Go on\n0 No") == reading_age("Call word now.\nGo on\nNo")
