"""Read `content/` from disk: what all countries share (once), and the data of one country."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import ValidationError

from helpline.content import catalogs
from helpline.content.country import Country
from helpline.content.country_file import CountryData
from helpline.content.gazetteer import FILE as PLACES
from helpline.content.gazetteer import Places
from helpline.content.gazetteer import read as read_places
from helpline.content.reviews import Mark as ReviewMark
from helpline.content.reviews import marks_of
from helpline.content.signers import read_signers
from helpline.content.yaml_files import read_yaml
from menus.book import AT_HOP
from menus.faults import ContentFaults, Fault
from menus.parse import Parsed, read

ROOT = Path(__file__).parents[2] / "content"
SETTINGS = frozenset({"days", "emergency", "doctor", "direct", "sos", "numbers", "lines", "there", "duty", "dial"})
IN_NOTICES = frozenset({
    "day", "weekday", "from", "to", "offer", "place", "speaks", "need", "window", "others", "message", "sms", "name",
    "number", "count", "first", "again", "head", "month", "asked", "taken", "declined", "silent", "reached",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sources:
    """The content that all countries share. It is read once."""

    root: Path
    parsed: Parsed
    wanted: catalogs.Wanted
    words: Mapping[str, Mapping[str, list[str]]]
    keywords: Mapping[str, object]
    reviews: tuple[ReviewMark, ...]
    signers: Mapping[str, tuple[str, ...]]
    translation: catalogs.Reader
    digest: str
    gazetteers: dict[str, Places] = field(default_factory=dict)

    def places(self, country: CountryData) -> Places:
        """Return the places of a country. They are read once.

        Raise `OSError`, `KeyError` or `ValueError` if the file is not valid.
        """
        if country.code not in self.gazetteers:
            names = {region.code: region.name for region in country.regions}
            self.gazetteers[country.code] = Places.load(self.root, country.code, names, country.languages)
        return self.gazetteers[country.code]


def read_sources(root: Path = ROOT) -> Sources:
    """Read the menus, words, keywords, review marks and signers. Raise `ContentFaults` if they are not valid."""
    parsed = read(_texts(root, "menus/*.yaml"), _texts(root, "notices.yaml"), AT_HOP | SETTINGS | IN_NOTICES)
    words, keywords, reviews = (read_yaml(root / f"{name}.yaml") for name in ("words", "keywords", "reviews"))
    wanted, marks = catalogs.wanted_of(parsed), marks_of(reviews["marks"])
    signers, translations = read_signers(root, parsed.tree.screens), catalogs.reader(root, wanted)
    return Sources(root, parsed, wanted, words, keywords, marks, signers, translations, digest_of(root))


def countries(root: Path = ROOT) -> list[str]:
    """Return the codes of all countries that have content."""
    return sorted(path.stem.upper() for path in (root / "countries").glob("*.yaml"))


def load_country(root: Path, code: str, languages: Collection[str] = ()) -> CountryData:
    """Read one country, in all its languages or in those that are named (`KOMEK_LANGUAGES`).

    Raise `ContentFaults` if it does not exist or is not valid, or if it does not have a language.
    """
    path = root / "countries" / f"{code.lower()}.yaml"
    if not path.exists():
        what = f"there is no country {code}; use one of: {', '.join(countries(root))}"
        raise ContentFaults([Fault(f"content/countries/{path.name}", 1, 1, what)])
    try:
        country = CountryData.model_validate(read_yaml(path))
    except ValidationError as error:
        places = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False)]
        raise ContentFaults([Fault(f"content/countries/{path.name}", 1, 1, what) for what in places]) from None
    if unknown := [each for each in languages if each not in country.languages]:
        what = f"KOMEK_LANGUAGES: {', '.join(unknown)} is not offered; choose from {', '.join(country.languages)}"
        raise ContentFaults([Fault(f"content/countries/{path.name}", 1, 1, what)])
    return country.offering(languages) if languages else country


def matching_of(root: Path, country: CountryData) -> Country:
    """Return the country's data that the console needs. Places have their region, but cannot be searched by name.

    Raise `OSError`, `KeyError` or `ValueError` if the file of places is not valid.
    """
    names = {region.code: region.name for region in country.regions}
    known = {place.id: place for place in read_places(root / PLACES, country.code, names)}
    return replace(country.for_matching, places=Places(known, {}))


def texts_of(parsed: Parsed) -> dict[str, str]:
    """Return every text that is translated, by its path (the msgctxt)."""
    return {path: english for path, (english, _) in catalogs.wanted_of(parsed).items()}


def digest_of(root: Path) -> str:
    """Return the hash of the content. It is stored with each consent as the version that the caller agreed to."""
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted(p for p in root.rglob("*") if p.suffix in {".yaml", ".po", ".jsonl"}):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def version_of(digest: str, languages: Collection[str]) -> str:
    """Return the version of the content when only these languages of the country are offered (none: all).

    The keys of the first screen depend on them, so a call from before a change of them must not go on as it was.
    """
    told = " ".join([digest, *sorted(languages)])
    return hashlib.blake2b(told.encode(), digest_size=8).hexdigest() if languages else digest


def _texts(root: Path, pattern: str) -> dict[str, str]:
    return {path.relative_to(root.parent).as_posix(): path.read_text("utf-8") for path in sorted(root.glob(pattern))}
