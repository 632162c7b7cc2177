"""Read each file of the content once, though hundreds of tests load the content or a copy with one change.

It is no shortcut past the readers: a file with other bytes is read.
"""

import pickle
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from helpline.content import po, sources, yaml_files
from helpline.content.po import Po
from menus import parse, yaml_marks
from menus.faults import Fault
from menus.parse import Parsed
from menus.yaml_marks import Node

MOST = 64
"""How many files are remembered: the present ones, and some copies."""
read, data_in, load, read_menus = po.read, yaml_files.data_in, yaml_marks.load, parse.read


def read_once() -> None:
    """Make the readers of translations, menus and data files remember what they have read."""
    po.read = _po
    yaml_files.data_in = _data  # what it returns may be changed, so each reader gets its own
    parse.load = _menu  # type: ignore[attr-defined]  # where the parser calls it
    sources.read = _menus  # type: ignore[attr-defined]  # the same


@lru_cache(MOST)
def _read(file: str, data: bytes) -> tuple[Po, tuple[Fault, ...]]:
    found, faults = read(file, data)
    return found, tuple(faults)


def _po(file: str, data: bytes) -> tuple[Po, list[Fault]]:
    found, faults = _read(file, data)
    return found, [*faults]


@lru_cache(MOST)
def _data_in(text: str) -> bytes:
    return pickle.dumps(data_in(text))


def _data(text: str) -> Any:
    return pickle.loads(_data_in(text))  # noqa: S301  # written above


@lru_cache(MOST)
def _load(file: str, text: str) -> tuple[Node, tuple[Fault, ...]]:
    faults = list[Fault]()
    return load(file, text, faults), tuple(faults)


def _menu(file: str, text: str, faults: list[Fault]) -> Node:
    node, found = _load(file, text)
    faults += found
    return node


@lru_cache(8)
def _read_menus(
    files: tuple[tuple[str, str], ...], notices: tuple[tuple[str, str], ...], slots: frozenset[str]
) -> Parsed:
    return read_menus(dict(files), dict(notices), slots)


def _menus(
    files: Mapping[str, str], notices: Mapping[str, str] = parse.NONE, placeholders: Iterable[str] = ()
) -> Parsed:
    return _read_menus((*files.items(),), (*notices.items(),), frozenset(placeholders))
