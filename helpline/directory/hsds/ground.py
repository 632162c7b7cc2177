"""What a directory is checked against: the country that it is for, its places, the day, whether this is the demo."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

import phonenumbers

from helpline.content.country_file import CountryData
from helpline.content.gazetteer import FILE, Place, read
from helpline.core.languages import LANGUAGES, base_of, spoken
from helpline.core.phone_numbers import country_of, msisdn

ISO_639_3 = {"eng": "en", "rus": "ru", "kaz": "kk", "kir": "ky", "tgk": "tg", "uzb": "uz", "tuk": "tk"}
"""HSDS `language.code` may be of three letters, too."""
PUNCTUATION = str.maketrans("", "", " \t\u00a0()-./\"'")


@dataclass(frozen=True)
class Ground:
    """A country. `places`: each code below the regions with the codes of all that lies in it; `demo`: numbers count
    that exist nowhere."""

    country: CountryData
    today: date
    demo: bool
    places: Mapping[str, frozenset[str]] = field(default_factory=dict)

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
        """The languages that names must be in: those of its first screen, each in one kind of letters."""
        return tuple(dict.fromkeys(base_of(language) for language in self.country.languages))

    def number(self, written: str) -> str:
        """Read a telephone number as people write it, as E.164; empty where no country has it.

        In the demo numbers that exist nowhere count, too.
        """
        *national, made_up = readings(written, self.country.code)
        if self.demo and made_up.startswith(self.country.made_up) and made_up[1:].isdigit():
            return made_up
        return next((number for number in (*national, made_up) if country_of(msisdn(number))), "")

    def language(self, code: str) -> str:
        """Give our code of a language; one that we do not know stands for itself."""
        low = code.strip().replace("-", "_")
        low = ISO_639_3.get(low.lower(), low)
        return next((known for known in LANGUAGES if known.lower() == low.lower()), low.lower())

    def text_language(self, code: str) -> str:
        """Give the language on offer in which one who reads `code` can be written to; empty where there is none."""
        offered = self.country.languages
        alike = (language for language in offered if spoken(language) == spoken(code))
        return code if code in offered else next(alike, "")


def readings(written: str, country: str) -> list[str]:
    """Give what a telephone number can mean in a country, as E.164: as one dials it there, and last as it stands."""
    bare = written.translate(PUNCTUATION)
    bare = f"+{bare[2:]}" if bare.startswith("00") else bare
    whole = bare if bare.startswith("+") else f"+{bare}"
    try:
        parsed = phonenumbers.parse(bare, country)
    except phonenumbers.NumberParseException:
        return [whole]
    return [phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164), whole]


def places_of(root: Path, country: CountryData) -> dict[str, frozenset[str]]:
    """Read the places of a country below its regions from the content folder `root`: a district with its towns."""
    return _with_towns([place for place in read(root / FILE, country.code, {}) if place.kind != "region"])


def _with_towns(places: Iterable[Place]) -> dict[str, frozenset[str]]:
    towns: dict[str, set[str]] = {}
    for place in places:
        towns.setdefault(place.id, set())
        if place.district:
            towns.setdefault(place.district, set()).add(place.id)
    return {code: frozenset(inside) for code, inside in towns.items()}
