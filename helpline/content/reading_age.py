"""The age at which people usually read a text with ease, calculated from its letters, words and sentences.

This is the Automated Readability Index (Smith and Senter, 1967), turned into an age. It was made for English and knows
nothing of what the words mean. For other languages compare only texts of the same language. It is a hint for authors
and reviewers, never a reason to refuse a text.
"""

import re
from functools import lru_cache

from menus.book import SLOT

YOUNGEST, OLDEST = 6, 18
SCHOOL_AGE = 5
"""The age of a child before the first grade."""


@lru_cache(4096)  # the page of wordings shows hundreds each time, and content seldom changes
def reading_age(text: str) -> int:
    """Return the age, from 6 to 18. Placeholders count as one short word, keys and line ends as nothing."""
    said = re.sub(r"^[0-9] ", "", SLOT.sub("word", text), flags=re.MULTILINE)
    words = re.findall(r"\w[\w'’ʼ-]*", said)
    if not words:
        return YOUNGEST
    sentences = len(re.findall(r"[.?!:]+(?=\s|$)|\n", said)) or 1
    letters = len(re.findall(r"\w", said))
    grade = 4.71 * letters / len(words) + 0.5 * len(words) / sentences - 21.43
    return min(max(round(grade) + SCHOOL_AGE, YOUNGEST), OLDEST)
