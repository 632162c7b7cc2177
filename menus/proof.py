"""Prove on a parsed tree that every screen can be reached, that every path can end, and that no fork loops.

Paths through the menus are followed together with the answers on them. So a fork is checked with the answers that a
caller can really have given before it. Key 00 counts as a path too: it leads home and keeps the answers.
"""

from collections.abc import Iterable, Iterator, Mapping

from menus.draft import PRESET, Draft
from menus.faults import Fault, unknown
from menus.parse import Parsed
from menus.tree import Ask, Choice, End, Fork, Screen, Statement, Tree

Step = tuple[str, str]
"""(the last part of the path of a key or case, the next screen)."""
State = tuple[str, str]
"""(screen, the value of one answer when the screen is reached)."""
ANY = "*"
"""Any value: the answer is typed or comes from a list."""


def prove(parsed: Parsed, roots: Iterable[str] = ()) -> list[Fault]:
    """Return all faults of the paths through a tree. `roots` are screens that the program itself opens."""
    tree, roots = parsed.tree, tuple(roots)
    begin = parsed.marks["start"]
    missing = [name for name in roots if name not in tree.screens]
    faults = [
        begin.fault(f"Komek itself opens this screen: {unknown('screen', name, tree.screens)}") for name in missing
    ]
    entries = [
        tree.start,
        tree.home,
        *filter(None, [tree.hide, tree.front_start, tree.front_home]),
        *(name for name in roots if name in tree.screens),
    ]
    found = [
        *_unreachable(tree, entries),
        *_endless(tree),
        *_self_loops(tree),
        *_fork_loops(tree),
        *_dead_cases(tree, entries),
    ]
    return sorted(faults + [parsed.marks[path].fault(what) for path, what in found])


def _steps(screen: Screen) -> list[Step]:
    """Return all next screens of a screen."""
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
    """Return everything that can be reached from `begin`, including `begin`."""
    found, todo = set[str](), list(begin)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += ways.get(name, ())
    return found


def _unreachable(tree: Tree, entries: Iterable[str]) -> Iterator[tuple[str, str]]:
    ways = {name: [goto for _, goto in _steps(screen)] for name, screen in tree.screens.items()}
    for name in tree.screens.keys() - _reached(ways, entries):
        yield name, f"{name} can never be reached; add a key that leads to it, or delete it"


def _endless(tree: Tree) -> Iterator[tuple[str, str]]:
    back: dict[str, list[str]] = {}
    for name, screen in tree.screens.items():
        for _, goto in _steps(screen):
            back.setdefault(goto, []).append(name)
    ends = [name for name, screen in tree.screens.items() if isinstance(screen, End)]
    for name in tree.screens.keys() - _reached(back, ends):
        yield name, f"no path from {name} ends; add a key that leads to a screen with 'end'"


def _self_loops(tree: Tree) -> Iterator[tuple[str, str]]:
    for name, screen in tree.screens.items():
        for key, goto in _steps(screen) if not isinstance(screen, Fork) else ():
            if goto == name:
                yield f"{name}.{key}", f"this leads from {name} to itself; choose another screen"


def _fork_loops(tree: Tree) -> Iterator[tuple[str, str]]:
    """Yield forks that lead to each other without a key, where the call would hang."""
    forks = {name: screen for name, screen in tree.screens.items() if isinstance(screen, Fork)}
    ways = {name: [goto for _, goto in _steps(fork) if goto in forks] for name, fork in forks.items()}
    reported = set[str]()
    for name in forks:
        loop = {other for other in _reached(ways, ways[name]) if name in _reached(ways, ways[other])}
        if name in loop and name not in reported:
            reported |= loop
            names = ", ".join(sorted(loop))
            yield name, f"{names}: a loop of forks, in which the call would hang; make one lead to a screen"


def _dead_cases(tree: Tree, entries: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield forks, and cases of forks, for answers that nobody can have given before."""
    forks = {name: screen for name, screen in tree.screens.items() if isinstance(screen, Fork)}
    for by in {fork.by for fork in forks.values()}:
        states = _states(tree, by, entries)
        for name in (name for name, fork in forks.items() if fork.by == by):
            values = {value for screen, value in states if screen == name}
            if ANY in values or not values:
                continue
            if values == {_initial(by)}:
                yield name, f"no path to {name} asks for '{by}' before; ask for it first, or remove the fork"
                continue
            for value in forks[name].cases.keys() - values:
                what = f"no path to {name} keeps '{by}: {value}'; keep it first, or delete the case"
                yield f"{name}.cases.{value}", what


def _initial(answer: str) -> str:
    """Return the value of an answer in a new draft.

    The language is always set (the first one, or by SMS that of the keyword), and so are the preset values. They can
    have any value.
    """
    return ANY if answer == "language" or answer in PRESET else str(getattr(Draft(), answer))


def _states(tree: Tree, answer: str, entries: Iterable[str]) -> set[State]:
    """Return every screen that can be reached, with each value that `answer` can have there."""
    found, todo = set[State](), [(name, _initial(answer)) for name in entries]
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
    """Yield the next screens, and the value of `answer` then."""
    match screen:
        case Choice(options=options, each=each):
            yield from ((option.goto, dict(option.keep).get(answer, value)) for option in options)
            yield from [(each.goto, ANY if each.keep == answer else value)] if each else []
        case Ask(keep=keep, goto=goto, skip=skip):
            yield goto, ANY if keep == answer else value
            yield from [(skip, value)] if skip else []
        case Fork():
            yield from _after_fork(screen, answer, value)
        case Statement(goto=goto):
            yield goto, value
        case End():
            pass


def _after_fork(fork: Fork, answer: str, value: str) -> Iterator[State]:
    if fork.by == answer and value != ANY:
        yield fork.cases.get(value, fork.otherwise), value
        return
    yield from ((goto, case if fork.by == answer else value) for case, goto in fork.cases.items())
    yield fork.otherwise, value
