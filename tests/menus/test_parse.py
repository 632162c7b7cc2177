"""What authors write and the faults they get: samples of each kind of screen, then rows for what needs two files."""

from pathlib import Path

import pytest

from menus.draft import Act
from menus.faults import Mark
from menus.parse import ContentFaults, parse, read
from menus.proof import prove
from menus.tree import Ask, Choice, Each, End, Fork, Option, Screen, Statement, Text
from menus.yaml_marks import Leaf, load

SAMPLES = sorted(Path(__file__).with_name("samples").glob("*.yaml"))
EXPECTED = "# Expected:\n"
NOTICES = {"notices.yaml": 'to_caller: {ask: "May we ring?", kept: "Good."}\nanswers: {yes: "Yes"}'}
START = "start: home\nhome: home\nconsent: home\nscreens:\n  home: "
BYE = 'screens: {bye: {end: "Bye."}}'


def faults_of(files: dict[str, str], notices: dict[str, str]) -> list[str]:
    try:
        return [str(fault) for fault in prove(read(files, notices, {"days"}))]
    except ContentFaults as error:
        return [str(fault) for fault in error.faults]


def sample(name: str) -> dict[str, Screen]:
    path = f"valid_{name}.yaml"
    text = Path(__file__).with_name("samples").joinpath(path).read_text("utf-8")
    screens = parse({path: text}, NOTICES, {"days"}).screens
    return {full.partition(".")[2]: screen for full, screen in screens.items()}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_has_exactly_the_faults_written_below_it(path: Path) -> None:
    text = path.read_text("utf-8")
    expected = text.partition(EXPECTED)[2].splitlines()
    assert bool(expected) is path.name.startswith("invalid_")
    faults = faults_of({path.name: text}, NOTICES)
    assert faults == [line.replace("# ", f"{path.name}:", 1) for line in expected]


def test_a_choice_is_read_with_its_texts_and_options() -> None:
    yes, no, sos = (Text(f"valid_choice.call.{key}", label) for key, label in (("1", "Yes"), ("0", "No"), ("8", "SOS")))
    bye = "valid_choice.bye"
    assert sample("choice")["call"] == Choice(
        "valid_choice.call",
        Text("valid_choice.call", "May somebody ring you? We keep it {days} days."),
        (
            Option("1", yes, bye, (("consent", "yes"), ("window", "any"))),
            Option("0", no, bye, (("consent", "no"),)),
            Option("8", sos, bye),
        ),
        again=Text("valid_choice.call.again", "Press 1 or 0."),
        inline=True,
    )


def test_a_choice_may_have_a_list_without_a_question() -> None:
    screens = sample("each")
    sos = Option("8", Text("valid_each.language.8", "SOS"), "valid_each.bye")
    languages = Each("languages", "language", "valid_each.place")
    assert screens["language"] == Choice("valid_each.language", None, (sos,), languages)
    assert screens["need"] == Choice("valid_each.need", None, (), Each("needs", "need", "valid_each.word"))


def test_the_other_kinds_of_screen_are_read() -> None:
    name = "valid_ask.code"
    text, again = Text(name, "Type the code, 6 digits."), Text(f"{name}.again", "6 digits, no letters.")
    assert sample("ask")["code"] == Ask(name, text, 6, "code", "valid_ask.seen", again)
    name, words = "valid_statement.rights", "Nobody may keep your passport. You may stop at any time."
    assert sample("statement")["rights"] == Statement(name, Text(name, words), "valid_statement.bye")
    assert sample("end")["quiet"] == End("valid_end.quiet", Text("valid_end.quiet", "Nobody will ring you."), Act.PAUSE)
    cases = {"see": "valid_fork.seen", "withdraw": "valid_fork.withdrawn"}
    assert sample("fork")["after"] == Fork("valid_fork.after", "wish", cases, "valid_fork.seen")
    assert sample("drawn")["consent"].options[0].key == "drawn"  # type: ignore[union-attr]
    assert sample("notice")["kept"] == End("valid_notice.kept", Text("to_caller.kept", "Good."))


@pytest.mark.parametrize(
    ("why", "files", "notices", "expected"),
    [
        ("no file", {}, {}, [f"start.yaml:1:1: '{key}' is missing at the top of the file; write '{key}: screen'"
            for key in ("consent", "home", "start")] + ["start.yaml:1:1: there are no menus; write this file"]),
        ("an empty file", {"start.yaml": "# later\n"}, {},
            ["start.yaml:1:1: the file is empty; write its screens or texts, or delete it"]),
        ("only what is wrong in the other file is said of one that cannot be read",
            {"start.yaml": START + "{statement: Hi, goto: a.bye}", "a.yaml": "screens: ["}, {},
            ["a.yaml:2:1: not YAML: did not find expected node content (while parsing a flow node, which began at line "
            "2, column 1); look there for a quote, a bracket or an indent"]),
        ("a topic left out", {"start.yaml": START + "{statement: Hi, goto: bye}", "long_name.yaml": BYE}, {},
            ["start.yaml:5:31: no such screen: 'bye' (did you mean 'long_name.bye'?)"]),
        ("a topic misspelt", {"start.yaml": START + "{statement: Hi, goto: b.bye}", "a.yaml": BYE}, {},
            ["start.yaml:5:31: no such screen: 'b.bye' (did you mean 'a.bye'?)"]),
        ("two beginnings", {"start.yaml": START + "{end: Bye}", "a.yaml": "home: bye\n" + BYE}, {},
            ["a.yaml:1:1: 'home' is here twice (first at start.yaml:2); keep one of them"]),
        ("a topic twice", {"start.yaml": START + "{end: Bye}", "old/start.yaml": BYE}, {},
            ["old/start.yaml:1:1: topic 'start' already has a file (start.yaml); merge the two files"]),
        ("a file name that is no name", {"start.yaml": START + "{end: Bye}", "A b.yaml": BYE}, {},
            ["A b.yaml:1:1: 'A b' cannot be a topic; name the file in small letters, digits and _"]),
        ("a section that a topic is called too", {"start.yaml": START + "{end: Bye}"}, {"n.yaml": "start: {x: Hi}"},
            ["start.yaml:1:1: 'start' is also a section of the notices; rename one of them"]),
        ("notices", {"start.yaml": START + "{end: Bye}"},
            {"n.yaml": "hints: {key: '{dais}', K: Hi, none: }\nalone: Hi\nkeys: {}", "o.yaml": "hints: {key: Hi}"},
            ["n.yaml:1:14: no such placeholder: 'dais' (did you mean 'days'?)",
             "n.yaml:1:24: 'K' cannot name a notice; use small letters, digits and _",
             "n.yaml:1:37: the text is empty; write it",
             "n.yaml:2:1: 'alone' is outside of all sections; put it into one",
             "n.yaml:3:7: keys needs lines of 'key: value'; write them",
             "o.yaml:1:9: 'hints.key' is here twice (first at n.yaml:1); keep one of them"]),
        ("notices that cannot be read", {"start.yaml": START + "{end: {notice: hints.key}}"}, {"n.yaml": "[hints]"},
            ["n.yaml:1:1: a list cannot be used here; write 'key: value' lines"]),
    ],
)  # fmt: skip
def test_faults_of_all_files_are_reported_together(
    why: str, files: dict[str, str], notices: dict[str, str], expected: list[str]
) -> None:
    assert faults_of(files, notices) == expected, why


def test_notices_are_stored_by_path() -> None:
    tree = parse({"start.yaml": START + "{end: Bye}"}, {"n.yaml": "keys: {0: No, more: {9: More}}"})
    assert tree.notices == {"keys.0": Text("keys.0", "No"), "keys.more.9": Text("keys.more.9", "More")}


def test_columns_count_letters_from_one() -> None:
    """Columns count letters, not bytes, so Cyrillic before a fault does not shift it."""
    assert read({"start.yaml": START + "{end: Bye}"}).marks["start.home"] == Mark("start.yaml", 5, 3)
    assert faults_of({"start.yaml": START + '{end: "Жаңы", акт: see}'}, {})[0].startswith("start.yaml:5:23: ")


@pytest.mark.parametrize("nothing", ["", "~", "null"])
def test_an_empty_value_is_empty_unless_it_is_quoted(nothing: str) -> None:
    assert load("a", f"a: {nothing}", []).get("a") == Leaf(Mark("a", 1, 4 if nothing else 3), "")  # type: ignore[union-attr]
    assert load("a", f"a: '{nothing}'", []).get("a") == Leaf(Mark("a", 1, 4), nothing)  # type: ignore[union-attr]
