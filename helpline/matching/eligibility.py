"""Whether one service fits one request. Pure.

Each question has a function of its own, named after what it asks, with the rule it comes from.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache

from helpline.core.call_windows import NOW, Span
from helpline.core.languages import spoken
from helpline.directory.service import ACTIVE, Service
from helpline.matching.criteria import ADULT, CHILD, GROUP, OF_AGE, SEXES_SERVED, Criteria, hours
from helpline.request.model import SEXES, STATE, covers
from menus.draft import YES

TO_BE_READ = frozenset({"reports_to_police", "may_contact_offender", "registers_identity"})
"""What may follow a call that she must have read of and confirmed before (R21)."""
OFFENDER, OFFICIAL = "may_contact_offender", "needs_official_status"
DANGER = frozenset({NOW, "soon"})
ANY_NEED = "not_sure"
NO_PAPERS = "none"


def _status(service: Service, wanted: Criteria) -> str:  # noqa: ARG001
    return "" if service.status == ACTIVE else f"it is {service.status}"


def _callback(service: Service, wanted: Criteria) -> str:  # noqa: ARG001
    return "" if service.callback else "it calls nobody back"


def _reached(service: Service, wanted: Criteria) -> str:  # noqa: ARG001
    """R32: nobody is asked whose telephone does not count yet, and nothing is promised of them (R39)."""
    return "" if service.reached else "it has no telephone that counts yet"


def _consent(service: Service, wanted: Criteria) -> str:
    """R20, R30: to police and migration services never, to a line of the state only by her yes to exactly that."""
    may = covers(service.kind, wanted.request.expires, wanted.now, wanted.state_line)
    return "" if may else "consent is for an NGO only"


def _after_contact(service: Service, wanted: Criteria) -> str:
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


def _fresh(service: Service, wanted: Criteria) -> str:
    """R40."""
    return "" if service.is_fresh(wanted.now, wanted.fresh_days) else "it was not checked lately"


def _need(service: Service, wanted: Criteria) -> str:
    need = wanted.request.need or "talk"
    return "" if need == ANY_NEED or need in service.needs else "it does not help with this"


def _language(service: Service, wanted: Criteria) -> str:
    """R44: without a wish the menu's language stands for it."""
    return "" if wanted.speaks in _heard(service.languages) else "nobody there speaks the language"


@lru_cache(maxsize=4_096)
def _heard(languages: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(spoken, languages))


def _place(service: Service, wanted: Criteria) -> str:
    return "" if service.serves_place(wanted.country, wanted.request.place) else "it does not serve the place"


def _operator(service: Service, wanted: Criteria) -> str:
    """R44: whoever nobody has said to answer there does not."""
    wish = wanted.request.operator_sex
    return f"no {wish} answers there" if wish in SEXES and wish not in service.sexes else ""


def _child(service: Service, wanted: Criteria) -> str:
    """R23."""
    young = wanted.request.age_band == CHILD
    return "it is not prepared for children" if young and not service.child_safeguarding else ""


def _age(service: Service, wanted: Criteria) -> str:
    """R23, R42: a band is all that is known, so a limit counts where the whole band lies beyond it."""
    age = wanted.request.age_band
    if age == CHILD and (service.minimum_age or 0) >= OF_AGE:
        return f"it is for people of {service.minimum_age} and older"
    if age == ADULT and service.maximum_age is not None and service.maximum_age < OF_AGE:
        return f"it is for people of {service.maximum_age} and younger"
    return "it is for children only" if age == ADULT and service.serves == {"children"} else ""


def _sex(service: Service, wanted: Criteria) -> str:
    """R42: not said is no reason, but it is asked late. A child, whatever its sex, fits where children are named."""
    named = service.serves & SEXES_SERVED
    if not named or wanted.request.sex not in GROUP or {"children"} & service.serves & wanted.groups:
        return ""
    return "" if named & wanted.groups else f"it is for {' and '.join(sorted(named))} only"


def _papers(service: Service, wanted: Criteria) -> str:
    """R42: whoever has lost her papers, or had them taken, is not sent where they are asked for."""
    without = wanted.request.need == "documents"
    return "it wants to see papers, and hers are gone" if without and wants_papers(service) else ""


def wants_papers(service: Service) -> bool:
    """Tell whether a service wants to see papers of any kind (HSDS `required_document.document`)."""
    return any(paper.strip().casefold() not in ("", NO_PAPERS) for paper in service.documents)


def _desk(service: Service, wanted: Criteria) -> str:
    return "its desk is full" if service.id in wanted.full else ""


CHECKS: tuple[Callable[[Service, Criteria], str], ...] = (
    _status, _callback, _reached, _consent, _after_contact, _fresh, _need, _language, _place, _operator, _child, _age,
    _sex, _papers, _desk,
)  # fmt: skip
"""Each gives the reason why a service does not fit, empty where it does. Her hours come after all of these."""


def against(service: Service, wanted: Criteria) -> Iterator[str]:
    """Give every reason why a service does not fit, but for its hours."""
    return (said for check in CHECKS if (said := check(service, wanted)))


def named(service: Service, wanted: Criteria) -> Iterator[tuple[str, str]]:
    """Give every reason with the name of the question that it answers (`child`, `place`), but for its hours."""
    return ((check.__name__.lstrip("_"), said) for check in CHECKS if (said := check(service, wanted)))


def fits(service: Service, wanted: Criteria) -> Span | None:
    """Give when a service that fits could first ring her; None where it does not fit."""
    return None if any(against(service, wanted)) else hours(service, wanted)
