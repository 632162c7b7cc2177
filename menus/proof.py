"""Proofs on a parsed tree: nobody gets lost in it, stuck in it, or sent in a circle.

A way through the menus is followed with what was answered on it, so that a fork is judged by the answers that a
caller can really have given when she comes there. Key 00 is a way too: it leads home and keeps what was said.
"""

from collections.abc import Iterable, Iterator, Mapping

from menus.draft import TOLD, Draft
from menus.faults import Fault, unknown
from menus.parse import Parsed
from menus.tree import Ask, Choice, End, Fork, Screen, Statement, Tree

Step = tuple[str, str]
"""What is pressed or true, as the last part of its mark's path; and the screen that it leads to."""
State = tuple[str, str]
"""A screen, and what was said to one question when it is reached."""
ANY = "*"
"""An answer that is typed or comes from a list: it may be any."""


def prove(parsed: Parsed, roots: Iterable[str] = ()) -> list[Fault]:
    """Give all that is wrong with the ways through a tree. `roots` are screens to which the program itself leads."""
    tree, roots = parsed.tree, tuple(roots)
    begin = parsed.marks["start"]
    missing = [name for name in roots if name not in tree.screens]
    faults = [begin.fault(f"Komek itself leads here: {unknown('screen', name, tree.screens)}") for name in missing]
    entries = [tree.start, tree.home, *(name for name in roots if name in tree.screens)]
    said = [*_lost(tree, entries), *_stuck(tree), *_idle(tree), *_circles(tree), *_forks(tree, entries)]
    return sorted(faults + [parsed.marks[path].fault(what) for path, what in said])


def _steps(screen: Screen) -> list[Step]:
    """Give all the ways on that are written on a screen."""
    match screen:
        case Choice(options=options, each=each):
            return [(option.key, option.goto) for option in options] + ([("each", each.goto)] if each else [])
        case Ask(goto=goto, skip=skip):
            return [("goto", goto), *([("skip", skip)] if skip else [])]
        case Statement(goto=goto):
            return [("goto", goto)]
        case Fork(cases=cases, otherwise=otherwise):
            return [*((f"cases.{value}", goto) for value, goto in cases.items()), ("else", otherwise)]
        case End():
            return []


def _reached(ways: Mapping[str, Iterable[str]], begin: Iterable[str]) -> set[str]:
    """Give all that can be come to from `begin`, itself included."""
    found, todo = set[str](), list(begin)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += ways.get(name, ())
    return found


def _lost(tree: Tree, entries: Iterable[str]) -> Iterator[tuple[str, str]]:
    ways = {name: [goto for _, goto in _steps(screen)] for name, screen in tree.screens.items()}
    for name in tree.screens.keys() - _reached(ways, entries):
        yield name, f"{name} can never be reached; lead to it from another screen, or delete it"


def _stuck(tree: Tree) -> Iterator[tuple[str, str]]:
    back: dict[str, list[str]] = {}
    for name, screen in tree.screens.items():
        for _, goto in _steps(screen):
            back.setdefault(goto, []).append(name)
    ends = [name for name, screen in tree.screens.items() if isinstance(screen, End)]
    for name in tree.screens.keys() - _reached(back, ends):
        yield name, f"no way from {name} comes to an end; let a key lead to a screen with 'end'"


def _idle(tree: Tree) -> Iterator[tuple[str, str]]:
    for name, screen in tree.screens.items():
        for key, goto in _steps(screen) if not isinstance(screen, Fork) else ():
            if goto == name:
                yield f"{name}.{key}", f"this leads from {name} to itself; lead on to another screen"


def _circles(tree: Tree) -> Iterator[tuple[str, str]]:
    """Find forks that lead to each other with no key pressed: the call would hang there."""
    forks = {name: screen for name, screen in tree.screens.items() if isinstance(screen, Fork)}
    ways = {name: [goto for _, goto in _steps(fork) if goto in forks] for name, fork in forks.items()}
    said = set[str]()
    for name in forks:
        round_it = {other for other in _reached(ways, ways[name]) if name in _reached(ways, ways[other])}
        if name in round_it and name not in said:
            said |= round_it
            names = ", ".join(sorted(round_it))
            yield name, f"{names}: a circle with no key pressed, where the call would hang; let one lead to a screen"


def _forks(tree: Tree, entries: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Find forks, and cases of forks, by answers that nobody can have given on the way there."""
    forks = {name: screen for name, screen in tree.screens.items() if isinstance(screen, Fork)}
    for by in {fork.by for fork in forks.values()}:
        states = _states(tree, by, entries)
        for name in (name for name, fork in forks.items() if fork.by == by):
            values = {value for there, value in states if there == name}
            if ANY in values or not values:
                continue
            if values == {_unsaid(by)}:
                yield name, f"no way to {name} asks for '{by}' before; ask for it first, or lead straight on"
                continue
            for value in forks[name].cases.keys() - values:
                what = f"no way to {name} keeps '{by}: {value}'; keep it first, or delete the case"
                yield f"{name}.cases.{value}", what


def _unsaid(answer: str) -> str:
    """Give what stands in a new draft. A language always does: the first, or by SMS that of the keyword.

    So does what the program knows, and it may be either.
    """
    return ANY if answer == "language" or answer in TOLD else str(getattr(Draft(), answer))


def _states(tree: Tree, answer: str, entries: Iterable[str]) -> set[State]:
    """Give every screen that can be reached, with each value that `answer` can have there."""
    found, todo = set[State](), [(name, _unsaid(answer)) for name in entries]
    while todo:
        name, value = state = todo.pop()
        if state not in found:
            found.add(state)
            screen = tree.screens[name]
            todo += _next(screen, answer, value)
            if not isinstance(screen, Fork | End):
                todo += [(home, value) for home in entries]
    return found


def _next(screen: Screen, answer: str, value: str) -> Iterator[State]:
    """Give where one may come to from a screen, and what was said to `answer` then."""
    match screen:
        case Choice(options=options, each=each):
            yield from ((option.goto, dict(option.keep).get(answer, value)) for option in options)
            yield from [(each.goto, ANY if each.keep == answer else value)] if each else []
        case Ask(keep=keep, goto=goto, skip=skip):
            yield goto, ANY if keep == answer else value
            yield from [(skip, value)] if skip else []
        case Fork():
            yield from _parted(screen, answer, value)
        case Statement(goto=goto):
            yield goto, value
        case End():
            pass


def _parted(fork: Fork, answer: str, value: str) -> Iterator[State]:
    if fork.by == answer and value != ANY:
        yield fork.cases.get(value, fork.otherwise), value
        return
    yield from ((goto, case if fork.by == answer else value) for case, goto in fork.cases.items())
    yield fork.otherwise, value
