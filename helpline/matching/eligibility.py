"""Whether a service is eligible for a request. Pure.

There is one function for each question, named after what it checks, with the rule that it comes from. It returns why
the service is not eligible, or "".
"""

from collections.abc import Callable, Iterator
from functools import lru_cache

from helpline.core.call_windows import NOW, Span
from helpline.core.languages import spoken
from helpline.directory.service import ACTIVE, Service
from helpline.matching.criteria import ADULT, CHILD, GROUP, OF_AGE, SEXES_SERVED, Criteria, first_window
from helpline.request.model import SEXES, STATE
from menus.draft import YES

TO_BE_READ = frozenset({"reports_to_police", "may_contact_offender", "registers_identity"})
"""What may follow a contact that the caller must have read and confirmed before (R21)."""
OFFENDER, OFFICIAL = "may_contact_offender", "needs_official_status"
DANGER = frozenset({NOW, "soon"})
ANY_NEED = "not_sure"
NO_PAPERS = "none"


def _status(service: Service, criteria: Criteria) -> str:  # noqa: ARG001
    return "" if service.status == ACTIVE else f"it is {service.status}"


def _callback(service: Service, criteria: Criteria) -> str:  # noqa: ARG001
    return "" if service.callback else "it calls nobody back"


def _reached(service: Service, criteria: Criteria) -> str:  # noqa: ARG001
    """Without a telephone that counts, a service is not asked (R32), and nothing is promised of it (R39)."""
    return "" if service.reached else "it has no telephone that counts yet"


def _consent(service: Service, criteria: Criteria) -> str:
    """Police and migration services are never eligible; a line of the state only if the caller agreed (R20, R30)."""
    return "" if service.kind in criteria.kinds else "consent is for an NGO only"


def _after_contact(service: Service, criteria: Criteria) -> str:
    """What follows a contact must be confirmed before (R21).

    Nobody asks callers for a status (R2, R37), so a service that needs an official one cannot be asked.
    """
    after = follows(service)
    if OFFICIAL in after:
        return "it helps only people of an official status, and nobody asks for that"
    if after & TO_BE_READ and criteria.state_line != YES:
        return "what follows a call to it was not confirmed"
    in_danger = criteria.request.risk in DANGER
    return "it may talk to the offender, and the caller is in danger" if OFFENDER in after and in_danger else ""


def follows(service: Service) -> frozenset[str]:
    """Return what may follow a contact. If a line of the state does not say, the worst is assumed (R21)."""
    unknown = TO_BE_READ if service.kind == STATE else frozenset()
    return unknown if service.after_contact is None else service.after_contact


def _fresh(service: Service, criteria: Criteria) -> str:
    """A service that was not checked lately is not asked (R40)."""
    return "" if service.is_fresh(criteria.now, criteria.fresh_days) else "it was not checked lately"


def _need(service: Service, criteria: Criteria) -> str:
    need = criteria.request.need or "talk"
    return "" if need == ANY_NEED or need in service.needs else "it does not help with this"


def _language(service: Service, criteria: Criteria) -> str:
    """Without another wish, the language is that of the menu (R44)."""
    return "" if criteria.speaks in _spoken(service.languages) else "nobody there speaks the language"


@lru_cache(maxsize=4_096)
def _spoken(languages: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(spoken, languages))


def _place(service: Service, criteria: Criteria) -> str:
    return "" if service.serves_place(criteria.country, criteria.request.place) else "it does not serve the place"


def _operator(service: Service, criteria: Criteria) -> str:
    """If nobody has said who answers there, a wish for a woman or a man is not met (R44)."""
    wish = criteria.request.operator_sex
    return f"no {wish} answers there" if wish in SEXES and wish not in service.sexes else ""


def _child(service: Service, criteria: Criteria) -> str:
    """R23."""
    young = criteria.request.age_band == CHILD
    return "it is not prepared for children" if young and not service.child_safeguarding else ""


def _age(service: Service, criteria: Criteria) -> str:
    """Only an age band is known, so a limit excludes a caller only if it excludes the whole band (R23, R42)."""
    age = criteria.request.age_band
    if age == CHILD and (service.minimum_age or 0) >= OF_AGE:
        return f"it is for people of {service.minimum_age} and older"
    if age == ADULT and service.maximum_age is not None and service.maximum_age < OF_AGE:
        return f"it is for people of {service.maximum_age} and younger"
    return "it is for children only" if age == ADULT and service.serves == {"children"} else ""


def _sex(service: Service, criteria: Criteria) -> str:
    """A caller who has not said their sex is not excluded, but asked late (R42).

    A service that names children takes a child of any sex.
    """
    named = service.serves & SEXES_SERVED
    if not named or criteria.request.sex not in GROUP or {"children"} & service.serves & criteria.groups:
        return ""
    return "" if named & criteria.groups else f"it is for {' and '.join(sorted(named))} only"


def _papers(service: Service, criteria: Criteria) -> str:
    """A caller whose papers are lost or taken is not referred to a service that asks for papers (R42)."""
    without = criteria.request.need == "documents"
    return "it wants to see papers, and the caller has none" if without and wants_papers(service) else ""


def wants_papers(service: Service) -> bool:
    """Whether a service wants to see papers of any kind (HSDS `required_document.document`)."""
    return any(paper.strip().casefold() not in ("", NO_PAPERS) for paper in service.documents)


def _desk(service: Service, criteria: Criteria) -> str:
    return "its desk is full" if service.id in criteria.full else ""


CHECKS: tuple[Callable[[Service, Criteria], str], ...] = (
    _status, _callback, _reached, _consent, _after_contact, _fresh, _need, _language, _place, _operator, _child, _age,
    _sex, _papers, _desk,
)  # fmt: skip
"""The time window is checked after all of these."""


def against(service: Service, criteria: Criteria) -> Iterator[str]:
    """Yield every reason why a service is not eligible, except its hours."""
    return (reason for check in CHECKS if (reason := check(service, criteria)))


def named(service: Service, criteria: Criteria) -> Iterator[tuple[str, str]]:
    """Yield every reason except its hours, with the name of its check (`child`, `place`)."""
    return ((check.__name__.lstrip("_"), reason) for check in CHECKS if (reason := check(service, criteria)))


def fits(service: Service, criteria: Criteria) -> Span | None:
    """Return when an eligible service could first call; None if it is not eligible."""
    return None if any(against(service, criteria)) else first_window(service, criteria)
