"""`komek bench walk`: the cost of one key in the engine alone, on the walk of tests/menus/test_walker.py.

Only `press` and the look-up of the page are timed: no channel, no database, no choice of the next key.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from random import Random
from statistics import median, quantiles
from time import perf_counter_ns

from menus.book import Book
from menus.converse import converse, press
from menus.salt import SALT_BYTES
from menus.tree import End
from tests.bench.bars import far_beyond, judged
from tests.menus.walking import Caller, books

BAR_MICROSECONDS = 1_000.0
KEYS = 20_000


def hops(book: Book, language: str, keys: int) -> list[float]:
    """Press that many keys. Return what each took, in microseconds."""
    caller, took = Caller(book, language, Random(f"bench {language}")), list[float]()
    salt = bytes(SALT_BYTES)
    turn = converse(book, (str(book.languages.index(language) + 1),), salt, draft=caller.known_at_start())
    while len(took) < keys:
        if isinstance(book.tree.screens[turn.screen], End):
            turn = converse(book, (str(book.languages.index(language) + 1),), salt, draft=caller.known_at_start())
        key = caller.key(turn, salt)
        began = perf_counter_ns()
        turn = press(book, turn, key, salt)
        caller.page(turn)
        took.append((perf_counter_ns() - began) / 1_000)
    return took


def report(menus: Mapping[str, Book], keys: int) -> int:
    """Print median and 99th percentile in microseconds for each country and language. Return the exit code."""
    medians = []
    for country, book in menus.items():
        for language in book.languages:
            took = hops(book, language, keys)
            medians.append(median(took))
            slow = quantiles(took, n=100)[-1]
            print(f"{country} {language:8} median {medians[-1]:6.1f} µs   slowest hundredth {slow:7.1f} µs")
    worst = max(medians)
    print(f"worst median {worst:.1f} µs; the bar is {BAR_MICROSECONDS:.0f} µs: {judged(worst, BAR_MICROSECONDS)}")
    return int(far_beyond((worst, BAR_MICROSECONDS)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the installed content."""
    parser = argparse.ArgumentParser(prog="komek bench walk", description=__doc__)
    parser.add_argument("--keys", type=int, default=KEYS, help=f"keys in each country and language (default {KEYS})")
    return report(books(), parser.parse_args(arguments).keys)


if __name__ == "__main__":
    sys.exit(main())
