"""The audit log at the console: found by person, service, id and day, checked as a whole, and never with a number."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from gateway.console.audit import head_of, texts_of
from helpline.casework import undo_reassign
from helpline.casework.block_number import BLOCK
from helpline.casework.find_request import FOUND, NOT_FOUND
from helpline.casework.freeze import LIFT
from helpline.casework.order_digits import REDRAWN, WRONG_CODE
from helpline.casework.order_lines import OUTCOMES
from helpline.content import console_texts
from helpline.content.sources import ROOT
from helpline.directory import check_calls, services
from helpline.directory.phone_changes import OUT, PhoneChanges
from helpline.request.attempts import AGREED, MET, NOT_MET
from helpline.request.model import DRILL
from helpline.staff import audit_report, contacts, locks
from helpline.staff.audit_report import displayable
from helpline.staff.openings import OPENED
from helpline.staff.roles import Role
from helpline.store import audit_log, launch
from helpline.store.schema import offer, request
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Browser
from tests.gateway.console.test_cases import claimed, shown
from tests.world import CALLER

ROW = re.compile(r'<th scope="row" role="rowheader" class="number">(\d+)</th>')


@pytest.fixture
def browser(office: CaseOffice) -> Browser:
    return office.office.signed_in(office.office.insider(Role.AUDITOR, "auditor"))


def logged(office: CaseOffice, count: int, actor: str = "aida", action: str = "claim", ref: str = "request-1") -> None:
    with office.world.db.write() as tx:
        for _ in range(count):
            audit_log.append(tx, office.world.work.ctx.audit_key, office.world.clock(), actor, action, ref)


def found(browser: Browser, query: str = "") -> list[int]:
    return [int(row) for row in ROW.findall(browser.get(f"/audit{query}").get_data(as_text=True))]


def test_the_audit_log_is_the_auditors_first_page(office: CaseOffice, browser: Browser) -> None:
    assert browser.get("/").location == "/audit"


def test_a_row_about_a_practice_request_says_so(office: CaseOffice, browser: Browser) -> None:
    id, _ = claimed(office)
    with office.world.db.write() as tx:
        of = tx.execute(sa.select(offer.c.request).where(offer.c.id == id)).scalar_one()
    assert "PRACTICE" not in browser.get("/audit").get_data(as_text=True)
    with office.world.db.write() as tx:
        tx.execute(sa.update(request).where(request.c.id == of).values(kind=DRILL))
    marked = browser.get("/audit").get_data(as_text=True)
    assert marked.count("PRACTICE") == marked.count(f"/audit?ref={of}")


def test_a_request_is_named_by_its_short_code(office: CaseOffice, browser: Browser) -> None:
    """A coordinator can open it from there, an auditor cannot. What has no name is shown by the beginning of its id."""
    id, _ = claimed(office)
    with office.world.db.write() as tx:
        of = tx.execute(sa.select(offer.c.request).where(offer.c.id == id)).scalar_one()
    logged(office, 1, ref="a1b2c3" + "0" * 26)
    page = browser.get("/audit").get_data(as_text=True)
    assert f'<a href="/audit?ref={of}"><span class="whole">№&nbsp;<code>{of[:6]}</code></span></a>' in page
    assert '<span class="whole"><code>a1b2c3</code></span></a>' in page
    assert not re.search("[0-9a-f]{32}", re.sub("<[^>]*>", "", page.partition("<main")[2]))
    assert f'href="/requests/{of}"' not in page
    coordinator = office.office.signed_in(office.office.insider(Role.COORDINATOR, "coordinator"))
    assert f'<a href="/requests/{of}">Open the request</a>' in coordinator.get("/audit").get_data(as_text=True)
    assert 'href="/requests/a1b2c3' not in coordinator.page


def test_an_act_about_no_single_request_is_named_by_its_page(office: CaseOffice) -> None:
    reader = office.office.signed_in(office.office.insider(Role.AUDITOR, "auditor", language="ru"))
    logged(office, 1, action="lock", ref=locks.RAID)
    logged(office, 1, action=NOT_FOUND, ref="requests")
    page = reader.get("/audit").get_data(as_text=True)
    assert '<a href="/audit?ref=raid">Закрыть номера</a>' in page
    assert '<a href="/audit?ref=requests">Все просьбы</a>' in page


def test_r35_the_audit_log_shows_no_number_even_if_a_person_typed_one(office: CaseOffice, browser: Browser) -> None:
    """Neither a caller's number that was shown, nor one typed in place of a name."""
    id, worker = claimed(office)
    assert CALLER in shown(worker, id)
    for written in (CALLER, CALLER[1:], "0700 123 456", "aida 996-700-123456"):
        logged(office, 1, actor=written)
        logged(office, 1, ref=written)
    page = re.sub("[0-9a-f]{16,}", "", browser.get("/audit").get_data(as_text=True))  # a hash holds any digits
    assert page.count("(hidden)") == 8
    readable = re.sub(r"[0-9a-f]{16,}", "", page)  # ids and tokens are random, and may contain these digits
    assert not re.search(r"996[^<]{0,3}\d{3}|123.?456", readable)
    assert "reveal" in page


@pytest.mark.parametrize("plain", ["aida", "kg-country", "f" * 32, "0" * 32, "20261124T040000Z", "ngo-12345"])
def test_ids_and_names_are_shown(plain: str) -> None:
    assert displayable(plain) == plain


def test_an_account_is_named_where_a_row_is_about_it(office: CaseOffice, browser: Browser) -> None:
    """Whose account was closed is the first question about such a row. Its link finds all rows about that account."""
    closed = office.office.insider(Role.CASEWORKER, "closed").person
    logged(office, 1, action="disabled", ref=closed.id)
    page = browser.get("/audit?action=disabled").get_data(as_text=True)
    assert f'<a href="/audit?ref={closed.id}">{closed.name}</a>' in page


def test_rows_are_found_by_person_service_id_action_and_day(office: CaseOffice, browser: Browser) -> None:
    id, worker = claimed(office)
    shown(worker, id)
    service = office.service_of(id)
    logged(office, 1, actor="bek", action="lock", ref="raid")
    (lock,) = found(browser, "?who=bek")
    assert found(browser, "?action=lock") == found(browser, "?ref=raid") == [lock]
    of_service = found(browser, f"?service={service}")
    assert lock not in of_service
    assert len(of_service) >= 2
    assert set(found(browser, "?who=worker")) <= set(of_service)
    day = office.world.clock().date()
    assert lock in found(browser, f"?day={day}")
    assert found(browser, f"?day={day - timedelta(days=1)}") == []
    assert found(browser, f"?who=bek&service={service}") == []
    assert found(browser, "?day=nonsense")


ELSEWHERE = {
    "changed_password", "changed_app", "reset_all", "reset_factor", "invited", "reveal", "bridged", "practice", LIFT, WRONG_CODE,
    OPENED, FOUND, NOT_FOUND, BLOCK, REDRAWN, OUT, check_calls.COUNTED, check_calls.ANSWERED, check_calls.NOBODY,
    audit_report.WHOLE, audit_report.BROKEN, launch.OPEN_LINE, launch.CLOSE_LINE, AGREED, MET,
    NOT_MET, undo_reassign.UNDO, *OUTCOMES.values(),
}  # fmt: skip
"""Actions that the code passes to the log under another name."""


def test_every_action_has_a_text_and_every_text_an_action() -> None:
    sources = "".join(path.read_text() for path in (ROOT.parent / "helpline").rglob("*.py"))
    named = {*re.findall(r'audit_log\.append\(.*, "([a-z_]+)", ', sources), *ELSEWHERE}
    known = console_texts.read(ROOT).english
    assert {each for each in named if not texts_of(each, known)} == set()
    with_text = {path.removeprefix("console.audit.did.") for path in known if path.startswith("console.audit.did.")}
    assert with_text - named == {"give", "edited", "override"}
    assert len(named) > 50


@pytest.mark.parametrize(
    ("action", "name"),
    [("pass_language", "Отказ: "), ("give_urgent", "Просьба отдана другой службе: "), ("edited_hours", "Изменены сведения о службе: "),
     ("signed_in", "Вход<"), ("no_answer", "Не ответили<"), ("an_old_one", "an_old_one<")],
)  # fmt: skip
def test_an_action_is_named_in_the_readers_language(office: CaseOffice, action: str, name: str) -> None:
    logged(office, 1, action=action)
    reader = office.office.signed_in(office.office.insider(Role.AUDITOR, "auditor", language="ru"))
    assert f'<td role="cell">{name}' in reader.get(f"/audit?action={action}").get_data(as_text=True)


def test_the_audit_log_is_shown_page_by_page_newest_first(office: CaseOffice, browser: Browser) -> None:
    logged(office, 120)
    first, second = found(browser, "?who=aida"), found(browser, "?who=aida&page=2")
    assert (len(first), len(second)) == (50, 50)
    assert first == sorted(first, reverse=True)
    assert min(first) > max(second)
    assert len(found(browser, "?who=aida&page=3")) == 20
    assert "Earlier" not in browser.page


def change(office: CaseOffice, seq: int) -> None:
    with office.world.db.write() as tx:
        tx.exec_driver_sql("drop trigger audit_no_update")
        tx.exec_driver_sql(f"update audit set actor = 'x' where seq = {seq}")


def check(office: CaseOffice) -> tuple[int, str]:
    """Run the check of each morning. Return what the coordinators were told."""
    key, db = office.world.work.ctx.audit_key, office.world.db
    with db.write(office.world.clock()) as tx:
        country, broken = office.world.work.ctx.country, audit_log.broken_at(tx, key)
        audit_report.send_head(tx, key, country, broken)
        return audit_log.head(tx)


def test_a_page_says_whether_its_rows_are_unchanged(office: CaseOffice, browser: Browser) -> None:
    logged(office, 3)
    assert "page are unchanged" in browser.get("/audit").get_data(as_text=True)
    with office.world.db.read() as tx:
        count, head = audit_log.head(tx)
    change(office, count - 1)
    for place in ("/audit", "/audit?who=x"):
        page = browser.get(place).get_data(as_text=True)
        assert f"Row {count - 1} was changed" in page
        assert head in page
        assert "page are unchanged" not in page


def test_a_changed_row_on_another_page_is_found_by_the_full_check(office: CaseOffice, browser: Browser) -> None:
    """A page says what was checked for it, and when the whole log was last checked."""
    logged(office, 60)
    assert "was not checked yet" in browser.get("/audit").get_data(as_text=True)
    check(office)
    assert "last checked on 24.11.2026" in browser.get("/audit").get_data(as_text=True)
    change(office, 2)
    page = browser.get("/audit").get_data(as_text=True)
    assert "page are unchanged" in page
    assert "It was intact." in page
    assert "Row 2 was changed" in browser.get("/audit?page=2").get_data(as_text=True)
    assert "Row 2 was changed" in browser.get("/audit?check=all").get_data(as_text=True)
    check(office)
    page = browser.get("/audit").get_data(as_text=True)
    assert "Row 2 was changed" in page
    assert "It was intact." not in page


def test_the_whole_log_is_checked_on_request(office: CaseOffice, browser: Browser) -> None:
    logged(office, 3)
    assert "Intact. Rows:" not in browser.get("/audit").get_data(as_text=True)
    assert 'href="/audit?check=all"' in browser.page
    assert "Intact. Rows:" in browser.get("/audit?check=all").get_data(as_text=True)


def test_a_head_from_an_sms_can_be_looked_up(office: CaseOffice, browser: Browser) -> None:
    logged(office, 3)
    with office.world.db.read() as tx:
        _, head = audit_log.head(tx)
    assert "This row is there" in browser.get(f"/audit?head={head.upper()}").get_data(as_text=True)
    assert "This row is there" in browser.get(f"/audit?head={head[:4]} {head[4:]}").get_data(as_text=True)


def test_one_typing_mistake_in_a_head_is_no_alarm(office: CaseOffice, browser: Browser) -> None:
    """The auditor compares and types again. Only a second head that is not found says that the log was rewritten."""
    logged(office, 1)
    with office.world.db.read() as tx:
        _, head = audit_log.head(tx)
    alarm, wrong = "Not found the second time either", "00000000" if head != "00000000" else "11111111"
    page = browser.get(f"/audit?head={wrong}").get_data(as_text=True)
    assert "Compare it with the SMS, one character at a time" in page
    assert alarm not in page
    assert 'id="heads" open' in page
    assert '<input type="hidden" name="again" value="yes">' in page
    assert alarm in browser.get(f"/audit?head={wrong}&again=yes").get_data(as_text=True)
    assert "This row is there" in browser.get(f"/audit?head={head}&again=yes").get_data(as_text=True)


@pytest.mark.parametrize("typed", ["a", "zzzzzzzz", "0000000"])
def test_a_head_of_other_than_eight_characters_is_not_compared(browser: Browser, typed: str) -> None:
    assert "Eight characters are needed" in browser.get(f"/audit?head={typed}").get_data(as_text=True)


def test_characters_that_look_alike_are_one_head() -> None:
    assert head_of(" \u0430\u0441\u0435O lF12 ") == "ace01f12"


def test_rows_are_found_by_a_first_name_and_by_a_short_code(office: CaseOffice, browser: Browser) -> None:
    worker = office.office.insider(Role.CASEWORKER, "malika").person
    first = worker.name.split()[0][:4].lower()
    logged(office, 1, actor=worker.id, ref="38f0a9" + "0" * 26)
    logged(office, 1, actor="somebody", ref="38f0a8" + "0" * 26)
    assert found(browser, f"?who={first}&ref=38f0a9") == found(browser, "?ref=%E2%84%96%2038F0A9")
    assert len(found(browser, "?ref=38f0a9")) == 1


def test_r40_a_test_call_is_found_under_its_service(office: CaseOffice, browser: Browser) -> None:
    coordinator = office.office.insider(Role.COORDINATOR, "aida")
    with office.world.db.read() as tx:
        service = services.services(tx, "KG")[0]
    aida = office.office.signed_in(coordinator)
    here = f"/directory/{service.id}"
    for answered, heard in (("no", ""), ("yes", service.languages[0]), ("yes", "en")):
        aida.get(here)
        aida.send(f"{here}/called", {"answered": answered, "heard": heard})
    with office.world.db.read() as tx:
        rows = audit_log.search(tx, ref=service.id, actor=coordinator.person.id)
    assert [row.action for row in rows][:2] == [check_calls.NOBODY, check_calls.COUNTED]
    assert {row.seq for row in rows} <= set(found(browser, f"?service={service.id}"))
    page = browser.get(f"/audit?action={check_calls.COUNTED}").get_data(as_text=True)
    assert "Test call: the service counts as checked" in page
    assert f'<a href="/audit?ref={service.id}">' in page


def test_a_removed_telephone_is_told_apart_by_its_last_two_digits(office: CaseOffice, browser: Browser) -> None:
    with office.world.db.write(office.world.clock()) as tx:
        phone = contacts.of_kind(tx, "service", "KG")[0]
        PhoneChanges.of(office.world.config, office.world.work.ctx.audit_key).take_out(tx, phone.id, "aida")
    page = browser.get(f"/audit?action={OUT}").get_data(as_text=True)
    assert f", …{phone.phone[-2:]}</a>" in page
    assert phone.phone not in page


def test_the_page_lists_the_heads_of_each_morning(office: CaseOffice, browser: Browser) -> None:
    logged(office, 2)
    count, head = check(office)
    logged(office, 1)
    page = browser.get("/audit").get_data(as_text=True)
    assert f'<th scope="row">24.11.2026</th><td class="number">{count}</td><td><code>{head}</code>' in page
