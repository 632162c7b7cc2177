"""The ways through the menus as a FLOIP flow takes them: an expression for each, and where topics are entered."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from menus.graph import topic_of
from menus.tree import BACK, Ask, Choice, End, Fork, Option, Screen, Statement, Tree

NUMBERS: Mapping[str, tuple[int, int]] = {"hour": (1, 24)}
"""Typed answers that are numbers. A code or a telephone is a row of digits, whose zeros in front count."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way on from a screen: its name, the expression that takes it, where it leads, what is kept on it."""

    name: str
    test: str
    goto: str
    keep: tuple[tuple[str, str], ...] = ()


def entrances(tree: Tree, topic: str) -> list[str]:
    """Give the screens at which a topic is entered: from another topic, from the dial, or by the program itself."""
    since: dict[str, set[str]] = {name: set() for name in tree.screens if topic_of(name) == topic}
    for name, screen in tree.screens.items():
        for way in ways(screen):
            since.get(way.goto, set()).add(topic_of(name))
    first = [name for name in (tree.start, tree.home) if name in since]
    found = [*first, *(name for name, topics in since.items() if topics != {topic})]
    return list(dict.fromkeys(found or [*since][:1]))


def ways(screen: Screen, codes: tuple[str, ...] = ()) -> Iterator[Way]:
    """Give the ways on from a screen. `codes` are those that its list offers, if they are the same for everybody."""
    value = f"flow.{screen.name.replace('.', '_')}.value"
    match screen:
        case Choice(options=options, each=each):
            yield from (_pressed(option) for option in options)
            if each:
                yield Way("each", _listed(options, codes), each.goto, ((each.keep, value),))
        case Ask(keep=keep, goto=goto, skip=skip):
            yield from (Way(BACK, f"block.value = '{BACK}'", skip) for skip in (skip,) if skip)
            yield Way("typed", _typed(screen), goto, ((keep, value),))
        case Statement(goto=goto):
            yield Way("1", "", goto)
        case Fork(by=by, cases=cases, otherwise=otherwise):
            yield from (Way(said, f"contact.{by} = '{said}'", goto) for said, goto in cases.items())
            yield Way("else", "", otherwise)
        case End():
            pass


def _pressed(option: Option) -> Way:
    kept = tuple((name, f"'{said}'") for name, said in option.keep)
    return Way(option.key, f"block.value = '{option.key}'", option.goto, kept)


def _listed(options: tuple[Option, ...], codes: tuple[str, ...]) -> str:
    """Say that one of a list was chosen: these codes, or anything but the keys beside it."""
    if codes:
        return "OR({})".format(", ".join(f"block.value = '{code}'" for code in codes))
    others = [f"block.value != '{option.key}'" for option in options]
    return f"AND({', '.join(others)})" if others else "true"


def _typed(ask: Ask) -> str:
    if ask.keep in NUMBERS:
        least, most = NUMBERS[ask.keep]
        return f"AND(block.value >= {least}, block.value <= {most})"
    return f"AND(LEN(block.value) >= {ask.least or ask.digits}, LEN(block.value) <= {ask.digits})"
