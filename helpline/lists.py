"""What may be chosen from lists, in one language: languages, needs, words, and the places of a country."""

from collections.abc import Mapping, Sequence

from helpline.country import CountryData
from helpline.directory import ABROAD
from helpline.languages import LANGUAGES, base_of
from helpline.places import Places
from menus.gsm7 import fold, weigh

Listed = Sequence[tuple[str, str]]
"""(code kept, label shown), in the order to offer them."""


def lists_of(
    country: CountryData, language: str, offered: Sequence[str], notices: Mapping[str, str], words: Sequence[str],
    places: Places,
) -> dict[str, Listed]:  # fmt: skip
    """Give every list of one language. `notices` are its texts, `words` the caller's words in it."""
    needs = [(name.removeprefix("needs."), said) for name, said in notices.items() if name.startswith("needs.")]
    return {
        "languages": [(each, LANGUAGES[each].name) for each in offered],
        "needs": [(code, fold(said, language)) for code, said in needs],
        "words": [(str(at), word) for at, word in enumerate(words)],
        **places_of(country, language, notices["places.abroad"], places),
    }


def places_of(country: CountryData, language: str, abroad: str, places: Places) -> dict[str, Listed]:
    """Give the lists of places: regions and *abroad*, countries of work, districts of each region that has some."""
    base = base_of(language)
    regions = [(region.code, fold(region.name[base], language)) for region in country.regions]
    districts = {code: [(each, places.name(each, language)) for each in places.districts(code)] for code, _ in regions}
    longest = max(places.indices[language].labels, key=weigh, default="")
    return {
        "regions": [*regions, (ABROAD, fold(abroad, language))],
        "abroad": [(there.code, fold(there.name[base], language)) for there in country.abroad],
        "found": [("", longest)],
        **{f"districts.{code}": listed for code, listed in districts.items() if listed},
    }
