"""Search terms: one word for each property of a service that a request may need. Pure.

The database narrows services by them. That only saves work: a service that fits a request has a term of each of its
groups, and `helpline.matching.eligibility` decides. A property test holds both together on either database. What one
word cannot say (age, hours, what follows a call) has no term.
"""

from collections.abc import Collection

from helpline.core.languages import spoken
from helpline.directory.service import Service

EVERYWHERE = "*"
LONGEST = 40
"""Letters of a term that count: the length of its column."""

Groups = tuple[frozenset[str], ...]
"""A service is a candidate if it has at least one term of each group. The first group is to leave the fewest
services."""


def terms(service: Service) -> frozenset[str]:
    """Return the terms of a service, as they are stored with it."""
    return frozenset({
        term_of("status", service.status), term_of("kind", service.kind),
        *(term_of("need", need) for need in service.needs),
        *(term_of("speaks", spoken(language)) for language in service.languages),
        *(term_of("region", region) for region in service.regions or {EVERYWHERE}),
        *(term_of("abroad", country) for country in service.abroad | ({EVERYWHERE} if service.abroad else set())),
        *(term_of("rings", sex) for sex in service.sexes),
        *(["child:yes"] if service.child_safeguarding else []),
    })  # fmt: skip


def groups(**values: Collection[str]) -> Groups:
    """Return one group of terms for each kind that has values, in the order given."""
    return tuple(frozenset(term_of(kind, value) for value in found) for kind, found in values.items() if found)


def term_of(kind: str, value: str) -> str:
    """Return a term, cut to the length of its column."""
    return f"{kind}:{value}"[:LONGEST]
