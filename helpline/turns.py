"""Which of the services that fit are asked only after others, and why. Pure."""

from helpline.directory import Service
from helpline.fit import wants_papers
from helpline.wanted import OF_AGE, SEXES_SERVED, Wanted
from menus.draft import NOT_SAID

LATER = (
    "her request was handed to another",
    "age was not said, and it is not prepared for children",
    "it is not for everybody, and nobody knows whether it is for her",
    "it wants to see papers",
    "place was not said, and it is not for the whole country",
)
"""Why a service that fits is asked only after all others of which this is not true. The first weighs most: R23 before
R42, since a child's safety goes before a refusal that costs a day."""


def later(service: Service, wanted: Wanted) -> tuple[bool, ...]:
    """Give what to sort services by before their distance: whether each reason of `LATER` holds.

    Asked of every candidate, so what a service does not have is not looked into.
    """
    request = wanted.request
    return (
        bool(request.handed_to) and service.id != request.handed_to,
        request.age_band == NOT_SAID and not service.child_safeguarding,
        bool(service.serves or service.minimum_age or service.maximum_age) and not _for_her(service, wanted),
        bool(service.documents) and wants_papers(service),
        bool(service.regions) and not request.place,
    )


def _for_her(service: Service, wanted: Wanted) -> bool:
    """Tell whether a service is known to be for her: for everybody, or for a group and an age that she has named."""
    least, most, serves = service.minimum_age, service.maximum_age, service.serves
    if wanted.request.age_band == NOT_SAID and ((least or 0) >= OF_AGE or (most is not None and most < OF_AGE)):
        return False
    return not serves or bool(serves & wanted.groups) or serves >= SEXES_SERVED
