"""What waits for a second person's yes is on the first page of everybody who can give it, and counted in the menu."""

import pytest
import sqlalchemy as sa

from helpline.request.model import State
from helpline.staff.roles import Role
from helpline.store.schema import request
from tests.conftest import Databases
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Browser, Office
from tests.gateway.console.test_directory import asked
from tests.gateway.console.test_directory import coordinator as coordinator_who_proved
from tests.gateway.console.test_lock import coordinator as locking
from tests.gateway.console.test_lock import lock, unlock
from tests.gateway.console.test_people import coordinator, invite
from tests.gateway.console.test_steer import FIRST, SECOND, act, frozen
from tests.gateway.console.test_steer import coordinator as steering
from tests.steps.desk import DESK

HEADING, IN_MENU = "Waiting for your approval, as the second person", 'class="badge yes"'


@pytest.fixture
def office(new_sqlite: Databases) -> Office:
    return Office.on(new_sqlite())


def first_page(browser: Browser) -> str:
    return browser.get("/requests").get_data(as_text=True)


def test_an_invitation_is_on_the_first_page_of_another_coordinator_until_somebody_agrees(office: Office) -> None:
    _, aida = coordinator(office)
    invite(aida, "coordinator")
    _, bek = coordinator(office, "bek")
    assert HEADING not in first_page(aida)
    assert '<a href="/people#waiting">New accounts: 1</a>' in first_page(bek)
    assert f'People <strong {IN_MENU}>1<span class="aloud">' in bek.get("/directory").get_data(as_text=True)
    bek.get("/people")
    bek.send(next(part.partition('"')[0] for part in bek.page.split('action="') if '/agree"' in part[:80]))
    assert HEADING not in first_page(bek)
    assert IN_MENU not in bek.page


def test_an_account_that_needs_no_second_yes_is_not_counted(office: Office) -> None:
    _, aida = coordinator(office)
    _, bek = coordinator(office, "bek")
    invite(aida, "auditor")
    assert HEADING not in first_page(bek)


def test_a_new_telephone_waits_on_the_first_page(new_sqlite: Databases) -> None:
    office = CaseOffice.on(new_sqlite())
    _, first = coordinator_who_proved(office, "aida")
    _, second = coordinator_who_proved(office, "bek")
    asked(first)
    assert HEADING not in first_page(first)
    assert '<a href="/directory#waiting">Telephones of services: 1</a>' in first_page(second)
    second.get(f"/directory/{DESK}")
    second.send(next(part.partition('"')[0] for part in second.page.split('action="') if '/agree"' in part[:80]))
    assert HEADING not in first_page(second)


def test_unlocking_waits_on_the_first_page_of_a_second_coordinator(new_sqlite: Databases) -> None:
    office = CaseOffice.on(new_sqlite())
    aida, bek = locking(office, "aida"), locking(office, "bek")
    lock(aida)
    assert HEADING not in first_page(bek)
    unlock(office, aida)
    assert HEADING not in first_page(aida)
    assert '<a href="/lock">Unlocking number access</a>' in first_page(bek)


def test_a_mistaken_freeze_waits_on_the_first_page_of_a_second_coordinator(new_sqlite: Databases) -> None:
    office = CaseOffice.on(new_sqlite())
    id = frozen(office)
    (_, first), (_, second) = steering(office, "aida", FIRST), steering(office, "bek", SECOND)
    act(first, id, "lift", sure="yes")
    assert HEADING not in first_page(first)
    assert f'<a href="/requests/{id}#lift">A request that was frozen by mistake</a>' in first_page(second)


def test_a_freeze_that_is_over_waits_for_nobody(new_sqlite: Databases) -> None:
    """The caller resumed the request, or it ended: one coordinator's approval is left, and nothing to lift."""
    office = CaseOffice.on(new_sqlite())
    id = frozen(office)
    (_, first), (_, second) = steering(office, "aida", FIRST), steering(office, "bek", SECOND)
    act(first, id, "lift", sure="yes")
    with office.world.db.write(office.world.clock()) as tx:
        tx.execute(sa.update(request).where(request.c.id == id).values(state=State.WAITING.value))
    assert HEADING not in first_page(second)


def test_nothing_is_counted_for_who_may_not_agree(office: Office) -> None:
    _, aida = coordinator(office)
    invite(aida, "coordinator")
    auditor = office.signed_in(office.insider(Role.AUDITOR, "olga"))
    assert IN_MENU not in auditor.get("/audit").get_data(as_text=True)


def test_a_page_asks_in_three_statements_while_nothing_waits(office: Office) -> None:
    """Every page of a coordinator asks. With a statement for each kind, that was a third of the statements of a page."""
    _, aida = coordinator(office)
    asked = list[str]()
    listen = ("before_cursor_execute", lambda *given: asked.append(given[2]))
    sa.event.listen(office.console.db.engine, *listen)
    first_page(aida)
    sa.event.remove(office.console.db.engine, *listen)
    tables = ("invitation", "assent", "contact_change")
    assert [sum(f"FROM {table}" in " ".join(each.split()) for each in asked) for table in tables] == [1, 1, 1]
