"""`komek translate extract`, `update` and `draft`: write the template, update PO files from it, draft another alphabet.

A draft is a transliteration that is marked as fuzzy, so that a person must review it.
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
    """Return all languages with translations."""
    return list(dict.fromkeys(language.base for language in LANGUAGES.values() if language.base != SOURCE))


def wanted_languages(given: Sequence[str]) -> list[str]:
    """Return the given languages, or all."""
    for code in given:
        if base_of(code) not in bases():
            raise click.BadParameter(f"choose from {', '.join(bases())}", param_hint="LANG")
    return list(dict.fromkeys(map(base_of, given))) or bases()


def template(root: Path, language: str = "") -> list[Entry]:
    """Return all texts with notes for translators. With a language, add its own terms and the room for each text."""
    glossary = Glossary.of(read_yaml(root / "glossary.yaml"))
    room = _room(root, language)
    return [_with_notes(text, glossary, language, room.get(text.path, 0)) for text in texts(files_of(root), glossary)]


def _with_notes(text: Found, glossary: Glossary, language: str, room: int) -> Entry:
    plain, chosen = glossary.notes(text.english), glossary.notes(text.english, language)
    words = dict(zip(plain, chosen, strict=True))
    entry = replace(text.entry(), notes=tuple(words.get(note, note) for note in text.notes))
    if not room:
        return entry
    flags = tuple(sorted((*entry.flags, f"max-length:{room}")))
    return replace(entry, flags=flags, notes=(*entry.notes, f"Room: {room} letters, placeholders as they are written."))


def _room(root: Path, language: str) -> dict[str, int]:
    """Return the room of each text. Raise `ContentFaults` if the content cannot be shown, and so not be measured."""
    countries = sorted(path.stem.upper() for path in (root / "countries").glob("*.yaml"))
    return rooms(read_sources(root), language, countries)


def write_template(root: Path = ROOT) -> str:
    """Write `content/locale/content.pot`. It has the same bytes if nothing changed."""
    path = root / "locale" / "content.pot"
    old = po.read(path.name, path.read_bytes())[0] if path.exists() else Po(Entry("", ""))
    entries = tuple(template(root))
    dated = old.headers().get("POT-Creation-Date") if old.entries == entries else None
    header = Entry("", "", _header("", dated or _now()), comments=("The texts of Komek, to be translated.",))
    return _put(path, Po(header, entries), root, f"{len(entries)} texts")


def update_language(language: str, root: Path = ROOT) -> str:
    """Update or make one PO file. Raise `ContentFaults` if the file is not a valid PO file."""
    path = catalogs.file_of(root, language)
    fresh = Po(_first(language), ())
    old, faults = po.read(path.relative_to(root.parent).as_posix(), path.read_bytes()) if path.exists() else (fresh, [])
    if faults:
        raise ContentFaults(faults)
    new = merge(replace(old, header=_kept(old.header, language)), template(root, language))
    count = po.count_by_state(new.entries)
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
    """Return the header with all its fields, and with missing standard fields added."""
    present = dict(line.partition(": ")[::2] for line in header.translation.splitlines())
    standard = dict(line.partition(": ")[::2] for line in _header(language, _now()).splitlines())
    rows = {**standard, **present, "Content-Type": standard["Content-Type"]}
    return replace(header, translation="".join(f"{name}: {value}\n" for name, value in rows.items()))


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
"""The languages that can be drafted, with the source language and the transliteration."""


def draft_language(language: str, root: Path = ROOT) -> str:
    """Draft the missing texts of a PO file as fuzzy: callers do not see them until somebody has reviewed them.

    Existing translations stay. Raise `ContentFaults` if a file is not a valid PO file.
    """
    if language not in DRAFTS:
        raise click.BadParameter(f"choose one of {', '.join(DRAFTS)}", param_hint="LANG")
    source, transliterate = DRAFTS[language]
    usable = (entry for entry in _read(root, source).entries if not (entry.fuzzy or entry.obsolete))
    sources = {entry.key: entry.translation for entry in usable}
    present = _read(root, language)
    entries = tuple(_drafted(entry, transliterate(sources.get(entry.key, ""))) for entry in present.entries)
    path = catalogs.file_of(root, language)
    path.write_text(po.write(replace(present, entries=entries)), "utf-8")
    drafted = sum(new.translation != old.translation for new, old in zip(entries, present.entries, strict=True))
    return f"{path.relative_to(root.parent)}: {drafted} drafted, {po.count_by_state(entries)['missing']} missing"


def _drafted(entry: Entry, guess: str) -> Entry:
    if entry.translation or entry.obsolete or not guess:
        return entry
    return replace(entry, translation=guess, flags=("fuzzy", *entry.flags))


def _read(root: Path, language: str) -> Po:
    path = catalogs.file_of(root, language)
    found, faults = po.read(path.relative_to(root.parent).as_posix(), path.read_bytes())
    if faults:
        raise ContentFaults(faults)
    return found
