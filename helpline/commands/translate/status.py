"""`komek translate status`: the progress of each language in numbers, and the wordings not yet reviewed."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from helpline.commands.translate.update import AWAITING, REVIEW
from helpline.content import browser_texts, catalogs, console_texts, phone_texts, po
from helpline.content.browser_texts import Part
from helpline.content.loading import Content, print_content, reviews_of
from helpline.content.sources import ROOT, Sources, countries, load_country, read_sources
from helpline.core.config import Config
from helpline.core.languages import base_of

COUNTS = ("translated", "same", "fuzzy", "missing", "too_long")
COLUMNS = ("language", *COUNTS, "whole", "console", "phone_page", "unsigned", "unreviewed")


def progress(languages: Sequence[str], root: Path = ROOT) -> list[dict[str, Any]]:
    """Return one row per language (base code): counts of its texts, and of wordings not yet reviewed by topic.

    `same`: translated, but equal to the English. `console`: missing texts of the console. `phone_page`: those of the
    demo's page. `unsigned`: texts that a doctor, a lawyer or a psychologist must still sign. None of these keeps a
    language from callers.
    """
    sources = read_sources(root)
    books = [print_content(Config(country=code), sources) for code in countries(root)]
    return [_row(language, sources, root, books) for language in languages]


def _row(language: str, sources: Sources, root: Path, books: Sequence[tuple[Content, Sequence[Any]]]) -> dict[str, Any]:
    translation = sources.translation(language)
    entries = [entry for entry in translation.po.entries if not entry.context.startswith(catalogs.BROWSER)]
    count = po.count_by_state(entries)
    there = {entry.context for entry in translation.po.entries if not entry.obsolete}
    absent = sum(1 for path in sources.wanted if path not in there)
    long = {misfit.path for _, misfits in books for misfit in misfits if base_of(misfit.language) == language}
    offered = [c for c in countries(root) if language in map(base_of, load_country(root, c).languages)]
    return {
        "language": language,
        "translated": count["translated"],
        "same": sum(1 for entry in entries if entry.translation == entry.english and not entry.obsolete),
        "fuzzy": count["fuzzy"],
        "missing": count["missing"] + absent,
        "too_long": len(long),
        "long": sorted(long),
        "whole": not translation.faults and not long,
        "console": _missing(language, root, console_texts.PART),
        "phone_page": _missing(language, root, phone_texts.PART),
        "countries": offered,
        "unsigned": _unsigned(language, books),
        "unreviewed": dict(sorted(_unread(language, books).items())),
        "header": translation.po.headers().get(REVIEW, AWAITING),
    }


def _missing(language: str, root: Path, part: Part) -> int:
    """Return the number of texts for a browser without translation."""
    wanted = browser_texts.wanted(root, part)
    said = browser_texts.translation(root, language, wanted, part).catalog
    return sum(1 for _ in browser_texts.missing(wanted, said))


def _unread(language: str, books: Sequence[tuple[Content, Sequence[Any]]]) -> Counter[str]:
    """Count the wordings not yet reviewed by topic. A wording that several countries share counts once."""
    found = {
        (tongue, text)
        for content, _ in books
        for text, tongue in reviews_of(content).missing()
        if base_of(tongue) == language
    }
    return Counter(text.partition(".")[0] for _, text in found)


def _unsigned(language: str, books: Sequence[tuple[Content, Sequence[Any]]]) -> int:
    """Count the texts that wait for a signature. One that several countries share counts once."""
    found = [
        (tongue, text)
        for content, _ in books
        for tongue in content.book.languages
        if base_of(tongue) == language
        for text in reviews_of(content).unsigned(tongue)
    ]
    return len({*found})


def table(rows: Sequence[dict[str, Any]]) -> str:
    """Return the rows as a text table."""
    lines = [[name.replace("_", " ") for name in COLUMNS]]
    for row in rows:
        unread = ", ".join(f"{topic} {count}" for topic, count in row["unreviewed"].items()) or "none"
        counts = [str(row[name]) for name in ("language", *COUNTS)]
        pages = [f"{row[name]} missing" if row[name] else "whole" for name in ("console", "phone_page")]
        lines.append([*counts, "yes" if row["whole"] else "no", *pages, str(row["unsigned"]), unread])
    widths = [max(len(line[at]) for line in lines) for at in range(len(COLUMNS) - 1)]
    shown = [
        "  ".join([*(cell.ljust(w) for cell, w in zip(line[:-1], widths, strict=True)), line[-1]]) for line in lines
    ]
    long = [f"too long in {row['language']}: {', '.join(row['long'])}" for row in rows if row["long"]]
    return "\n".join([*shown, *long])
