"""What the database narrows services by: one word for each thing that a service has and a request may want. Pure.

Narrowing only saves work: whatever fits a request has a term of each of its groups, and
`helpline.matching.eligibility` decides. A property holds both together on either database. Where a fit does not depend
on a thing that one word can say (age, hours, what follows a call), there is no term for it.
"""

from helpline.core.languages import spoken
from helpline.directory.service import Service

EVERYWHERE = "*"
LONGEST = 40
"""Letters of a term that count, as many as its column holds."""

Groups = tuple[frozenset[str], ...]
"""A service is worth looking at that has at least one term of each group; the first group is to leave the fewest."""


def terms(service: Service) -> frozenset[str]:
    """Give the terms of a service, as they are stored beside it."""
    return frozenset({
        term_of("status", service.status), term_of("kind", service.kind),
        *(term_of("need", need) for need in service.needs),
        *(term_of("speaks", spoken(language)) for language in service.languages),
        *(term_of("region", region) for region in service.regions or {EVERYWHERE}),
        *(term_of("abroad", country) for country in service.abroad | ({EVERYWHERE} if service.abroad else set())),
        *(term_of("rings", sex) for sex in service.sexes),
        *(["child:yes"] if service.child_safeguarding else []),
    })  # fmt: skip


def term_of(kind: str, value: str) -> str:
    return f"{kind}:{value}"[:LONGEST]
