"""`komek translate extract` and `update`: the template, and the PO files brought up to date with it.

`komek translate draft`: what is missing in one alphabet, written from another; each text marked for a person.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from helpline.authoring.merge import merge
from helpline.authoring.room import rooms
from helpline.authoring.uzbek_cyrillic import from_latin
from helpline.content import catalogs, po
from helpline.content.glossary import Glossary
from helpline.content.po import Entry, Po
from helpline.content.sources import ROOT, read_sources
from helpline.content.translatable import Found, files_of, texts
from helpline.content.yaml_files import read_yaml
from helpline.core.languages import LANGUAGES, SOURCE, base_of
from menus.faults import ContentFaults

AWAITING = "awaiting a native reviewer"
REVIEW = "X-Komek-Review"


def bases() -> list[str]:
    """Give all languages that are translated."""
    return list(dict.fromkeys(language.base for language in LANGUAGES.values() if language.base != SOURCE))


def wanted_languages(given: Sequence[str]) -> list[str]:
    """Give the languages asked for, or all."""
    for code in given:
        if base_of(code) not in bases():
            raise click.BadParameter(f"there are {', '.join(bases())}", param_hint="LANG")
    return list(dict.fromkeys(map(base_of, given))) or bases()


def template(root: Path, language: str = "") -> list[Entry]:
    """Give all texts with what a translator should know; for a language, with its own terms and room."""
    glossary = Glossary.of(read_yaml(root / "glossary.yaml"))
    room = _room(root, language)
    return [_told(text, glossary, language, room.get(text.path, 0)) for text in texts(files_of(root), glossary)]


def _told(text: Found, glossary: Glossary, language: str, room: int) -> Entry:
    plain, chosen = glossary.notes(text.english), glossary.notes(text.english, language)
    words = dict(zip(plain, chosen, strict=True))
    entry = replace(text.entry(), notes=tuple(words.get(note, note) for note in text.notes))
    if not room:
        return entry
    flags = tuple(sorted((*entry.flags, f"max-length:{room}")))
    return replace(entry, flags=flags, notes=(*entry.notes, f"Room: {room} letters, placeholders as they are written."))


def _room(root: Path, language: str) -> dict[str, int]:
    """Give the room of each text. Raises `ContentFaults`: what cannot be shown cannot be measured."""
    countries = sorted(path.stem.upper() for path in (root / "countries").glob("*.yaml"))
    return rooms(read_sources(root), language, countries)


def write_template(root: Path = ROOT) -> str:
    """Write `content/locale/content.pot`; the same bytes where nothing changed."""
    path = root / "locale" / "content.pot"
    old = po.read(path.name, path.read_bytes())[0] if path.exists() else Po(Entry("", ""))
    entries = tuple(template(root))
    dated = old.headers().get("POT-Creation-Date") if old.entries == entries else None
    header = Entry("", "", _header("", dated or _now()), comments=("The texts of Komek, to be translated.",))
    return _put(path, Po(header, entries), root, f"{len(entries)} texts")


def update_language(language: str, root: Path = ROOT) -> str:
    """Bring one PO file up to date, or make it. Raises `ContentFaults` where the file is no PO file."""
    path = catalogs.file_of(root, language)
    fresh = Po(_first(language), ())
    old, faults = po.read(path.relative_to(root.parent).as_posix(), path.read_bytes()) if path.exists() else (fresh, [])
    if faults:
        raise ContentFaults(faults)
    new = merge(replace(old, header=_kept(old.header, language)), template(root, language))
    count = po.counted(new.entries)
    said = ", ".join(f"{count[kind]} {kind}" for kind in ("translated", "fuzzy", "missing"))
    return _put(path, new, root, said)


def _put(path: Path, file: Po, root: Path, said: str) -> str:
    text = po.write(file).encode()
    changed = not path.exists() or path.read_bytes() != text
    if changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    return f"{path.relative_to(root.parent)}: {said}{'' if changed else ' (unchanged)'}"


def _first(language: str) -> Entry:
    return Entry("", "", "", comments=(f"{LANGUAGES[language].name} ({language}): the texts of Komek.",))


def _kept(header: Entry, language: str) -> Entry:
    """Give the header with all its fields; what every file needs is added where it is missing."""
    there = dict(line.partition(": ")[::2] for line in header.said.splitlines())
    ours = dict(line.partition(": ")[::2] for line in _header(language, _now()).splitlines())
    rows = {**ours, **there, "Content-Type": ours["Content-Type"]}
    return replace(header, said="".join(f"{name}: {value}\n" for name, value in rows.items()))


def _header(language: str, dated: str) -> str:
    rows = {
        "Project-Id-Version": "Komek", "Report-Msgid-Bugs-To": "", "POT-Creation-Date": dated,
        "PO-Revision-Date": dated if language else "YEAR-MO-DA HO:MI+ZONE",
        "Last-Translator": AWAITING if language else "FULL NAME <EMAIL@ADDRESS>",
        "Language-Team": language or "LANGUAGE", "Language": language, "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit", REVIEW: AWAITING,
    }  # fmt: skip
    if not language:
        del rows[REVIEW]
    return "".join(f"{name}: {value}\n" for name, value in rows.items())


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M}+0000"


DRAFTS: Mapping[str, tuple[str, Callable[[str], str]]] = {"uz_Cyrl": ("uz", from_latin)}
"""Which languages can be drafted, from which, and how."""


def draft_language(language: str, root: Path = ROOT) -> str:
    """Fill what is missing in a PO file, and mark it as fuzzy: a guess is offered to nobody until somebody has read it.

    What is there already stays. Raises `ContentFaults` where a file is no PO file.
    """
    if language not in DRAFTS:
        raise click.BadParameter(f"can be drafted: {', '.join(DRAFTS)}", param_hint="LANG")
    source, written = DRAFTS[language]
    theirs = {entry.key: entry.said for entry in _read(root, source).entries if not (entry.fuzzy or entry.obsolete)}
    ours = _read(root, language)
    entries = tuple(_drafted(entry, written(theirs.get(entry.key, ""))) for entry in ours.entries)
    path = catalogs.file_of(root, language)
    path.write_text(po.write(replace(ours, entries=entries)), "utf-8")
    drafted = sum(new.said != old.said for new, old in zip(entries, ours.entries, strict=True))
    return f"{path.relative_to(root.parent)}: {drafted} drafted, {po.counted(entries)['missing']} missing"


def _drafted(entry: Entry, guess: str) -> Entry:
    if entry.said or entry.obsolete or not guess:
        return entry
    return replace(entry, said=guess, flags=("fuzzy", *entry.flags))


def _read(root: Path, language: str) -> Po:
    path = catalogs.file_of(root, language)
    found, faults = po.read(path.relative_to(root.parent).as_posix(), path.read_bytes())
    if faults:
        raise ContentFaults(faults)
    return found
