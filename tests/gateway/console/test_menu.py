"""The menu of each role, in order. The first entry is the page after signing in."""

import pytest

from gateway.console.menu import folded, menu_of
from helpline.staff.roles import OF_A_SERVICE, Person, Role

ORDER = {
    Role.CASEWORKER: "cases duty account",
    Role.LEAD: "cases duty colleagues figures account",
    Role.COORDINATOR: "requests directory people figures harm drills exports audit reviews lock account",
    Role.AUDITOR: "audit figures reviews account",
    Role.OPERATOR: "machine account",
}


@pytest.mark.parametrize("role", Role)
def test_each_menu_has_its_work_first_and_the_account_last(role: Role) -> None:
    person = Person("1", "Somebody", "somebody", role, "ngo-1" if role in OF_A_SERVICE else "", "en", "")
    assert [place.strip("/") for place, _ in menu_of(person)] == ORDER[role].split()


@pytest.mark.parametrize("role", Role)
def test_who_has_many_pages_sees_six_links_at_most(role: Role) -> None:
    """A coordinator's menu was four lines at 360 px. The raid lock stays at hand, and so does the first page."""
    menu = menu_of(Person("1", "Somebody", "somebody", role, "ngo-1" if role in OF_A_SERVICE else "", "en", ""))
    shown = [place for place, _ in menu if place not in folded(menu)]
    assert len(shown) <= 6
    assert menu[0][0] in shown
    assert ("/lock" in shown) == ("/lock" in {place for place, _ in menu})
