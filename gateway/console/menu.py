"""What stands in the menu, in this order. A new page adds a line here; who may not go there does not see it."""

from collections.abc import Sequence

from helpline.people import Permission, Person

MENU: Sequence[tuple[Permission, str, str]] = (
    (Permission.OWN_CASES, "/cases", "cases.menu"),
    (Permission.ALL_CASES, "/requests", "requests.menu"),
    (Permission.DIRECTORY, "/directory", "directory.menu"),
    (Permission.PEOPLE, "/people", "people.menu"),
    (Permission.DUTY, "/duty", "cases.menu_duty"),
    (Permission.AUDIT, "/audit", "audit.menu"),
    (Permission.MACHINE, "/machine", "machine.menu"),
    (Permission.ACCOUNT, "/account", "frame.account"),
    (Permission.FIGURES, "/figures", "frame.figures"),
    (Permission.HARM, "/harm", "harm.menu"),
    (Permission.ALL_CASES, "/drills", "drills.menu"),
    (Permission.EXPORT, "/exports", "exports.menu"),
    (Permission.AUDIT, "/reviews", "reviews.menu"),
    (Permission.LOCK, "/lock", "lock.menu"),
)
"""What one must be allowed, where it is, and the text of `console` that names it. The first one is the first page."""


def menu_of(person: Person) -> Sequence[tuple[str, str]]:
    """Give where somebody may go: address and text."""
    return [(place, text) for permission, place, text in MENU if person.may(permission)]
