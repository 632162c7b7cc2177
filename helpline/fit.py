"""Whether one service fits one request, and which of those that fit are asked only after others. Pure.

Each question has a function of its own, named after what it asks, with the rule it comes from. Nothing unsaid is
guessed: half a draft is read as the rules say (no need is *talk*, no place is the whole country, then the capital).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from operator import attrgetter

from helpline.consent import STATE, covers
from helpline.contact import AHEAD_DAYS, LAST_MINUTES, NOW, Span, windows
from helpline.directory import ACTIVE, Country, Service
from helpline.languages import spoken
from helpline.nearest import Point
from helpline.request import SEXES, CallbackRequest
from menus.draft import NO, NOT_SAID, YES

OF_AGE = 18
"""Years. Younger people go only to services that are prepared for children (R23)."""
CHILD, ADULT = "under_18", "adult"
GROUP = {"woman": "women", "man": "men"}
"""What `service.serves` calls somebody of this sex."""
SEXES_SERVED = frozenset(GROUP.values())
TO_BE_READ = frozenset({"reports_to_police", "may_contact_offender", "registers_identity"})
"""What may follow a call that she must have read of and confirmed before (R21)."""
OFFENDER, OFFICIAL = "may_contact_offender", "needs_official_status"
DANGER = frozenset({NOW, "soon"})
ANY_NEED = "not_sure"
NO_PAPERS = "none"


@dataclass(frozen=True)
class Wanted:
    """What is looked for: a request with all that a fit depends on, worked out once for all services.

    `fresh_days`: how long a check of a service counts (R40). `full`: ids of services whose desk is full.
    """

    request: CallbackRequest
    country: Country
    now: datetime
    fresh_days: int
    full: frozenset[str] = frozenset()

    @cached_property
    def speaks(self) -> str:
        """The language that somebody there must speak."""
        return self.request.speaks

    @cached_property
    def here(self) -> Point:
        """Where she is; without a place, the capital."""
        return self.country.point_of(self.request.place or self.country.capital)

    @cached_property
    def hers(self) -> tuple[Span, ...]:
        """When she may be rung, in order."""
        return tuple(windows(self.request.hours, self.now))

    @cached_property
    def state_line(self) -> str:
        """Her yes to a line of the state. The short form of consent is for one NGO, whatever else was said (R28)."""
        return NO if self.request.short_form else self.request.state_line

    @cached_property
    def groups(self) -> frozenset[str]:
        """What is known of who she is, in the words of `service.serves`. Most is never asked (R2)."""
        request = self.request
        said = (GROUP.get(request.sex, ""), "children" if request.age_band == CHILD else "")
        return frozenset({*said, "foreigners" if self.country.is_abroad(request.place) else ""} - {""})


def _status(service: Service, wanted: Wanted) -> str:  # noqa: ARG001
    return "" if service.status == ACTIVE else f"it is {service.status}"


def _callback(service: Service, wanted: Wanted) -> str:  # noqa: ARG001
    return "" if service.callback else "it calls nobody back"


def _reached(service: Service, wanted: Wanted) -> str:  # noqa: ARG001
    """R32: nobody is asked whose telephone does not count yet, and nothing is promised of them (R39)."""
    return "" if service.reached else "it has no telephone that counts yet"


def _consent(service: Service, wanted: Wanted) -> str:
    """R20, R30: to police and migration services never, to a line of the state only by her yes to exactly that."""
    may = covers(service.kind, wanted.request.expires, wanted.now, wanted.state_line)
    return "" if may else "consent is for an NGO only"


def _after_contact(service: Service, wanted: Wanted) -> str:
    """R21: what follows a call is confirmed before; of a line of the state that says nothing, the worst is assumed.

    Nobody asks her for a status (R2, R37), so whoever needs an official one cannot be asked.
    """
    after = follows(service)
    if OFFICIAL in after:
        return "it helps only people of an official status, and nobody asks for that"
    if after & TO_BE_READ and wanted.state_line != YES:
        return "what follows a call to it was not confirmed"
    in_danger = wanted.request.risk in DANGER
    return "it may talk to whoever harms her" if OFFENDER in after and in_danger else ""


def follows(service: Service) -> frozenset[str]:
    """Tell what may follow a call to a service: on a line of the state, all that nobody has ruled out (R21)."""
    unknown = TO_BE_READ if service.kind == STATE else frozenset()
    return unknown if service.after_contact is None else service.after_contact


def _fresh(service: Service, wanted: Wanted) -> str:
    """R40."""
    return "" if service.is_fresh(wanted.now, wanted.fresh_days) else "it was not checked lately"


def _need(service: Service, wanted: Wanted) -> str:
    need = wanted.request.need or "talk"
    return "" if need == ANY_NEED or need in service.needs else "it does not help with this"


def _language(service: Service, wanted: Wanted) -> str:
    """R44: without a wish the menu's language stands for it."""
    return "" if wanted.speaks in _heard(service.languages) else "nobody there speaks the language"


@lru_cache(maxsize=4_096)
def _heard(languages: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(spoken, languages))


def _place(service: Service, wanted: Wanted) -> str:
    return "" if wanted.country.serves(service, wanted.request.place) else "it does not serve the place"


def _operator(service: Service, wanted: Wanted) -> str:
    """R44: whoever nobody has said to answer there does not."""
    wish = wanted.request.operator_sex
    return f"no {wish} answers there" if wish in SEXES and wish not in service.sexes else ""


def _child(service: Service, wanted: Wanted) -> str:
    """R23."""
    young = wanted.request.age_band == CHILD
    return "it is not prepared for children" if young and not service.child_safeguarding else ""


def _age(service: Service, wanted: Wanted) -> str:
    """R23, R42: a band is all that is known, so a limit counts where the whole band lies beyond it."""
    age = wanted.request.age_band
    if age == CHILD and (service.minimum_age or 0) >= OF_AGE:
        return f"it is for people of {service.minimum_age} and older"
    if age == ADULT and service.maximum_age is not None and service.maximum_age < OF_AGE:
        return f"it is for people of {service.maximum_age} and younger"
    return "it is for children only" if age == ADULT and service.serves == {"children"} else ""


def _sex(service: Service, wanted: Wanted) -> str:
    """R42: not said is no reason, but it is asked late. A child, whatever its sex, fits where children are named."""
    named = service.serves & SEXES_SERVED
    if not named or wanted.request.sex not in GROUP or {"children"} & service.serves & wanted.groups:
        return ""
    return "" if named & wanted.groups else f"it is for {' and '.join(sorted(named))} only"


def _papers(service: Service, wanted: Wanted) -> str:
    """R42: whoever has lost her papers, or had them taken, is not sent where they are asked for."""
    without = wanted.request.need == "documents"
    return "it wants to see papers, and hers are gone" if without and wants_papers(service) else ""


def wants_papers(service: Service) -> bool:
    """Tell whether a service wants to see papers of any kind (HSDS `required_document.document`)."""
    return any(paper.strip().casefold() not in ("", NO_PAPERS) for paper in service.documents)


def _desk(service: Service, wanted: Wanted) -> str:
    return "its desk is full" if service.id in wanted.full else ""


CHECKS: tuple[Callable[[Service, Wanted], str], ...] = (
    _status, _callback, _reached, _consent, _after_contact, _fresh, _need, _language, _place, _operator, _child, _age,
    _sex, _papers, _desk,
)  # fmt: skip
"""Each gives the reason why a service does not fit, empty where it does. Her hours come after all of these."""


def against(service: Service, wanted: Wanted) -> Iterator[str]:
    """Give every reason why a service does not fit, but for its hours."""
    return (said for check in CHECKS if (said := check(service, wanted)))


def named(service: Service, wanted: Wanted) -> Iterator[tuple[str, str]]:
    """Give every reason with the name of the question that it answers (`child`, `place`), but for its hours."""
    return ((check.__name__.lstrip("_"), said) for check in CHECKS if (said := check(service, wanted)))


def fits(service: Service, wanted: Wanted) -> Span | None:
    """Give when a service that fits could first ring her; None where it does not fit."""
    return None if any(against(service, wanted)) else hours(service, wanted)


def hours(service: Service, wanted: Wanted) -> Span | None:
    """Give when a service could first ring her, whether or not it fits otherwise."""
    return meeting(service, wanted.request, wanted.now, wanted.hers)


def meeting(
    service: Service, request: CallbackRequest, now: datetime, hers: Sequence[Span] | None = None
) -> Span | None:
    """Give the first stretch in which it is open and she may be rung, within the days ahead and the consent.

    `hers`: her windows, where somebody has them already. One in its last minutes does not count: no number would be
    sent in it.
    """
    hers = tuple(windows(request.hours, now)) if hers is None else hers
    for some in filter(None, (hers[:1], hers[1:])):  # mostly they meet in the first, and a week need not be looked at
        ahead = min(AHEAD_DAYS, (some[-1].end - now).days + 2)
        opened = sorted(service.open_spans(now, ahead), key=attrgetter("start"))
        for both in (both for window in some for span in opened if (both := window.meets(span))):
            if both.start < request.expires and now < both.end - LAST_MINUTES:
                return both
    return None


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
