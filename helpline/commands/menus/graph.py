"""`komek graph`: the menus as a drawing, and the pages in `docs/menus` that show it.

It reads the menus alone, so that it also draws content that is being worked on and does not fit yet.
"""

from collections.abc import Iterator
from pathlib import Path

from helpline.content.language_pack import settings_of
from helpline.content.sources import ROOT, Sources, load_country
from helpline.core.config import Config
from helpline.core.languages import LANGUAGES, SOURCE, base_of
from menus.book import fill
from menus.faults import unknown
from menus.graph import Say, draw, mermaid, overview, topics, ways
from menus.tree import Text, Tree

PAGES = ROOT.parent / "docs" / "menus"
WRITE = "./komek graph --write"
LEGEND = """\
Box: a question with keys · double edge: a list from data · slanted: something is typed · round corners: text to read ·
oval: the call ends (thick: and something is done) · diamond: not shown, goes where an earlier answer says · dashed:
another topic. Behind each screen there are also `0` (back) and `00` (home), which are not drawn."""


def say_in(sources: Sources, language: str, country: str = "") -> Say:
    """Give what says a text in a language; of a country, with its numbers in place of their placeholders.

    What is not translated is said in English. Raises ValueError for a language that there is none of, `ContentFaults`
    for such a country.
    """
    if language not in LANGUAGES:
        raise ValueError(unknown("language", language, LANGUAGES))
    base = base_of(language)
    catalog = {} if base == SOURCE else sources.translation(base).catalog
    settings = settings_of(Config(country=country), load_country(sources.root, country)) if country else {}

    def say(text: Text) -> str:
        return fill(catalog.get((text.path, text.english), "") or text.english, settings)

    return say


def pages(tree: Tree, root: Path = ROOT) -> dict[str, str]:
    """Give the pages of `docs/menus` by file name: one for each topic, and one of all topics."""
    made = {f"{topic}.md": _topic_page(tree, topic, root) for topic in topics(tree)}
    return {"README.md": _overview_page(tree, root)} | made


def stale(tree: Tree, root: Path = ROOT, folder: Path = PAGES) -> list[str]:
    """Name the pages that are missing, not as the content is now, or of a topic that there is no more."""
    wanted = pages(tree, root)
    there = {path.name: path.read_text("utf-8") for path in folder.glob("*.md")}
    return sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))


def write(tree: Tree, root: Path = ROOT, folder: Path = PAGES) -> list[str]:
    """Bring the pages up to date; give the names of those that changed."""
    changed, wanted = stale(tree, root, folder), pages(tree, root)
    folder.mkdir(parents=True, exist_ok=True)
    for name in changed:
        if name in wanted:
            (folder / name).write_text(wanted[name], "utf-8")
        else:
            (folder / name).unlink()
    return changed


def about(topic: str, root: Path = ROOT) -> str:
    """Give what the first lines of a topic's file say about it."""
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
        mine = [screen for name, screen in tree.screens.items() if name.startswith(f"{topic}.")]
        keys = sum(len(list(ways(tree, screen))) for screen in mine)
        rows.append(f"| [{topic}]({topic}.md) | {len(mine)} | {keys} | {about(topic, root).replace('|', '/')} |")
    made = f"<!-- Made from content/menus/ by `{WRITE}`. -->"
    drawing = f"The number on an arrow says how many ways lead there.\n\n```mermaid\n{mermaid(overview(tree))}```"
    table = "\n".join(rows)
    return "\n\n".join([made, "# The menus", table, drawing, "In the drawing of a topic:", LEGEND]) + "\n"
