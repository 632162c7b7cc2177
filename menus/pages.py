"""Cutting a screen into pages that a handset can show, by the weight of their encoding.

Nothing is cut but fixed texts and lists of data. A page is weighed with the longest value of every placeholder
it holds and with the hint that a wrong key puts above it, so what fits here fits at every hop.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence

Fits = Callable[[str], bool]


def cut_text(text: str, tail: str, last_tail: str, fits: Fits) -> list[str]:
    """Cut a fixed text between words: each page with `tail` below it fits, the last one with `last_tail`.

    Gives the pages without their tails; a word too long for a page stands alone and is left to the check.
    """
    pages: list[str] = []
    words = text.split(" ")
    while words:
        if fits(_under(" ".join(words), last_tail)):
            return [*pages, " ".join(words)]
        too_many = bisect_left(range(1, len(words)), 1, key=lambda n: not fits(_under(" ".join(words[:n]), tail)))
        taken = max(too_many, 1)
        pages.append(" ".join(words[:taken]))
        words = words[taken:]
    return pages


def cut_list(
    heads: Sequence[str], labels: Sequence[str], most: int, tail: str, last_tail: str, fits: Fits
) -> list[list[str]]:
    """Deal `labels` out to pages of at most `most`, numbered from 1 on each.

    `heads` are what may stand above a page: the first page must fit with each of them, the others with the last
    (the hint after a wrong key). `last_tail` is for a list that fits one page; otherwise every page ends in `tail`.
    """
    if len(labels) <= most and all(fits(numbered(head, labels, last_tail)) for head in heads):
        return [list(labels)]
    pages: list[list[str]] = []
    left = list(labels)
    while left:
        room = (n for n in range(1, most + 1) if all(fits(numbered(head, left[:n], tail)) for head in heads))
        taken = max(room, default=1)
        pages.append(left[:taken])
        left, heads = left[taken:], heads[-1:]
    return pages


def numbered(head: str, labels: Sequence[str], tail: str) -> str:
    """Write a list as a handset shows it: the question, `1 label` and so on, the uniform keys."""
    lines = [head, *(f"{at} {label}" for at, label in enumerate(labels, 1)), tail]
    return "\n".join(line for line in lines if line)


def _under(text: str, tail: str) -> str:
    return f"{text}\n{tail}" if tail else text
