"""What one language adds to the book of a country: translations, lists to choose from, and the longest values."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from helpline.content.catalogs import BROWSER
from helpline.content.country import ABROAD
from helpline.content.country_file import CountryData, HelplineNumber
from helpline.content.gazetteer import Places
from helpline.content.sources import Sources
from helpline.core.config import Config
from helpline.core.languages import LANGUAGES, SOURCE, base_of
from menus.book import SERVICES, THERE, Catalog, Local, fill
from menus.gsm7 import fold, weigh
from menus.page_ends import MARK

LEFT_OUT = "services.open"
"""The notice with the hours of a service: where they do not fit, another takes its place at the hop."""
LONGEST_NAME = 24
"""The greatest length of a service's short name, in UCS-2 units."""


def settings_of(config: Config, country: CountryData) -> dict[str, str]:
    """Return the placeholders that have the same value at every hop of a deployment."""
    direct = _direct(country)
    return {
        "days": str(config.keep_days),
        "dial": country.short_code.dial,
        "emergency": ", ".join(line.shown for line in country.emergency if line.brief),
        "doctor": _doctor(country.emergency),
        "direct": direct.shown if direct else "",
        "sos": _sos(*country.emergency, *([direct] if direct else [])),
    }


def emergency_in(country: CountryData, code: str) -> tuple[HelplineNumber, ...]:
    """Return the emergency numbers of a country of work. Of a country that is not listed: what most phones can dial."""
    listed = next((place.numbers for place in country.abroad if place.code == code), ())
    return listed or (country.emergency_abroad,)


def settings_abroad(country: CountryData, code: str = "") -> dict[str, str]:
    """Return the placeholders that have another value for a caller abroad: only numbers that work there (R19)."""
    line, emergency = _direct(country), emergency_in(country, code)
    direct = line if line and line.number.startswith("+") else None
    return {
        "emergency": ", ".join(each.shown for each in emergency if each.brief),
        "doctor": _doctor(emergency),
        "direct": direct.shown if direct else "",
        "sos": _sos(*emergency, *([direct] if direct else [])),
    }


def numbers_of(lines: Iterable[HelplineNumber], notices: Mapping[str, str]) -> str:
    """Return emergency numbers, each with what it is, as a sentence begins: `Police 102, doctor 103`."""
    text = _named(lines, notices)
    return text[:1].upper() + text[1:]


def _named(lines: Iterable[HelplineNumber], notices: Mapping[str, str]) -> str:
    return ", ".join(f"{notices[f'numbers.{line.kind}']} {line.shown_both}" for line in lines if line.brief)


def readable_lines(country: CountryData, notices: Mapping[str, str], *, abroad: bool = False) -> str:
    """Return the lines that anybody can read, a sentence each: `To talk 189. For children 111`.

    A caller abroad cannot dial the short codes of home. Where nobody may be sure of a line to talk (one for women only
    is none), *Call me* is named.
    """
    shown = [line for line in country.lines if not line.struck_out and (line.number.startswith("+") or not abroad)]
    lines_read = (f"{notices[f'numbers.{line.kind}']} {line.shown}" for line in shown)
    ask = [] if any(line.kind == "talk" for line in shown) else [notices["numbers.call_me"]]
    return ". ".join([*lines_read, *ask])


def numbers_there(country: CountryData, notices: Mapping[str, str], language: str) -> dict[str, str]:
    """Return what may be read of each country of work: `Russia: our consul +7…, help 112`.

    First our embassies or consulates there, then what is dialled there in danger. Where no embassy is known, and of a
    country that is not listed: where to look for all of them.
    """
    names = {place.code: place.name.get(base_of(language), "") for place in country.abroad}
    found = {}
    for code, name in {**names, ABROAD: notices["places.elsewhere"]}.items():
        known = [line for line in country.embassies if line.country == code and not line.struck_out]
        ours = f"{_named(known, notices)}, {MARK} " if known else ""
        numbers = f"{name}: {ours}{_named(emergency_in(country, code), notices)}"
        found[code] = numbers if known else f"{numbers}. {notices['numbers.ask_embassy']}"
    return found


def _direct(country: CountryData) -> HelplineNumber | None:
    """Return the line to talk, if there is one. A sentence that would name it is left out where there is none."""
    line = country.direct_line
    return None if line is None or line.struck_out else line


def _doctor(lines: Sequence[HelplineNumber]) -> str:
    """Return what somebody ill or hurt dials. A number of the police is in it only where no other is known (R20)."""
    brief = [line for line in lines if line.brief]
    doctors = [line for line in brief if line.kind == "doctor"] or [line for line in brief if line.kind == "any"]
    return ", ".join(line.shown for line in doctors or brief)


def _sos(*lines: HelplineNumber) -> str:
    return f"SOS: {', '.join(f'{line.label} {line.shown_both}'.strip() for line in lines)}."


def catalog_of(sources: Sources, language: str) -> Catalog:
    """Return a language's translations but those for a browser: (path, English) → translation. Empty for English."""
    base = base_of(language)
    said = {} if base == SOURCE else sources.translation(base).catalog
    return {key: text for key, text in said.items() if not key[0].startswith(BROWSER)}


def local_of(
    sources: Sources, language: str, country: CountryData, offered: Sequence[str], settings: Mapping[str, str],
    catalog: Catalog | None = None,
) -> Local:  # fmt: skip
    """Return what a language adds to a book. `offered` are all languages of the book, in order."""
    base, words = base_of(language), sources.words
    catalog = catalog_of(sources, language) if catalog is None else catalog
    texts = sources.parsed.tree.notices
    notices = {name: catalog.get((t.path, t.english), t.english) for name, t in texts.items()}
    caller_words, our_words, places = words["caller"][base], words["ours"][base], sources.places(country)
    duty = country.legal_duty.text[base] if country.legal_duty else ""
    there = numbers_there(country, notices, language)
    own = {
        "duty": duty,
        "numbers": numbers_of(country.emergency, notices),
        "lines": readable_lines(country, notices),
        THERE: there[ABROAD],
    }
    lists = lists_of(country, language, offered, notices, caller_words, places)
    weights = longest(notices, {**settings, **own}, caller_words, our_words)
    return Local(catalog, lists, our_words, weights, own, there, partial(_found, places, language))


def _found(places: Places, language: str, typed: str, region: str) -> list[tuple[str, str]]:
    return [(found.code, found.label) for found in places.search(typed, language, region or None)]


def longest(
    notices: Mapping[str, str], settings: Mapping[str, str], caller_words: list[str], our_words: list[str]
) -> dict[str, str]:
    """Return the longest value of each placeholder that is filled at a hop."""
    values = {
        **settings, "drawn": "7", "code": "000000", "word": max(caller_words, key=len), "ours": max(our_words, key=len),
        "day": "30.12", "from": "08:00", "to": "12:00", "number": "0" * 15, "name": "x" * LONGEST_NAME,
        "weekday": "7",
    }  # fmt: skip
    said = {name: fill(text, values) for name, text in notices.items()}
    for section in ("promise", "status", "clinic", "shows", "today"):
        texts = (fill(text, values) for name, text in said.items() if name.startswith(f"{section}."))
        values[section] = max(texts, key=len, default="")
    one = (fill(text, values) for name, text in said.items() if name.startswith("services.") and name != LEFT_OUT)
    values |= dict.fromkeys(SERVICES, max(one, key=len, default=""))
    return values


Listed = Sequence[tuple[str, str]]
"""Pairs of (code to store, label to show), in the order of the screen."""


def lists_of(
    country: CountryData, language: str, offered: Sequence[str], notices: Mapping[str, str], words: Sequence[str],
    places: Places,
) -> dict[str, Listed]:  # fmt: skip
    """Return all lists of one language. `notices` are its texts, `words` the callers' words in it."""
    needs = [(name.removeprefix("needs."), said) for name, said in notices.items() if name.startswith("needs.")]
    return {
        "languages": [(code, LANGUAGES[code].name) for code in offered],
        "needs": [(code, fold(said, language)) for code, said in needs],
        "words": [(str(at), word) for at, word in enumerate(words)],
        **places_of(country, language, (notices["places.abroad"], notices["places.elsewhere"]), places),
    }


def places_of(
    country: CountryData, language: str, unknown: tuple[str, str], places: Places
) -> dict[str, Listed]:  # fmt: skip
    """Return the lists of places: regions with *abroad* and without, countries of work, each region's districts.

    `unknown` is what a country that is not known is called: after the regions, and after the countries of work.
    """
    base = base_of(language)
    abroad, elsewhere = ((ABROAD, fold(label, language)) for label in unknown)
    regions = [(region.code, fold(region.name[base], language)) for region in country.regions]
    districts = {code: [(each, places.name(each, language)) for each in places.districts(code)] for code, _ in regions}
    index = places.indices[language]
    longest = max((*index.labels, *index.elsewhere), key=weigh, default="")
    return {
        "regions": [*regions, abroad],
        "home_regions": regions,
        "abroad": [*((foreign.code, fold(foreign.name[base], language)) for foreign in country.abroad), elsewhere],
        "found": [("", longest)],
        **{f"districts.{code}": listed for code, listed in districts.items() if listed},
    }
