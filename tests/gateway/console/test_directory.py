"""The directory at the console: test calls, and phone numbers that two people approve."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from helpline.directory import services
from helpline.staff import contacts
from helpline.staff.roles import Role
from helpline.store.schema import contact
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Browser, Insider
from tests.steps.desk import DESK

NEW = "+996000500777"
ONE = f"/directory/{DESK}"


def coordinator(office: CaseOffice, login: str = "aida") -> tuple[Insider, Browser]:
    """Return a coordinator who has just entered a second factor."""
    who = office.office.insider(Role.COORDINATOR, login)
    browser = office.office.signed_in(who)
    office.prove(who, browser, "/directory")
    return who, browser


def phones(office: CaseOffice) -> list[str]:
    with office.world.db.read() as tx:
        return [each.phone for each in contacts.of_service(tx, DESK)]


def asked(browser: Browser, **more: str) -> str:
    browser.get(ONE)
    return browser.send(f"{ONE}/telephone", {"phone": NEW, "language": "ru", "replaces": "", **more}).location


def form_to(browser: Browser, end: str) -> str:
    """Return the address of the form on the present page that ends with this text."""
    return next(part.partition('"')[0] for part in browser.page.split('action="') if f'{end}"' in part[:80])


def test_r32_a_telephone_needs_two_coordinators_and_three_days(office: CaseOffice) -> None:
    _, aida = coordinator(office)
    assert asked(aida) == f"{ONE}?said=asked"
    assert NEW in aida.get("/directory").get_data(as_text=True)
    assert "/agree" not in aida.page, "one's own wish has no button for a yes"
    _, bek = coordinator(office, "bek")
    bek.get("/directory")
    agree = form_to(bek, "/agree")
    assert bek.send(agree).location == "/directory?said=agreed"
    assert NEW not in phones(office)
    office.world.wait(hours=73)
    assert NEW in phones(office)


def test_r32_nobody_can_approve_their_own_request_with_a_handmade_form(office: CaseOffice) -> None:
    _, aida = coordinator(office)
    asked(aida)
    _, bek = coordinator(office, "bek")
    bek.get("/directory")
    agree = form_to(bek, "/agree")
    aida.get("/directory")
    assert aida.post(agree, aida.hidden(form_to(aida, "/off"))).location == "/directory?said=own"
    office.world.wait(days=9)
    assert NEW not in phones(office)


def test_r40_the_list_says_why_a_test_call_is_due(office: CaseOffice) -> None:
    _, aida = coordinator(office)
    assert "Nobody has test-called it yet." in aida.get("/directory").get_data(as_text=True)
    for answered, heard, why in (
        ("no", "", "Nobody answered at the last test call."),
        ("yes", "tk", "that it does not promise"),
    ):
        aida.get(ONE)
        aida.send(f"{ONE}/called", {"answered": answered, "heard": heard})
        assert why in aida.get("/directory").get_data(as_text=True)
        assert why in aida.get(ONE).get_data(as_text=True)


def test_another_coordinator_can_cancel_the_change(office: CaseOffice) -> None:
    _, aida = coordinator(office)
    asked(aida)
    _, bek = coordinator(office, "bek")
    bek.get(ONE)
    off, agree = form_to(bek, "/off"), form_to(bek, "/agree")
    proof = bek.hidden(agree)
    assert bek.send(off).location == "/directory?said=off"
    assert bek.post(agree, proof).location == "/directory?said=gone", "an old page changes nothing"
    office.world.wait(days=9)
    assert NEW not in phones(office)


def test_a_telephone_is_changed_only_with_a_fresh_second_factor(office: CaseOffice) -> None:
    _, aida = coordinator(office)
    aida.get(ONE)
    proof = aida.hidden(f"{ONE}/telephone")
    office.office.wait(minutes=6)
    assert aida.post(f"{ONE}/telephone", {**proof, "phone": NEW, "language": "ru"}).location.startswith("/again")
    assert "confirm once more" in aida.get(ONE).get_data(as_text=True)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({"phone": "12"}, "not a telephone number"),
        ({"phone": "+996000400001x"}, "not a telephone number"),
        ({"language": "de"}, "one of these languages"),
        ({"replaces": "kg-osh"}, "is gone"),
    ],
)
def test_a_wrong_telephone_number_is_explained(office: CaseOffice, typed: dict[str, str], fault: str) -> None:
    _, aida = coordinator(office)
    aida.get(ONE)
    refused = aida.send(f"{ONE}/telephone", {"phone": NEW, "language": "ru", "replaces": "", **typed})
    assert refused.status_code == 422
    assert fault in aida.page


def test_a_telephone_of_another_service_cannot_be_requested(office: CaseOffice) -> None:
    _, aida = coordinator(office)
    aida.get(ONE)
    refused = aida.send(f"{ONE}/telephone", {"phone": office.world.phone("kg-osh"), "language": "ru", "replaces": ""})
    assert "in use already" in refused.get_data(as_text=True)


def test_a_telephone_is_removed_at_once_after_a_tick(office: CaseOffice) -> None:
    _, aida = coordinator(office)
    aida.get(ONE)
    contact = {"contact": DESK}
    assert aida.send(f"{ONE}/out", contact).location == f"{ONE}?said=choose"
    aida.get(ONE)
    assert aida.send(f"{ONE}/out", {"contact": "kg-osh", "sure": "yes"}).status_code == 404, "another service's"
    aida.get(ONE)
    assert aida.send(f"{ONE}/out", {**contact, "sure": "yes"}).location == f"{ONE}?said=out"
    assert phones(office) == []
    assert "no approved telephone" in aida.get("/directory").get_data(as_text=True)


def test_r40_a_test_call_is_saved_with_who_when_and_how(office: CaseOffice) -> None:
    _, aida = coordinator(office)
    stale = "/directory/kg-stale"
    assert "Its last check is too old" in aida.get("/directory").get_data(as_text=True)
    aida.get(stale)
    assert aida.send(f"{stale}/called", {"answered": "no"}).location == f"{stale}?said=written"
    aida.get(stale)
    assert aida.send(f"{stale}/called", {"answered": "yes", "heard": ""}).status_code == 422
    assert aida.send(f"{stale}/called", {"answered": "no", "heard": "ru"}).status_code == 422
    assert "You said that nobody answered and chose a language" in aida.page
    aida.get(stale)
    assert aida.send(f"{stale}/called", {"answered": "yes", "heard": "ru"}).location == f"{stale}?said=checked"
    page = aida.get(stale).get_data(as_text=True)
    assert "aida: answered in Русский" in page
    assert "aida: nobody answered" in page
    with office.world.db.read() as tx:
        service = services.service_by_id(tx, "kg-stale")
    assert service is not None
    assert service.assured == office.world.clock().date()


def test_the_page_of_a_service_has_what_decides_whether_it_is_asked(office: CaseOffice) -> None:
    _, aida = coordinator(office)
    with office.world.db.write() as tx:
        service = services.service_by_id(tx, DESK)
        assert service is not None
        known = replace(service, needs=frozenset({"wages"}), regions=frozenset({"KG-GB"}), abroad=frozenset({"RU"}))
        limited = replace(known, minimum_age=18, documents=frozenset({"a passport"}), reached=False)
        services.write(tx, "KG", limited)
    page = re.sub(r"\s*<[^>]+>\s*", "|", aida.get(ONE).get_data(as_text=True))
    for said in (
        "Helps with||Unpaid wages|",
        "||Bishkek; Russia|",
        "From which age?||18|",
        "wants to see||a passport|",
    ):
        assert said in page
    assert "State||It has no approved telephone: it gets no requests.|" in page


def test_a_test_call_names_the_number_to_call(office: CaseOffice) -> None:
    _, aida = coordinator(office)
    (phone,) = phones(office)
    aida.get(ONE)
    assert f'href="tel:{phone}"' in aida.page.partition("Call this number:")[2].partition("</p>")[0]
    with office.world.db.write(office.world.clock()) as tx:
        tx.execute(sa.delete(contact).where(contact.c.service == DESK))
    assert f'href="tel:{phone}"' not in aida.get(ONE).get_data(as_text=True)
    assert "Call this number:" in aida.page, "its public number"


def test_no_work_telephone_is_in_the_list(office: CaseOffice) -> None:
    """The list has only phones that wait for approval, because a person must say whose they are."""
    _, aida = coordinator(office)
    page = aida.get("/directory").get_data(as_text=True)
    with office.world.db.read() as tx:
        assert not any(each.phone in page for each in contacts.of_kind(tx, "service", "KG"))


def test_an_unknown_service_or_change_is_a_404(office: CaseOffice) -> None:
    _, aida = coordinator(office)
    aida.get(ONE)
    proof = aida.hidden(f"{ONE}/called")
    assert aida.get("/directory/nobody").status_code == 404
    assert aida.post("/directory/nobody/called", {**proof, "answered": "no"}).status_code == 404


def test_a_date_is_shown_only_of_a_check_that_is_nearly_too_old(office: CaseOffice) -> None:
    """A service that nobody ever called is due now, whatever date the directory has: a later date would contradict."""
    _, aida = coordinator(office)
    for days_left in (60, 5):
        fresh = office.office.console.case_context.cases.ctx.config.fresh_days
        with office.world.db.write() as tx:
            service = services.service_by_id(tx, DESK)
            assert service is not None
            services.set_assured(tx, "KG", service, tx.now.date() - timedelta(days=fresh - days_left))
        row = re.search(
            rf'<li[^>]*>\s*<a href="{ONE}">.*?</li>', aida.get("/directory").get_data(as_text=True), re.DOTALL
        )
        assert row is not None
        page = aida.get(ONE).get_data(as_text=True)
        assert ("Call before" in row[0]) == ("Due before" in page) == (days_left == 5)
        assert ("Nobody has test-called it yet." in row[0]) == (days_left == 60)
