"""Trees in which a caller would be lost, stuck or in a loop, and similar trees that are sound."""

import pytest

from menus.parse import read
from menus.proof import prove

TOP = "start: home\nhome: home\nconsent: home\nscreens:\n"
BYE = "  bye: {end: Bye}\n"


def faults_of(screens: str, roots: tuple[str, ...] = ()) -> list[str]:
    """Return the faults of these screens of `a.yaml`. Their lines count from 1."""
    faults = prove(read({"a.yaml": TOP + screens + BYE}), roots)
    return [f"{fault.line - TOP.count(chr(10))}:{fault.column}: {fault.what}" for fault in faults]


def choice(name: str, *options: str) -> str:
    """Return a choice on one line; an option is `goto`, or `answer=value,answer=value goto`."""
    rows = []
    for key, option in enumerate(options, 1):
        keep, _, goto = option.rpartition(" ")
        kept = f"keep: {{{keep.replace('=', ': ').replace(',', ', ')}}}, " if keep else ""
        rows.append(f"{key}: {{say: x, {kept}goto: {goto}}}")
    return f"  {name}: {{choice: Which, options: {{{', '.join(rows)}}}}}\n"


def fork(name: str, by: str, otherwise: str, **cases: str) -> str:
    rows = ", ".join(f"{value}: {goto}" for value, goto in cases.items())
    return f"  {name}: {{fork: {by}, cases: {{{rows}}}, else: {otherwise}}}\n"


def leads(name: str, goto: str) -> str:
    return f"  {name}: {{statement: Long, goto: {goto}}}\n"


SOUND = [
    ("the smallest", leads("home", "bye")),
    ("round and round, with a way out", choice("home", "two", "bye") + leads("two", "home")),
    ("a fork that goes back after a key", choice("home", "need=health f", "bye")
        + fork("f", "need", "bye", health="home")),
    ("forks in a row", choice("home", "need=health f") + fork("f", "need", "bye", health="g")
        + fork("g", "need", "bye", health="bye")),
    ("what was said is kept through other screens", choice("home", "need=talk two") + leads("two", "f")
        + fork("f", "need", "bye", talk="bye")),
    ("what was said is kept by key 00", choice("home", "need=talk two", "f") + leads("two", "bye")
        + fork("f", "need", "bye", talk="bye")),
    ("a list may give any answer", "  home: {each: {from: needs, keep: need, goto: f}}\n"
        + fork("f", "need", "bye", health="bye", legal="bye")),
    ("a typed answer may be any", "  home: {ask: Code, digits: 6, keep: code, goto: f}\n"
         "  f: {fork: code, cases: {000000: bye}, else: bye}\n"),
    ("a language is known from the first", leads("home", "f") + fork("f", "language", "bye", ky="bye")),
    ("through a fork of another question", choice("home", "need=talk,wish=see f")
        + fork("f", "wish", "g", see="g") + fork("g", "need", "bye", talk="bye")),
]  # fmt: skip


@pytest.mark.parametrize(("why", "screens"), SOUND, ids=[why for why, _ in SOUND])
def test_a_sound_tree_has_no_faults(why: str, screens: str) -> None:
    assert faults_of(screens) == [], why


UNSOUND = [
    ("lost", leads("home", "bye") + leads("alone", "bye"),
        ["2:3: a.alone can never be reached; add a key that leads to it, or delete it"]),
    ("lost together", leads("home", "bye") + leads("one", "two") + choice("two", "one", "bye"),
        ["2:3: a.one can never be reached; add a key that leads to it, or delete it",
         "3:3: a.two can never be reached; add a key that leads to it, or delete it"]),
    ("stuck", choice("home", "two", "bye") + choice("two", "three") + leads("three", "two"),
        ["2:3: no path from a.two ends; add a key that leads to a screen with 'end'",
         "3:3: no path from a.three ends; add a key that leads to a screen with 'end'"]),
    ("an option that leads nowhere", choice("home", "home", "bye"),
        ["1:35: this leads from a.home to itself; choose another screen"]),
    ("a list that leads nowhere",
        "  home: {each: {from: words, keep: word, goto: home}, options: {0: {say: x, goto: bye}}}\n",
        ["1:10: this leads from a.home to itself; choose another screen"]),
    ("a circle", choice("home", "need=talk f") + fork("f", "need", "bye", talk="g")
        + fork("g", "need", "bye", talk="f"),
        ["2:3: a.f, a.g: a loop of forks, in which the call would hang; make one lead to a screen"]),
    ("a circle through else", choice("home", "need=talk f", "f") + fork("f", "need", "f", talk="bye"),
        ["2:3: a.f: a loop of forks, in which the call would hang; make one lead to a screen"]),
    ("a circle further on", choice("home", "need=talk f") + fork("f", "need", "bye", talk="g")
        + fork("g", "need", "bye", talk="h") + fork("h", "need", "bye", talk="g"),
        ["3:3: a.g, a.h: a loop of forks, in which the call would hang; make one lead to a screen"]),
    ("asked only afterwards", leads("home", "f") + "  f: {fork: code, cases: {000000: bye}, else: ask}\n"
        + "  ask: {ask: Code, digits: 6, keep: code, goto: bye}\n",
        ["2:3: no path to a.f asks for 'code' before; ask for it first, or remove the fork"]),
    ("asked only at the end of another way", choice("home", "f") + fork("f", "need", "two", talk="bye")
        + "  two: {end: Bye}\n", ["2:3: no path to a.f asks for 'need' before; ask for it first, or remove the fork"]),
    ("a permission is not given before it was asked", leads("home", "f") + fork("f", "may_sms", "bye", yes="bye"),
        ["2:3: no path to a.f asks for 'may_sms' before; ask for it first, or remove the fork"]),
    ("a case that nobody can be", choice("home", "need=talk f", "need=legal f")
        + fork("f", "need", "bye", talk="bye", health="bye", legal="bye"),
        ["2:38: no path to a.f keeps 'need: health'; keep it first, or delete the case"]),
    ("a case that was overwritten on the way", choice("home", "need=talk two") + choice("two", "need=legal f")
        + fork("f", "need", "bye", talk="bye", legal="bye"),
        ["3:27: no path to a.f keeps 'need: talk'; keep it first, or delete the case"]),
    ("a typed answer that a fork has told from others before",
        "  home: {ask: Code, digits: 2, keep: code, goto: f}\n"
        "  f: {fork: code, cases: {'11': g}, else: bye}\n  g: {fork: code, cases: {'11': bye, '12': bye}, else: bye}\n",
        ["3:38: no path to a.g keeps 'code: 12'; keep it first, or delete the case"]),
    ("a case behind a fork that sent it elsewhere", choice("home", "need=talk f", "need=legal f")
        + fork("f", "need", "g", talk="bye") + fork("g", "need", "bye", talk="bye", legal="bye"),
        ["3:27: no path to a.g keeps 'need: talk'; keep it first, or delete the case"]),
]  # fmt: skip


@pytest.mark.parametrize(("why", "screens", "expected"), UNSOUND, ids=[row[0] for row in UNSOUND])
def test_an_unsound_tree_has_these_faults(why: str, screens: str, expected: list[str]) -> None:
    assert faults_of(screens) == expected, why


def test_a_screen_that_the_program_opens_counts_as_reachable() -> None:
    assert faults_of(leads("home", "bye") + leads("alone", "bye"), ("a.alone",)) == []


def test_a_screen_that_the_program_opens_must_exist() -> None:
    expected = ["-3:1: Komek itself opens this screen: no such screen: 'a.alonne' (did you mean 'a.alone'?)"]
    assert faults_of(choice("home", "alone") + leads("alone", "bye"), ("a.alonne",)) == expected
