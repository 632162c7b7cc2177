"""`komek translate draft`: what is missing in one alphabet, written from another; each text marked for a person."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import click

from helpline import catalogs, po
from helpline.cyrillic import from_latin
from helpline.po import Entry, Po
from helpline.sources import ROOT
from menus.faults import ContentFaults

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
