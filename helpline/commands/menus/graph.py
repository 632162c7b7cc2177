"""`komek graph`: the menus as a diagram, and the pages in `docs/menus`.

It reads only the menus, so that it also draws unfinished content whose screens are still too long.
"""

from collections.abc import Iterator
from pathlib import Path

from helpline.content.language_pack import numbers_of, numbers_there, readable_lines, settings_of
from helpline.content.sources import ROOT, Sources, load_country
from helpline.core.config import Config
from helpline.core.languages import LANGUAGES, SOURCE, base_of
from menus.book import THERE, fill
from menus.faults import unknown
from menus.graph import Say, draw, mermaid, overview, topics, ways
from menus.page_ends import plain
from menus.tree import Text, Tree

PAGES = ROOT.parent / "docs" / "menus"
WRITE = "./komek graph --write"
LEGEND = """\
Box: a question with keys · double edge: a list from data · slanted: something is typed · round corners: text to read ·
oval: the call ends (thick: and something is done) · diamond: not shown, goes where an earlier answer says · dashed:
another topic. Behind each screen there are also `0` (back) and `00` (home), which are not drawn."""


def say_in(sources: Sources, language: str, country: str = "") -> Say:
    """Return a function that gives a text in a language; with a country, its numbers are filled in.

    A text without translation is in English. Raise `ValueError` for an unknown language, and `ContentFaults` for an
    unknown country.
    """
    if language not in LANGUAGES:
        raise ValueError(unknown("language", language, LANGUAGES))
    base = base_of(language)
    catalog = {} if base == SOURCE else sources.translation(base).catalog
    notices = sources.parsed.tree.notices
    said = {name: catalog.get((text.path, text.english), "") or text.english for name, text in notices.items()}
    data = load_country(sources.root, country) if country else None
    settings = settings_of(Config(country=country), data) if data else {}
    if data:
        settings |= {"numbers": numbers_of(data.emergency, said), "lines": readable_lines(data, said)}
        settings |= {THERE: next(iter(numbers_there(data, said, language).values()))}

    def say(text: Text) -> str:
        return plain(fill(catalog.get((text.path, text.english), "") or text.english, settings))

    return say


def pages(tree: Tree, root: Path = ROOT) -> dict[str, str]:
    """Return the pages of `docs/menus` by file name: one per topic, and one of all topics."""
    made = {f"{topic}.md": _topic_page(tree, topic, root) for topic in topics(tree)}
    return {"README.md": _overview_page(tree, root)} | made


def stale(tree: Tree, root: Path = ROOT, folder: Path = PAGES) -> list[str]:
    """Return the names of pages that are missing, out of date, or of a topic that no longer exists."""
    wanted = pages(tree, root)
    there = {path.name: path.read_text("utf-8") for path in folder.glob("*.md")}
    return sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))


def write(tree: Tree, root: Path = ROOT, folder: Path = PAGES) -> list[str]:
    """Update the pages and return the names of those that changed."""
    changed, wanted = stale(tree, root, folder), pages(tree, root)
    folder.mkdir(parents=True, exist_ok=True)
    for name in changed:
        if name in wanted:
            (folder / name).write_text(wanted[name], "utf-8")
        else:
            (folder / name).unlink()
    return changed


def about(topic: str, root: Path = ROOT) -> str:
    """Return the comment at the top of a topic's file."""
    return " ".join(_comment((root / "menus" / f"{topic}.yaml").read_text("utf-8")))


def _comment(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if not line.startswith("#"):
            return
        if not line.startswith("# yaml-language-server:"):
            yield line.removeprefix("#").strip()


def _topic_page(tree: Tree, topic: str, root: Path) -> str:
    made = f"<!-- Made from content/menus/{topic}.yaml by `{WRITE}`. Change that file, not this one. -->"
    drawing = f"```mermaid\n{mermaid(draw(tree, topic))}```"
    return "\n\n".join([made, f"# {topic}", about(topic, root), drawing, "[All topics](README.md)"]) + "\n"


def _overview_page(tree: Tree, root: Path) -> str:
    rows = ["| topic | screens | ways on | |", "|---|---|---|---|"]
    for topic in topics(tree):
        screens = [screen for name, screen in tree.screens.items() if name.startswith(f"{topic}.")]
        keys = sum(len(list(ways(tree, screen))) for screen in screens)
        rows.append(f"| [{topic}]({topic}.md) | {len(screens)} | {keys} | {about(topic, root).replace('|', '/')} |")
    made = f"<!-- Made from content/menus/ by `{WRITE}`. -->"
    drawing = f"The number on an arrow says how many ways lead there.\n\n```mermaid\n{mermaid(overview(tree))}```"
    table = "\n".join(rows)
    return "\n\n".join([made, "# The menus", table, drawing, "In the drawing of a topic:", LEGEND]) + "\n"
