"""Any tree survives being written and read. Any damage to a file is reported as a fault and raises nothing else."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from menus.draft import ANSWERS, Act
from menus.parse import ContentFaults, parse, read
from menus.proof import prove
from menus.tree import DRAWN, OPTION_KEYS, Ask, Choice, Each, End, Fork, Option, Screen, Statement, Text, Tree
from tests.steps.by_day import examples

NAMES = ("a.one", "a.two", "b.one", "b.three_3")
NOTICES = {"hints.key": Text("hints.key", "No such key."), "to_caller.when.9": Text("to_caller.when.9", "When?")}
NOTICE_FILE = {"notices.yaml": 'hints: {key: "No such key."}\nto_caller: {when: {9: "When?"}}'}
KEPT = {"languages": "language", "needs": "need", "regions": "place", "words": "word"}
SAMPLES = [path.read_text("utf-8") for path in sorted(Path(__file__).with_name("samples").glob("*.yaml"))]

PRINTED = st.characters(exclude_characters="{}").filter(str.isprintable)
words = st.text(PRINTED, min_size=1).map(str.strip).filter(bool)
texts = words | words.map(lambda text: f"{text} {{days}}")
goto = st.sampled_from(NAMES)


@st.composite
def answers(draw: st.DrawFn) -> tuple[str, str]:
    name = draw(st.sampled_from(sorted(ANSWERS)))
    values = ANSWERS[name]
    return name, draw(st.sampled_from(sorted(values)) if values else words)


def text(path: str) -> st.SearchStrategy[Text]:
    return st.builds(Text, st.just(path), texts) | st.sampled_from(sorted(NOTICES.values(), key=lambda text: text.path))


def option(name: str, key: str) -> st.SearchStrategy[Option]:
    keeps = st.lists(answers(), max_size=2, unique_by=lambda pair: pair[0]).map(tuple)
    return st.builds(Option, st.just(key), text(f"{name}.{key}"), goto, keeps)


@st.composite
def choice(draw: st.DrawFn, name: str) -> Choice:
    source = draw(st.none() | st.sampled_from(sorted(KEPT)))
    each = Each(source, KEPT[source], draw(goto)) if source else None
    numbered = [] if each else draw(st.just([DRAWN]) | st.lists(st.sampled_from(OPTION_KEYS), min_size=1, unique=True))
    keys = numbered + draw(st.lists(st.sampled_from("80"), unique=True))
    options = tuple(draw(option(name, key)) for key in keys)
    shown = draw(st.none() | text(name)) if each else draw(text(name))
    return Choice(name, shown, options, each, draw(st.none() | text(f"{name}.again")), draw(st.booleans()))


@st.composite
def fork(draw: st.DrawFn, name: str) -> Fork:
    by = draw(st.sampled_from(sorted(ANSWERS)))
    value = st.sampled_from(sorted(ANSWERS[by] or ("kk", "KG-B")))
    return Fork(name, by, draw(st.dictionaries(value, goto, min_size=1)), draw(goto))


def screen(name: str) -> st.SearchStrategy[Screen]:
    typed = st.sampled_from(sorted(answer for answer, values in ANSWERS.items() if values is None))
    again = st.none() | text(f"{name}.again")
    return (
        choice(name)
        | st.builds(
            Ask,
            st.just(name),
            text(name),
            st.integers(2, 15),
            typed,
            goto,
            again,
            st.integers(0, 2),
            *(
                st.booleans(),
                st.just("") | goto,
            ),
        )
        | st.builds(Statement, st.just(name), text(name), goto)
        | st.builds(End, st.just(name), text(name), st.none() | st.sampled_from(Act))
        | fork(name)
    )


screens = st.tuples(*map(screen, NAMES)).map(lambda made: {screen.name: screen for screen in made})
trees = st.builds(Tree, screens, goto, goto, goto, st.just(NOTICES))


def rows(screen: Screen) -> dict[str, object]:
    """Return a screen as its author writes it. None means that a key is left out."""
    match screen:
        case Choice(_, shown, options, each, again, inline):
            keys, line = {option.key: option for option in options} or None, "true" if inline else None
            return {"choice": shown, "options": keys, "each": each, "again": again, "inline": line}
        case Ask(_, shown, most, keep, to, again, least, letters, skip):
            length = f"{least}-{most}" if least else most
            row = {"ask": shown, "keep": keep, "goto": to, "again": again, "skip": skip or None}
            return {**row, "letters" if letters else "digits": length}
        case Statement(_, shown, to):
            return {"statement": shown, "goto": to}
        case End(_, shown, act):
            return {"end": shown, "act": act}
        case Fork(_, by, cases, otherwise):
            return {"fork": by, "cases": cases, "else": otherwise}


def written(thing: object) -> str:
    """Write one line of YAML: names and keys plain, texts in quotes."""
    match thing:
        case Text(path) if path in NOTICES:
            return written({"notice": path})
        case Text(_, english):
            return json.dumps(english, ensure_ascii=False)
        case Mapping():
            parts = [f"{key}: {written(value)}" for key, value in thing.items() if value is not None]
            return "{" + ", ".join(parts) + "}"
        case Option(_, label, to, keep):
            return written({"say": label, "goto": to, "keep": {key: Text("", word) for key, word in keep} or None})
        case Each(source, keep, to):
            return written({"from": source, "keep": keep, "goto": to})
    return str(thing)


def pages(tree: Tree) -> dict[str, str]:
    top = f"start: {tree.start}\nhome: {tree.home}\nconsent: {tree.consent}\n"
    found = {"a.yaml": f"{top}screens:\n", "b.yaml": "screens:\n"}
    for name, screen in tree.screens.items():
        topic, _, short = name.partition(".")
        found[f"{topic}.yaml"] += f"  {short}: {written(rows(screen))}\n"
    return found


@given(trees)
def test_a_tree_that_is_written_and_read_is_unchanged(tree: Tree) -> None:
    assert parse(pages(tree), NOTICE_FILE, {"days"}) == tree


@given(trees)
def test_any_tree_can_be_checked(tree: Tree) -> None:
    """For any tree the proofs end and report each fault once."""
    faults = prove(read(pages(tree), NOTICE_FILE, {"days"}))
    assert faults == sorted(set(faults))


SPLICE = st.text("{}[]:,&*!|>'\"%@`#-? \n\t\r~0129ab.\\\x00\x85\ufeff\ud800") | st.text(max_size=5)


SPLICES = st.lists(st.tuples(st.integers(0, 900), st.integers(0, 30), SPLICE), max_size=3)


@settings(max_examples=examples(300))
@given(st.sampled_from(SAMPLES) | st.text(), SPLICES)
def test_damage_is_reported_as_faults_only(page: str, splices: list[tuple[int, int, str]]) -> None:
    for at, length, put in splices:
        page = page[:at] + put + page[at + length :]
    try:
        prove(read({"valid_ask.yaml": page}, {"notices.yaml": page}, {"days"}))
    except ContentFaults as error:
        assert error.faults == tuple(sorted(error.faults))
        assert all(fault.line > 0 and fault.column > 0 and "\n" not in fault.what for fault in error.faults)


@pytest.mark.parametrize("deep", [100, 900, 5000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", "")])
def test_endless_nesting_is_a_fault(opening: str, closing: str, deep: int) -> None:
    with pytest.raises(ContentFaults):
        read({"a.yaml": opening * deep + closing * deep}, {"b.yaml": opening * deep + closing * deep})
