"""Draw the menus as Mermaid (which code hosts show) or DOT (for Graphviz). The input is a tree, the output a text.

Each kind of screen has its own shape, and each key its label. Keys that lead to the same screen share an arrow.
"""

import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from menus.tree import DRAWN, Ask, Choice, End, Fork, Screen, Statement, Text, Tree

Say = Callable[[Text], str]
"""Returns a text in the language of the drawing."""
WIDTH = 26
"""The most letters in a line of a box. Mermaid breaks longer lines anywhere."""
KINDS = ("choice", "list", "ask", "statement", "end", "act", "fork", "elsewhere")
MERMAID: Mapping[str, tuple[str, str]] = {
    "choice": ("[", "]"), "list": ("[[", "]]"), "ask": ("[/", "/]"), "statement": ("(", ")"), "end": ("([", "])"),
    "act": ("([", "])"), "fork": ("{", "}"), "elsewhere": ("([", "])"),
}  # fmt: skip
CLASSES: Mapping[str, str] = {"act": ":::act", "elsewhere": ":::elsewhere"}
DOT: Mapping[str, str] = {
    "choice": "shape=box", "list": "shape=box3d", "ask": "shape=parallelogram", "statement": "shape=note",
    "end": "shape=box, style=rounded", "act": 'shape=box, style="rounded,bold"', "fork": "shape=diamond",
    "elsewhere": 'shape=box, style="rounded,dashed"',
}  # fmt: skip
ESCAPED = {"&": "#amp;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "#": "#35;", "|": "#124;"}


@dataclass(frozen=True, slots=True)
class Box:
    """A screen in a drawing."""

    name: str
    kind: str
    """One of `KINDS`."""
    lines: tuple[str, ...]
    """The text in the box. Its first line is the name."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow from one screen to another, with all keys or answers that lead there."""

    start: str
    goal: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """The boxes and arrows, in the order of the content."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def topics(tree: Tree) -> list[str]:
    """Return the topics in the order of their files."""
    return list(dict.fromkeys(topic_of(name) for name in tree.screens))


def topic_of(name: str) -> str:
    """Return the topic of a screen."""
    return name.partition(".")[0]


def english(text: Text) -> str:
    """Return the English of a text."""
    return text.english


def draw(tree: Tree, topic: str = "", say: Say = english) -> Drawing:
    """Draw all screens, or one topic with the screens of other topics that it leads to."""
    drawn = {name: screen for name, screen in tree.screens.items() if topic in ("", topic_of(name))}
    boxes = [_box(tree, screen, say) for screen in drawn.values()]
    arrows = _merged((name, goal, label) for name in drawn for goal, label in ways(tree, tree.screens[name], say))
    elsewhere = dict.fromkeys(arrow.goal for arrow in arrows if arrow.goal not in drawn)
    return Drawing((*boxes, *(Box(name, "elsewhere", (name,)) for name in elsewhere)), arrows)


def overview(tree: Tree) -> Drawing:
    """Draw the topics, and how many keys or answers lead from one to another."""
    counts = {topic: sum(topic_of(name) == topic for name in tree.screens) for topic in topics(tree)}
    boxes = tuple(Box(topic, "choice", (topic, f"{count} screens")) for topic, count in counts.items())
    steps = [(topic_of(name), topic_of(goal)) for name in tree.screens for goal, _ in ways(tree, tree.screens[name])]
    between = [step for step in steps if step[0] != step[1]]
    return Drawing(boxes, tuple(Arrow(a, b, (str(between.count((a, b))),)) for a, b in dict.fromkeys(between)))


def ways(tree: Tree, screen: Screen, say: Say = english) -> Iterator[tuple[str, str]]:
    """Yield each next screen, and the key or answer that leads there."""
    match screen:
        case Choice(options=options, each=each):
            if each:
                yield each.goto, f"one of: {each.source}"
            yield from ((option.goto, f"{_key(option.key)} {say(option.label)}") for option in options)
        case Ask(goto=goto, skip=skip):
            yield goto, typed_answer(screen)
            if skip:
                yield skip, f"0 {_notice(tree, 'keys.skip', say)}".strip()
        case Statement(goto=goto):
            yield goto, f"1 {_notice(tree, 'keys.next', say)}".strip()
        case Fork(by=by, cases=cases, otherwise=otherwise):
            yield from ((goto, f"{by}: {value}") for value, goto in cases.items())
            yield otherwise, "else"
        case End():
            pass


def typed_answer(ask: Ask) -> str:
    """Return what the caller types: `6 digits`, `2-20 letters`."""
    many = f"{ask.least}-{ask.digits}" if ask.least and ask.least != ask.digits else str(ask.digits)
    return f"{many} {'letters' if ask.letters else 'digits'}"


def mermaid(drawing: Drawing) -> str:
    """Return a drawing as Mermaid."""
    boxes = [f"  {_id(box.name)}{_labelled(box)}" for box in drawing.boxes]
    arrows = [f'  {_id(each.start)} -->|"{_marked(each.labels)}"| {_id(each.goal)}' for each in drawing.arrows]
    classes = ["  classDef act stroke-width:3px", "  classDef elsewhere stroke-dasharray:4"]
    return "\n".join(["flowchart TD", *boxes, *arrows, *classes]) + "\n"


def dot(drawing: Drawing) -> str:
    """Return a drawing as DOT."""
    head = ["digraph menus {", "  node [fontname=sans]; edge [fontname=sans, fontsize=10];"]
    boxes = [f"  {_quoted(box.name)} [label={_quoted(*box.lines)}, {DOT[box.kind]}];" for box in drawing.boxes]
    arrows = [
        f"  {_quoted(each.start)} -> {_quoted(each.goal)} [label={_quoted(*each.labels)}];" for each in drawing.arrows
    ]
    return "\n".join([*head, *boxes, *arrows, "}"]) + "\n"


def _box(tree: Tree, screen: Screen, say: Say) -> Box:
    text = getattr(screen, "text", None)
    name = f"{screen.name} (a call begins here)" if screen.name == tree.start else screen.name
    words = [line for part in (say(text) if text else "").split("\n") for line in textwrap.wrap(part, WIDTH)]
    match screen:
        case End(act=act) if act:
            return Box(screen.name, "act", (name, *words, f"action: {act.value}"))
        case Fork(by=by):
            return Box(screen.name, "fork", (name, f"{by}?"))
        case Choice(each=each) if each:
            return Box(screen.name, "list", (name, *words))
        case Choice() | Ask() | Statement() | End():
            return Box(screen.name, type(screen).__name__.lower(), (name, *words))


def _merged(steps: Iterable[tuple[str, str, str]]) -> tuple[Arrow, ...]:
    labels: dict[tuple[str, str], list[str]] = {}
    for start, goal, label in steps:
        labels.setdefault((start, goal), []).append(label)
    return tuple(Arrow(start, goal, tuple(said)) for (start, goal), said in labels.items())


def _key(key: str) -> str:
    return "a key from 1 to 7, drawn:" if key == DRAWN else key


def _notice(tree: Tree, notice: str, say: Say) -> str:
    return say(tree.notices[notice]) if notice in tree.notices else ""


def _id(name: str) -> str:
    """Return a Mermaid id: without a dot, and with a final underscore because `end` is a reserved word."""
    return f"{name.replace('.', '__')}_"


def _labelled(box: Box) -> str:
    left, right = MERMAID[box.kind]
    return f'{left}"{_marked(box.lines)}"{right}{CLASSES.get(box.kind, "")}'


def _marked(lines: Sequence[str]) -> str:
    return "<br/>".join("".join(ESCAPED.get(letter, letter) for letter in line) for line in lines)


def _quoted(*lines: str) -> str:
    return '"' + "\\n".join(line.replace("\\", "\\\\").replace('"', '\\"') for line in lines) + '"'
