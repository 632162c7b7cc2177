"""Read and change the files of a language in a copy of the content."""

from pathlib import Path

from helpline.content import browser_texts, catalogs, console_texts, phone_texts, po
from helpline.content.po import Entry
from helpline.content.sources import read_sources
from helpline.content.translatable import worded

PO = Path("locale/ru/LC_MESSAGES/content.po")


def edit(path: Path, was: str, now: str) -> None:
    """Replace words that occur once in a file."""
    text = path.read_text("utf-8")
    assert text.count(was) == 1, text.count(was)
    path.write_text(text.replace(was, now), "utf-8")


def entry(root: Path, path: str) -> Entry:
    """Return the entry of a text in the Russian file."""
    found, faults = po.read(PO.name, (root / PO).read_bytes())
    assert faults == []
    return next(each for each in found.entries if each.context == path)


def all_texts(root: Path) -> catalogs.Wanted:
    """Return the texts for callers and services, and those for a browser."""
    parts = [browser_texts.wanted(root, part) for part in (console_texts.PART, phone_texts.PART)]
    browser = {path: each for part in parts for path, each in part.items() if worded(each[0])}
    return {**read_sources(root).wanted, **browser}
