"""What a person should look at again in a service that was just typed in: each is possible, but mostly a mistake."""

import re
import unicodedata
from collections.abc import Iterator

from helpline.directory.hsds.ground import Ground
from helpline.directory.service import Service

GROWN_UP = 18
LATIN = frozenset({"en", "tk", "uz"})
"""Languages whose names are written in Latin letters. The others are written in Cyrillic."""
SHORTEST_STEM = 4
"""Letters of a place's name from which words that begin with it count as well: endings change it."""


def doubts(service: Service, ground: Ground) -> list[str]:
    """Return the names of everything that is doubtful, in the order of the form."""
    return list(dict.fromkeys(_doubts(service, ground)))


def _doubts(service: Service, ground: Ground) -> Iterator[str]:
    if any(_is_latin(name) is not (language in LATIN) for language, name in service.names.items() if _letters(name)):
        yield "script"
    if (service.hides_place or service.is_shelter) and _names_a_place(service, ground):
        yield "place_in_name"
    yield from _ages(service)
    if service.capacity == 0:
        yield "never_asked"


def _ages(service: Service) -> Iterator[str]:
    """Yield what contradicts itself about age (R23)."""
    only_children = service.serves == {"children"}
    from_, to = service.minimum_age or 0, service.maximum_age
    if from_ >= GROWN_UP and (only_children or service.child_safeguarding):
        yield "adults_and_children"
    minors_only = only_children or (to is not None and to < GROWN_UP)
    if minors_only and not service.child_safeguarding:
        yield "children_unprepared"


def _letters(name: str) -> list[str]:
    return [each for each in name if each.isalpha()]


def _is_latin(name: str) -> bool:
    """Whether most letters of a name are Latin: a name may have an abbreviation in the other script."""
    latin = sum(unicodedata.name(each, "").startswith("LATIN") for each in _letters(name))
    return latin * 2 > len(_letters(name))


def _names_a_place(service: Service, ground: Ground) -> bool:
    """Whether a name of the service says a region of the country (R41)."""
    words = {word.casefold() for name in service.names.values() for word in _words(name)}
    named = [name for region in ground.country.regions for name in region.name.values()]
    places = {word.casefold() for name in named for word in _words(name) if word[0].isupper()}  # "Osh" of "Osh city"
    stems = tuple(place for place in places if len(place) >= SHORTEST_STEM)
    return bool(words & places) or any(word.startswith(stems) for word in words)


def _words(name: str) -> list[str]:
    return re.findall(r"\w+", name)
