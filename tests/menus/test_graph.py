"""The drawings contain every screen and every arrow in both notations, and those in docs/menus are up to date."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from helpline.cli import komek
from helpline.commands.menus.graph import PAGES, WRITE, about, pages, say_in, stale, write
from helpline.content.sources import IN_NOTICES, ROOT, SETTINGS, read_sources
from menus.book import AT_HOP
from menus.choices import SOURCES
from menus.draft import ANSWERS, PRESET, Act
from menus.graph import KINDS, Drawing, dot, draw, mermaid, overview, topics
from menus.kinds import MOST, SHAPES
from menus.tree import Choice, Tree
from tests.menus.test_render import tree_of

CONTENT = read_sources()
TREE = CONTENT.parsed.tree
SCREENS = """
  home: {choice: 'Say "hi" <now> | #1?', options: {1: {say: "Yes", goto: asked}, 2: {say: "No", goto: asked},
    8: {say: SOS, goto: bye}}}
  asked: {ask: "Number?", digits: 7-15, keep: number, goto: where, skip: end}
  where: {choice: "Where?", each: {from: regions, keep: place, goto: after}, options: {0: {say: Skip, goto: after}}}
  after: {fork: need, cases: {health: read}, else: end}
  read: {statement: "Take care.", goto: end}
  end: {end: "Done.", act: pause}
"""


def boxes(drawing: Drawing) -> dict[str, str]:
    return {box.name: box.kind for box in drawing.boxes}


def arrows(drawing: Drawing) -> dict[tuple[str, str], tuple[str, ...]]:
    return {(arrow.start.partition(".")[2], arrow.goal.partition(".")[2]): arrow.labels for arrow in drawing.arrows}


def test_each_kind_of_screen_has_a_shape_and_each_arrow_a_label() -> None:
    drawing = draw(tree_of(SCREENS))
    assert boxes(drawing) == {
        "a.home": "choice", "a.asked": "ask", "a.where": "list", "a.after": "fork", "a.read": "statement",
        "a.end": "act", "a.bye": "end",
    }  # fmt: skip
    assert arrows(drawing) == {
        ("home", "asked"): ("1 Yes", "2 No"), ("home", "bye"): ("8 SOS",), ("asked", "where"): ("7-15 digits",),
        ("asked", "end"): ("0",), ("where", "after"): ("one of: regions", "0 Skip"), ("after", "read"): ("need: health",),
        ("after", "end"): ("else",), ("read", "end"): ("1 Next",),
    }  # fmt: skip
    assert f"action: {Act.PAUSE.value}" in next(box.lines for box in drawing.boxes if box.name == "a.end")


def test_a_topic_is_drawn_with_the_screens_it_leads_to() -> None:
    topic = draw(TREE, "sms")
    assert {name for name, kind in boxes(topic).items() if kind != "elsewhere"} == {
        name for name in TREE.screens if name.startswith("sms.")
    }
    beyond = [box.name for box in draw(TREE, "start").boxes if box.kind == "elsewhere"]
    assert beyond
    assert not any(name.startswith("start.") for name in beyond)


@pytest.mark.parametrize("topic", ["", *topics(TREE)])
def test_every_option_is_in_the_drawing(topic: str) -> None:
    screens = {name: screen for name, screen in TREE.screens.items() if name.startswith(f"{topic}." if topic else "")}
    drawn = {(a.start, a.goal, label) for a in draw(TREE, topic).arrows for label in a.labels}
    assert set(boxes(draw(TREE, topic)).values()) <= set(KINDS)
    for screen in screens.values():
        for option in screen.options if isinstance(screen, Choice) else ():
            label = option.label.english
            assert any(
                (start, goal) == (screen.name, option.goto) and text.endswith(label) for start, goal, text in drawn
            )


ID = r"[a-z][a-z0-9_]*_"
BOX = re.compile(
    rf'  ({ID})(?:\["[^"]*"\]|\[\["[^"]*"\]\]|\[/"[^"]*"/\]|\("[^"]*"\)|\(\["[^"]*"\]\)|\{{"[^"]*"\}})(?::::\w+)?'
)
ARROW = re.compile(rf'  ({ID}) -->\|"[^"]*"\| ({ID})')


@pytest.mark.parametrize("tree", [TREE, tree_of(SCREENS)], ids=["the menus", "odd letters"])
def test_every_arrow_in_mermaid_joins_two_boxes(tree: Tree) -> None:
    """No name is a keyword of Mermaid (`end`), and no letter of a text closes its quotes."""
    first, *lines, act, elsewhere = mermaid(draw(tree)).splitlines()
    assert (first, act.split()[0], elsewhere.split()[0]) == ("flowchart TD", "classDef", "classDef")
    found = [(BOX.fullmatch(line), ARROW.fullmatch(line)) for line in lines]
    assert [line for line, (box, arrow) in zip(lines, found, strict=True) if not (box or arrow)] == []
    named = {box[1] for box, _ in found if box}
    assert {end for _, arrow in found if arrow for end in arrow.groups()} <= named
    assert len(named) == len(tree.screens)


def test_special_characters_are_escaped() -> None:
    assert '"a.home (a call begins here)<br/>Say #quot;hi#quot; #lt;now#gt; #124; #35;1?"' in mermaid(
        draw(tree_of(SCREENS))
    )
    assert r'label="a.home (a call begins here)\nSay \"hi\" <now> | #1?"' in dot(draw(tree_of(SCREENS)))


def test_dot_has_every_screen_and_arrow() -> None:
    drawing = draw(TREE)
    text = dot(drawing)
    assert text.startswith("digraph menus {") and text.endswith("}\n")  # noqa: PT018  # both ends of one text
    assert text.count(" -> ") == len(drawing.arrows)
    assert all(f'"{box.name}" [label=' in text for box in drawing.boxes)


def test_the_overview_counts_the_arrows_between_topics() -> None:
    drawing = overview(TREE)
    assert list(boxes(drawing)) == topics(TREE)
    assert all(int(arrow.labels[0]) > 0 and arrow.start != arrow.goal for arrow in drawing.arrows)


def test_texts_have_the_language_and_phone_numbers_of_the_country() -> None:
    text = TREE.notices["keys.9"]
    assert say_in(CONTENT, "en")(text) == "More"
    assert say_in(CONTENT, "ru")(text) != "More"
    danger = TREE.screens["danger.first"]
    assert "{" not in say_in(CONTENT, "en", "KG")(danger.text)  # type: ignore[union-attr,arg-type]
    with pytest.raises(ValueError, match="language"):
        say_in(CONTENT, "fr")


def test_the_drawings_in_the_docs_match_the_menus() -> None:
    assert stale(TREE) == [], f"docs/menus is not as the menus are; run: {WRITE}"


def test_stale_pages_are_named_and_updated(tmp_path: Path) -> None:
    """One page is missing, one is old, and one is about a deleted topic."""
    assert write(TREE, folder=tmp_path) == sorted(pages(TREE))
    (tmp_path / "sms.md").unlink()
    (tmp_path / "start.md").write_text("old")
    (tmp_path / "gone.md").write_text("old")
    assert stale(TREE, folder=tmp_path) == ["gone.md", "sms.md", "start.md"]
    write(TREE, folder=tmp_path)
    assert stale(TREE, folder=tmp_path) == []
    assert not (tmp_path / "gone.md").exists()


@pytest.mark.parametrize("topic", topics(TREE))
def test_a_topic_starts_with_its_description(topic: str) -> None:
    """The description is above the drawing and in the list of topics."""
    assert 20 < len(about(topic)) < 600
    assert about(topic, ROOT) in (PAGES / f"{topic}.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "begins"),
    [([], "flowchart TD"), (["sms"], "flowchart TD"), (["--dot"], "digraph"), (["sms", "--dot", "--lang", "ru"], "digraph"),
        (["danger", "--country", "tj"], "flowchart TD")],
)  # fmt: skip
def test_the_command_prints_a_drawing(arguments: list[str], begins: str) -> None:
    done = CliRunner().invoke(komek, ["graph", *arguments])
    assert done.exit_code == 0, done.output
    assert done.output.startswith(begins)


@pytest.mark.parametrize(("arguments", "says"), [(["smss"], "choose one of"), (["--lang", "fr"], "no such language")])
def test_the_command_refuses_an_unknown_topic_or_language(arguments: list[str], says: str) -> None:
    done = CliRunner().invoke(komek, ["graph", *arguments])
    assert done.exit_code == 2
    assert says in done.output


def test_the_page_for_authors_names_everything_a_menu_may_contain() -> None:
    """The page lists every key, answer and value, and nothing that no longer exists."""
    page = (ROOT.parent / "docs" / "authors.md").read_text("utf-8")
    words = {*SHAPES, *SOURCES, *ANSWERS, *PRESET, *(act.value for act in Act), *MOST}
    words |= {key for shape in SHAPES.values() for part in shape for key in part}
    values = {value for allowed in (*ANSWERS.values(), *PRESET.values()) for value in allowed or ()}
    assert sorted(word for word in words if f"`{word}" not in page) == []
    assert sorted(value for value in values if not re.search(rf"\b{value}\b", page)) == []
    assert sorted(name for name in AT_HOP | SETTINGS | IN_NOTICES if f"`{{{name}}}`" not in page) == []
