"""The menu, in this order: people in need first, then those who help them, then reports.

A new page adds a line here. A person sees only the pages that they may open.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from helpline.staff import people
from helpline.staff.roles import Permission, Person, Role, Session
from helpline.store.engine import Tx

MENU: Sequence[tuple[Permission, str, str]] = (
    (Permission.OWN_CASES, "/cases", "cases.menu"),
    (Permission.ALL_CASES, "/requests", "requests.menu"),
    (Permission.DUTY, "/duty", "cases.menu_duty"),
    (Permission.DIRECTORY, "/directory", "directory.menu"),
    (Permission.PEOPLE, "/people", "people.menu"),
    (Permission.COLLEAGUES, "/colleagues", "people.menu_own"),
    (Permission.FIGURES, "/figures", "frame.figures"),
    (Permission.HARM, "/harm", "harm.menu"),
    (Permission.ALL_CASES, "/drills", "drills.menu"),
    (Permission.EXPORT, "/exports", "exports.menu"),
    (Permission.AUDIT, "/audit", "audit.menu"),
    (Permission.AUDIT, "/reviews", "reviews.menu"),
    (Permission.LOCK, "/lock", "lock.menu"),
    (Permission.MACHINE, "/machine", "machine.menu"),
    (Permission.ACCOUNT, "/account", "frame.account"),
)
"""The permission that a page needs, its address, and the text of `console` that names it."""
SELDOM = frozenset({"/harm", "/drills", "/exports", "/audit", "/reviews", "/account"})
"""Pages that a person with many pages finds behind *More*. A person with few pages sees them at once."""
MANY = 6
FIRST: Mapping[Role, str] = {Role.AUDITOR: "/audit"}
"""The first page of a role, where it is not the first line of `MENU` that the role may see."""
FIRST_DAY = timedelta(days=1)
"""Sessions that began so soon after a person joined are told on the first page what people in their role do first."""


def menu_of(person: Person) -> Sequence[tuple[str, str]]:
    """Return address and text of each page that a person may open. The first one is their first page."""
    allowed = [(place, text) for permission, place, text in MENU if person.may(permission)]
    return sorted(allowed, key=lambda line: line[0] != FIRST.get(person.role))


def folded(menu: Sequence[tuple[str, str]]) -> frozenset[str]:
    """Return the addresses of a menu that are behind *More*."""
    return SELDOM if len(menu) > MANY else frozenset()


def is_guided(tx: Tx, session: Session, person: Person, place: str) -> bool:
    """Whether a page says what a person in this role does first: their first page, in a session of their first day."""
    if place != menu_of(person)[0][0]:
        return False
    joined = people.joined(tx, person.id)
    return joined is not None and session.created - joined < FIRST_DAY
