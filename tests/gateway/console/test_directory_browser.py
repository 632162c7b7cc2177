"""Directory and people in a real browser: nothing is cut off, and axe finds no fault."""

from pathlib import Path

import pytest

from helpline.directory.editing import TOPICS
from helpline.directory.phone_changes import PhoneChanges
from helpline.staff import contacts
from helpline.staff.contact import Contact
from helpline.staff.roles import Role
from tests.gateway.console.pages import (
    IN_A_BROWSER,
    LOCALES,
    Open,
    Served,
    check_accessibility,
    sign_in,
    type_a_service,
)
from tests.helpline.directory.hsds.ground import directories, example, written
from tests.steps.desk import DESK
from tests.world import World

pytestmark = IN_A_BROWSER


@pytest.mark.parametrize("language", ["en", "ru"])
def test_coordinators_see_the_directory(served: Served, page_of: Open, language: str) -> None:
    console = served.office.console
    World.on(console.db, clock=served.office.clock)
    who, other = served.insider(Role.COORDINATOR, "aida", language), served.insider(Role.COORDINATOR, "bek")
    changes = PhoneChanges.of(console.case_context.cases.ctx.config, console.case_context.cases.ctx.audit_key)
    with console.db.write(served.office.clock()) as tx:
        names = contacts.of_service(tx, DESK)[0].names
        ids = [
            changes.ask(tx, Contact("", "service", phone, names, "ru", True, DESK), other.person.id)
            for phone in ("+996000500777", "+996000500778")
        ]
        changes.agree(tx, ids[1], who.person.id)
    page = page_of(locale=LOCALES[language])
    sign_in(served, page, who)
    page.goto(f"{served.url}/directory")
    check_accessibility(page, f"directory-{language}")
    page.goto(f"{served.url}/directory/{DESK}")
    check_accessibility(page, f"directory-one-{language}")


@pytest.mark.parametrize("language", ["en", "ru"])
def test_coordinators_change_a_service(served: Served, page_of: Open, tmp_path: Path, language: str) -> None:
    """Each form as it first appears, and one that was refused."""
    db = served.office.console.db
    World.on(db, clock=served.office.clock)
    directories(db).take(written(example(), tmp_path))
    page = page_of(locale=LOCALES[language])
    sign_in(served, page, served.insider(Role.COORDINATOR, "aida", language))
    page.goto(f"{served.url}/directory/north-wages")
    check_accessibility(page, f"edit-one-{language}")
    for topic in TOPICS:
        page.goto(f"{served.url}/directory/north-wages/edit/{topic}")
        check_accessibility(page, f"edit-{topic}-{language}")
    page.goto(f"{served.url}/directory/north-wages/edit/hours")
    page.locator("#hours_TU").fill("25:00-26:00")
    page.locator("form[action$='/edit/hours'] button").click()
    page.wait_for_selector("#hours_TU-fault")
    check_accessibility(page, f"edit-hours-refused-{language}")


@pytest.mark.parametrize("language", ["en", "tg"])
def test_coordinators_add_a_service(served: Served, page_of: Open, tmp_path: Path, language: str) -> None:
    """The empty form, its faults, what will change, and the new service, which can be taken back."""
    db = served.office.console.db
    World.on(db, clock=served.office.clock)
    directories(db).take(written(example(), tmp_path))
    page = page_of(locale=LOCALES.get(language, "tg-TJ"))
    sign_in(served, page, served.insider(Role.COORDINATOR, "aida", language))
    page.goto(f"{served.url}/directory")
    page.locator("a[href='/directory/new']").click()
    check_accessibility(page, f"add-{language}")
    page.locator("#organization").fill("Bridge")
    page.locator("button[value=check]").click()
    page.wait_for_selector("#phone-fault")
    assert page.locator("#organization").input_value() == "Bridge"
    check_accessibility(page, f"add-refused-{language}")
    type_a_service(page)
    page.locator("button[value=check]").click()
    page.wait_for_selector("button[value=save]")
    check_accessibility(page, f"add-check-{language}")
    page.locator("button[value=save]").click()
    page.wait_for_selector(".done")
    check_accessibility(page, f"added-{language}")
    page.locator("input[name=sure][required]").check()
    page.locator("form[action$='/remove'] button").click()
    page.wait_for_selector(".done")
    assert page.url == f"{served.url}/directory?said=removed"


@pytest.mark.parametrize("language", ["en", "ru"])
def test_coordinators_see_people(served: Served, page_of: Open, language: str) -> None:
    who, other = served.insider(Role.COORDINATOR, "aida", language), served.insider(Role.COORDINATOR, "bek")
    served.office.invite(Role.COORDINATOR, "new", by=other.person)
    page = page_of(locale=LOCALES[language])
    sign_in(served, page, who)
    page.goto(f"{served.url}/people")
    check_accessibility(page, f"people-{language}")
    page.locator("#name").fill("A lead")
    page.locator("#login").fill("a-lead")
    page.locator("#role").select_option("auditor")
    page.locator("form[action='/people/invite'] button").click()
    page.wait_for_selector("code.link")
    check_accessibility(page, f"people-link-{language}")
