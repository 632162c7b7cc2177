"""What a directory is checked against: its country, the places there, the day, and whether this is the demo."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

import phonenumbers

from helpline.content.country_file import CountryData
from helpline.content.gazetteer import FILE, Place, read
from helpline.core.languages import LANGUAGES, base_of, spoken
from helpline.core.phone_numbers import country_of, is_withheld, msisdn

ISO_639_3 = {"eng": "en", "rus": "ru", "kaz": "kk", "kir": "ky", "tgk": "tg", "uzb": "uz", "tuk": "tk"}
"""HSDS `language.code` may also have three letters."""
PUNCTUATION = str.maketrans("", "", " \t\u00a0()-./\"'")


@dataclass(frozen=True)
class Ground:
    """What a directory is checked against."""

    country: CountryData
    today: date
    demo: bool
    """Whether made-up telephone numbers are valid."""
    places: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Each code below the regions, with the codes of all places in it."""

    @cached_property
    def regions(self) -> frozenset[str]:
        """Codes of its regions."""
        return frozenset(each.code for each in self.country.regions)

    @cached_property
    def abroad(self) -> frozenset[str]:
        """Codes of the countries where its people work."""
        return frozenset(each.code for each in self.country.abroad)

    @cached_property
    def bases(self) -> tuple[str, ...]:
        """The languages in which a service can have a name: those of the first screen, each in one script."""
        return tuple(dict.fromkeys(base_of(language) for language in self.country.languages))

    def number(self, written: str) -> str:
        """Return a typed telephone number as E.164; empty if no country has such a number.

        In the demo, made-up numbers are valid as well.
        """
        *national, made_up = readings(written, self.country.code)
        if self.demo and made_up.startswith(self.country.made_up) and not is_withheld(msisdn(made_up)):
            return made_up
        return next((number for number in (*national, made_up) if country_of(msisdn(number))), "")

    def language(self, code: str) -> str:
        """Return our code of a language; an unknown code stays as it is."""
        low = code.strip().replace("-", "_")
        low = ISO_639_3.get(low.lower(), low)
        return next((known for known in LANGUAGES if known.lower() == low.lower()), low.lower())

    def text_language(self, code: str) -> str:
        """Return the offered language in which to text somebody who reads `code`; empty if there is none."""
        offered = self.country.languages
        alike = (language for language in offered if spoken(language) == spoken(code))
        return code if code in offered else next(alike, "")


def readings(written: str, country: str) -> list[str]:
    """Return what a telephone number can mean in a country, as E.164: first as dialled there, last as it is written."""
    bare = written.translate(PUNCTUATION)
    bare = f"+{bare[2:]}" if bare.startswith("00") else bare
    whole = bare if bare.startswith("+") else f"+{bare}"
    try:
        parsed = phonenumbers.parse(bare, country)
    except phonenumbers.NumberParseException:
        return [whole]
    return [phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164), whole]


def places_of(root: Path, country: CountryData) -> dict[str, frozenset[str]]:
    """Return the places of a country below its regions from the content folder: each district with its towns."""
    return _with_towns([place for place in read(root / FILE, country.code, {}) if place.kind != "region"])


def _with_towns(places: Iterable[Place]) -> dict[str, frozenset[str]]:
    towns: dict[str, set[str]] = {}
    for place in places:
        towns.setdefault(place.id, set())
        if place.district:
            towns.setdefault(place.district, set()).add(place.id)
    return {code: frozenset(inside) for code, inside in towns.items()}
