"""What the database narrows services by: one word for each thing that a service has and a request may want. Pure.

Narrowing only saves work: whatever fits a request has a term of each of its groups, and `helpline.fit` decides. A
property holds both together on either database. Where a fit does not depend on a thing that one word can say (age,
hours, what follows a call), there is no term for it.
"""

from helpline.consent import NGO, STATE, covers
from helpline.directory import ABROAD, Country, Service
from helpline.fit import ANY_NEED
from helpline.languages import spoken
from helpline.request import SEXES, CallbackRequest
from helpline.wanted import CHILD

EVERYWHERE = "*"
LONGEST = 40
"""Letters of a term that count, as many as its column holds."""

Groups = tuple[frozenset[str], ...]
"""A service is worth looking at that has at least one term of each group; the first group is to leave the fewest."""


def terms(service: Service) -> frozenset[str]:
    """Give the terms of a service, as they are stored beside it."""
    return frozenset({
        _term("status", service.status), _term("kind", service.kind),
        *(_term("need", need) for need in service.needs),
        *(_term("speaks", spoken(language)) for language in service.languages),
        *(_term("region", region) for region in service.regions or {EVERYWHERE}),
        *(_term("abroad", country) for country in service.abroad | ({EVERYWHERE} if service.abroad else set())),
        *(_term("rings", sex) for sex in service.sexes),
        *(["child:yes"] if service.child_safeguarding else []),
    })  # fmt: skip


def wanted(request: CallbackRequest, country: Country) -> Groups:
    """Give the groups of a request: those that leave few first."""
    need = request.need or "talk"
    kinds = {kind for kind in (NGO, STATE) if covers(kind, request.expires, request.created, request.state_line)}
    groups = [
        _place(request.place, country),
        frozenset(() if need == ANY_NEED else {_term("need", need)}),
        frozenset({_term("speaks", request.speaks)}),
        frozenset({_term("rings", request.operator_sex)} if request.operator_sex in SEXES else ()),
        frozenset({"child:yes"} if request.age_band == CHILD else ()),
        frozenset(_term("kind", kind) for kind in kinds),
        frozenset({_term("status", "active")}),
    ]
    return tuple(group for group in groups if group)


def wanted_for_health(place: str, country: Country) -> Groups:
    """Give the groups of whoever looks for the nearest service for health (R15)."""
    return (
        _place(place, country),
        frozenset({_term("need", "health")}),
        frozenset({_term("kind", NGO)}),
        frozenset({_term("status", "active")}),
    )


def _place(place: str, country: Country) -> frozenset[str]:
    if country.is_abroad(place):
        return frozenset({_term("abroad", EVERYWHERE if place == ABROAD else place)})
    there = place or country.capital
    return frozenset(_term("region", code) for code in (there, country.region_of(there), EVERYWHERE))


def _term(kind: str, value: str) -> str:
    return f"{kind}:{value}"[:LONGEST]
