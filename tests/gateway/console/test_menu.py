"""The menu of each role, in order. The first entry is the page after signing in."""

import pytest

from gateway.console.menu import menu_of
from helpline.staff.roles import OF_A_SERVICE, Person, Role

ORDER = {
    Role.CASEWORKER: "cases duty account",
    Role.LEAD: "cases duty figures account",
    Role.COORDINATOR: "requests directory people figures harm drills exports audit reviews lock account",
    Role.AUDITOR: "audit figures reviews account",
    Role.OPERATOR: "machine account",
}


@pytest.mark.parametrize("role", Role)
def test_each_menu_has_its_work_first_and_the_account_last(role: Role) -> None:
    person = Person("1", "Somebody", "somebody", role, "ngo-1" if role in OF_A_SERVICE else "", "en", "")
    assert [place.strip("/") for place, _ in menu_of(person)] == ORDER[role].split()
