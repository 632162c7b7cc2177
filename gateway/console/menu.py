"""What stands in the menu, in this order: people in need first, then who helps them, then what to look back on.

A new page adds a line here; who may not go there does not see it.
"""

from collections.abc import Mapping, Sequence

from helpline.staff.roles import Permission, Person, Role

MENU: Sequence[tuple[Permission, str, str]] = (
    (Permission.OWN_CASES, "/cases", "cases.menu"),
    (Permission.ALL_CASES, "/requests", "requests.menu"),
    (Permission.DUTY, "/duty", "cases.menu_duty"),
    (Permission.DIRECTORY, "/directory", "directory.menu"),
    (Permission.PEOPLE, "/people", "people.menu"),
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
"""What one must be allowed, where it is, and the text of `console` that names it."""
FIRST: Mapping[Role, str] = {Role.AUDITOR: "/audit"}
"""The first page of a role that is not simply the first line of `MENU` that it may see."""


def menu_of(person: Person) -> Sequence[tuple[str, str]]:
    """Give where somebody may go: address and text. The first one is the first page."""
    theirs = [(place, text) for permission, place, text in MENU if person.may(permission)]
    return sorted(theirs, key=lambda line: line[0] != FIRST.get(person.role))
