"""Cut a screen into pages that a handset can show, measured in its encoding.

Only fixed texts and lists of data are cut. A page is measured with the longest value of each placeholder, and with the
error text after a wrong key. So a page that fits here fits at every hop.
"""

from collections.abc import Callable, Sequence

from menus.page_ends import best_end, split

Fits = Callable[[str], bool]


def cut_text(text: str, tail: str, last_tail: str, fits: Fits) -> list[str]:
    """Cut a fixed text into pages that end with a sentence if possible (`page_ends`).

    Each page fits with `tail` below it, the last one with `last_tail`. Return the pages without their tails. A word
    that is too long for a page gets a page of its own; `misfits` finds it.
    """
    pages: list[str] = []
    words, marked = split(text)
    start = 0
    while start < len(words):
        end = _end_of_page(words, start, marked, tail, last_tail, fits)
        pages.append(" ".join(words[start:end]))
        start = end
    return pages


def _end_of_page(
    words: Sequence[str], start: int, marked: frozenset[int], tail: str, last_tail: str, fits: Fits
) -> int:
    if fits(_with_tail(" ".join(words[start:]), last_tail)):
        return len(words)
    return best_end(words, start, lambda count: fits(_with_tail(" ".join(words[start:count]), tail)), marked)


def cut_list(
    heads: Sequence[str], labels: Sequence[str], most: int, tail: str, last_tail: str, fits: Fits
) -> list[list[str]]:
    """Divide `labels` into pages of at most `most`, numbered from 1 on each page.

    `heads` are the texts that can be above a page. The first page must fit with each of them, the others with the last
    one (the error text after a wrong key). A list on a single page ends in `last_tail`, otherwise each page in `tail`.
    """
    if len(labels) <= most and all(fits(numbered(head, labels, last_tail)) for head in heads):
        return [list(labels)]
    pages: list[list[str]] = []
    rest = list(labels)
    while rest:
        room = (n for n in range(1, most + 1) if all(fits(numbered(head, rest[:n], tail)) for head in heads))
        taken = max(room, default=1)
        pages.append(rest[:taken])
        rest, heads = rest[taken:], heads[-1:]
    return pages


def numbered(head: str, labels: Sequence[str], tail: str) -> str:
    """Return a list as the handset shows it: the question, `1 label` and so on, and the fixed keys."""
    lines = [head, *(f"{at} {label}" for at, label in enumerate(labels, 1)), tail]
    return "\n".join(line for line in lines if line)


def _with_tail(text: str, tail: str) -> str:
    return f"{text}\n{tail}" if tail else text
