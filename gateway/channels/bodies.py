"""Reads the bodies of requests and answers as a tree of mappings, lists and texts: form, query, JSON or XML.

What no gateway would send is refused: another encoding than UTF-8, a NUL, an XML document with a DTD (it can name
files and grow without end), a JSON document that is nested too deeply. A few odd octets inside a text are no reason to
refuse a request: the gateway would send it again and again, and all texts in it would be lost.
"""

import json
import re
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree

from gateway.guard import FORM, read_form
from helpline.core.ports import BadForm

Tree = Mapping[str, "Tree"] | Sequence["Tree"] | str | bool | int | float | None
DEEPEST = 20
MOST_ODD = 3
"""Octets that are not UTF-8, such as half of an emoji. With more of them, the whole body is in another encoding."""
_DTD = ("<!DOCTYPE", "<!ENTITY")
_NO_LETTER = re.compile("[\ud800-\udfff\0]")
"""Halves of letters beyond the first 65,536, which some gateways cut apart, and NUL."""
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = re.compile(r"&(?:(?:amp|lt|gt|quot|apos);|#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}));)?")


def parse(kind: str, raw: bytes) -> Tree:
    """Return the tree of a body of this kind. Raise `BadForm`."""
    match kind:
        case "json":
            return _json(_text(raw))
        case "xml":
            return _xml(_text(raw))
    return dict(read_form(raw, FORM))


def _text(raw: bytes) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("utf-8-sig", "replace")
        if text.count("\ufffd") > MOST_ODD or "\0" in text:
            raise BadForm("body is not UTF-8") from None
    if "\0" in text:
        raise BadForm("body holds a NUL")
    return text


def _json(text: str) -> Tree:
    """Read JSON, also with a line break or another control character as it is inside a text."""
    try:
        tree: Tree = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        raise BadForm("body is not JSON") from None
    if _is_deep(tree):
        raise BadForm("body is nested too deeply")
    return tree


def _is_deep(tree: Tree) -> bool:
    level: list[Tree] = [tree]
    for _ in range(DEEPEST):
        level = [
            child
            for each in level
            if isinstance(each, Mapping | list)
            for child in (each.values() if isinstance(each, Mapping) else each)
        ]
    return bool(level)


def _xml(text: str) -> Tree:
    if any(mark in text.upper() for mark in _DTD):
        raise BadForm("body is XML with a DTD")
    root = _root(text)
    if root is None:
        root = _root(_REFERENCE.sub(_readable, _NO_XML.sub("\ufffd", text)))
    if root is None:
        raise BadForm("body is not XML")
    return {_name(root.tag): _element(root, 0)}


def _root(text: str) -> ElementTree.Element | None:
    """Return the root of a document, or None if it is not XML."""
    try:
        return ElementTree.fromstring(text)  # noqa: S314  # without a DTD nothing can be named or grow
    except (ElementTree.ParseError, ValueError, RecursionError):
        return None


def _readable(reference: re.Match[str]) -> str:
    """Return a reference as XML knows it.

    Some gateways write a bare `&`, a control character or half of an emoji. Each would keep back all texts beside it.
    """
    code = int(reference[1], 16) if reference[1] else int(reference[2] or -1)
    if code < 0:
        return reference[0] if len(reference[0]) > 1 else "&amp;"
    return "\ufffd" if code > 0x10FFFF or _NO_XML.match(chr(code)) else reference[0]


def _element(element: ElementTree.Element, depth: int) -> Tree:
    """Return an element: its text if it has nothing else, else attributes (`@id`), children, and its text as `#`."""
    if depth > DEEPEST:
        raise BadForm("body is nested too deeply")
    if not len(element) and not element.attrib:
        return element.text or ""
    tree: dict[str, Tree] = {f"@{name}": value for name, value in element.attrib.items()}
    for child in element:
        name, inside = _name(child.tag), _element(child, depth + 1)
        before = tree.get(name)
        if name not in tree:
            tree[name] = inside
        else:
            tree[name] = [*before, inside] if isinstance(before, list) else [before, inside]
    return {**tree, "#": element.text or ""}


def _name(tag: str) -> str:
    return tag.rpartition("}")[2]


def at(tree: Tree, path: str) -> Tree:
    """Return what is at a path such as `status.groupName`; None if there is nothing. An empty path is the tree."""
    for step in path.split(".") if path else ():
        if isinstance(tree, Mapping):
            tree = tree.get(step)
        elif isinstance(tree, list) and step.isdecimal() and int(step) < len(tree):
            tree = tree[int(step)]
        else:
            return None
    return tree


def word(tree: Tree, path: str) -> str | None:
    """Return the text at a path; None if there is none. Raise `BadForm` if it holds what is no letter."""
    text = _plain(tree, path)
    if text is not None and _NO_LETTER.search(text):
        raise BadForm(f"{path} is not a text")
    return text


def any_text(tree: Tree, path: str) -> str | None:
    """Return what somebody wrote, as far as it can be read: a text is never lost because of half an emoji."""
    text = _plain(tree, path)
    return None if text is None else _NO_LETTER.sub("\ufffd", text)


def _plain(tree: Tree, path: str) -> str | None:
    """Return what is at a path as a text. An XML element with attributes counts by its text."""
    found = at(tree, path)
    if isinstance(found, Mapping):
        found = found.get("#")
    if isinstance(found, bool):
        return "true" if found else "false"
    return str(found) if isinstance(found, str | int) else None


def each(tree: Tree, path: str) -> Sequence[Tree]:
    """Return the things at a path: the items of a list, or the one that is there."""
    found = at(tree, path)
    if found is None:
        return ()
    return found if isinstance(found, list) else (found,)
