"""People at the console: coordinators invite and disable people, and a new coordinator needs the approval of two."""

import html
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from helpline.accounts.inviting import UNDO, InvitationRequest, LastCoordinator
from helpline.accounts.linking import Linking
from helpline.accounts.vetting import NotAllowed, ref_of
from helpline.directory import replace_directory
from helpline.directory.sample import sample
from helpline.operations.retention import APPROVALS
from helpline.staff import approvals, on_call, people
from helpline.staff.roles import Person, Role
from helpline.store import audit_log
from helpline.store.schema import assent
from tests.conftest import Databases
from tests.gateway.console.office import Browser, Insider, Office


@pytest.fixture
def office(new_sqlite: Databases) -> Office:
    return Office.on(new_sqlite())


def coordinator(office: Office, login: str = "aida") -> tuple[Insider, Browser]:
    """Return a coordinator who has just entered a second factor."""
    who = office.insider(Role.COORDINATOR, login)
    browser = office.signed_in(who)
    browser.get("/again?next=/people")
    assert browser.prove(who, place="/again").location == "/people"
    office.wait(seconds=60)
    browser.get("/people")
    return who, browser


def sign_in_again(office: Office, who: Insider) -> Browser:
    """Sign a person in again with a fresh second factor."""
    browser = office.signed_in(who)
    browser.get("/again?next=/people")
    assert browser.prove(who, place="/again").location == "/people"
    browser.get("/people")
    return browser


def invite(browser: Browser, role: str = "auditor", **more: str) -> str:
    """Invite a person. Return the code of the shown link, or "" if it was refused."""
    browser.get("/people")
    typed = {"name": "New One", "login": "new", "role": role, "service": "", "language": "en", **more}
    page = browser.send("/people/invite", typed).get_data(as_text=True)
    found = re.search(r"/welcome\?code=([^<\s]+)", page)
    return html.unescape(found[1]) if found else ""


def some_service(office: Office) -> str:
    """Return a service of the directory, which has the made-up services from then on."""
    services, coordinators = sample("KG", "Asia/Bishkek", office.clock.at.date())
    with office.console.db.write() as tx:
        replace_directory.replace_all(tx, "KG", services, coordinators)
    return str(services[0].id)


def form_to(browser: Browser, end: str) -> str:
    return next(part.partition('"')[0] for part in browser.page.split('action="') if f'{end}"' in part[:80])


def test_an_invited_person_signs_up_with_a_link_that_is_shown_once(office: Office) -> None:
    _, aida = coordinator(office)
    code = invite(aida)
    assert office.accept(code).person.role is Role.AUDITOR
    assert code not in aida.get("/people").get_data(as_text=True)
    assert "New One" in aida.page


def test_r08_a_new_coordinator_needs_the_approval_of_a_second(office: Office) -> None:
    """Two coordinators together lift a freeze, unlock and approve phones. So one must not create the other."""
    aida_account, aida = coordinator(office)
    code = invite(aida, "coordinator")
    assert office.console.invitations.look_up(code) is None
    _, bek = coordinator(office, "bek")
    bek.get("/people")
    agree = form_to(bek, "/agree")
    aida.get("/people")
    assert "/agree" not in aida.page
    assert aida.post(agree, aida.hidden(form_to(aida, "/off"))).location == "/people?said=own"
    assert office.console.invitations.look_up(code) is None
    assert bek.send(agree).location == "/people?said=agreed"
    assert office.accept(code).person.role is Role.COORDINATOR
    with office.console.db.read() as tx:
        assert [each.action for each in audit_log.search(tx, actor=aida_account.person.id)][-1] == "invited"


def test_r08_an_approval_is_for_one_invitation_only(office: Office) -> None:
    """A new invitation needs a new approval, since another person may have the link."""
    _, aida = coordinator(office)
    invite(aida, "coordinator")
    _, bek = coordinator(office, "bek")
    bek.get("/people")
    bek.send(form_to(bek, "/agree"))
    assert office.console.invitations.look_up(invite(aida, "coordinator")) is None


def test_r08_two_accounts_of_one_person_cannot_approve_together(office: Office) -> None:
    """This holds even if it becomes known only after the approval that they belong to one person."""
    one, aida = coordinator(office)
    code = invite(aida, "coordinator")
    two, bek = coordinator(office, "bek")
    bek.get("/people")
    assert bek.send(form_to(bek, "/agree")).location == "/people?said=agreed"
    assert office.console.invitations.look_up(code) is not None
    with office.console.db.write() as tx:
        for each in (one, two):
            people.change(tx, each.person.id, {"contact": "kg-coordinator-1"})
    assert office.console.invitations.look_up(code) is None
    bek.get("/people")
    assert bek.send(form_to(bek, "/agree")).location == "/people?said=own"


def test_r08_an_approval_lasts_as_long_as_the_invitation(office: Office) -> None:
    _, aida = coordinator(office)
    code = invite(aida, "coordinator")
    _, bek = coordinator(office, "bek")
    bek.get("/people")
    bek.send(form_to(bek, "/agree"))
    office.wait(hours=60)
    with office.console.db.write() as tx:
        approvals.sweep(tx, office.console.now() - APPROVALS)
    assert office.console.invitations.look_up(code) is not None


@pytest.mark.parametrize("role", ["caseworker", "lead"])
def test_r32_an_account_of_a_service_needs_the_approval_of_a_second(office: Office, role: str) -> None:
    """Such an account may see numbers. One deceived coordinator must not be able to create one of any service."""
    aida_account, aida = coordinator(office)
    service = some_service(office)
    code = invite(aida, role, service=service)
    assert office.console.invitations.look_up(code) is None
    assert "when a second coordinator has approved" in aida.page
    with office.console.db.write() as tx:
        vetting = office.console.invitations.vetting
        (waits,) = vetting.waiting(tx)
        assert vetting.agree(tx, ref_of(waits), aida_account.person) == "own"
    assert office.console.invitations.look_up(code) is None
    _, bek = coordinator(office, "bek")
    bek.get("/people")
    assert bek.send(form_to(bek, "/agree")).location == "/people?said=agreed"
    assert office.accept(code).person.service == service


def test_r32_with_one_coordinator_the_second_approval_is_given_on_the_server(office: Office) -> None:
    """The approval gives a name, which is logged, and the name must not be that of the inviter."""
    _, aida = coordinator(office)
    code = invite(aida, "caseworker", service=some_service(office))
    office.wait(minutes=5)
    vetting = office.console.invitations.vetting
    with office.console.db.write() as tx:
        assert vetting.agree_here(tx, "new", "aida") == "own"
        assert vetting.agree_here(tx, "other", "erlan") == "gone"
        assert vetting.agree_here(tx, "new", "erlan") == "agreed"
        assert [each.action for each in audit_log.search(tx, actor="erlan")] == ["agreed_person"]
    assert office.accept(code).person.role is Role.CASEWORKER


def test_the_last_coordinator_who_can_be_called_cannot_be_disabled(office: Office) -> None:
    """Otherwise nobody would be told of a request that no service takes."""
    with office.console.db.write() as tx:
        one, two = sample("KG", "Asia/Bishkek", office.clock.at.date())[1][:2]
        replace_directory.replace_all(tx, "KG", [], [one, two])
    _, aida = coordinator(office)
    bek, cholpon = (office.insider(Role.COORDINATOR, login) for login in ("bek", "cholpon"))
    with office.console.db.write() as tx:
        for who, phone in ((bek, one), (cholpon, two)):
            people.change(tx, who.person.id, {"contact": phone.id})
    for who, reply in ((bek, "disabled"), (cholpon, "last")):
        aida.get("/people")
        assert aida.send(f"/people/{who.person.id}/disable").location == f"/people?said={reply}"
    with office.console.db.write() as tx:
        there = people.get(tx, cholpon.person.id)
        assert there is not None
        assert there.disabled is None
        assert not on_call.is_empty(tx, "KG")
        with pytest.raises(LastCoordinator):
            office.console.invitations.disable(tx, there, None)
        people.change(tx, there.id, {"disabled": office.console.now()})
        assert on_call.is_empty(tx, "KG")


def test_r08_linking_an_account_and_a_telephone_needs_two_people_and_three_days(office: Office) -> None:
    """One person asks, about a colleague.

    Another approves after three days, or the colleague if there is no third person.
    """
    some_service(office)
    aida_account, aida = coordinator(office)
    bek_account, bek = coordinator(office, "bek")
    place = f"/people/{bek_account.person.id}/telephone"
    aida.get("/people")
    assert f"/people/{aida_account.person.id}/telephone" not in aida.page
    assert aida.send(place, {"contact": "kg-coordinator-1"}).location == "/people?said=asked"
    aida.get("/people")
    assert "/agree" not in aida.page
    bek.get("/people")
    agree = form_to(bek, "/agree")
    assert aida.post(agree, aida.hidden(form_to(aida, "/off"))).location == "/people?said=asked_it"
    assert bek.send(agree).location == "/people?said=early"
    office.wait(hours=73)
    with office.console.db.write() as tx:
        assert approvals.sweep(tx, office.console.now() - APPROVALS - timedelta(hours=72)) == 0
    bek = sign_in_again(office, bek_account)
    assert bek.send(agree).location == "/people?said=joined"
    with office.console.db.read() as tx:
        assert people.person_of(tx, bek_account.person.id) == "kg-coordinator-1"
        done = [each.action for each in audit_log.search(tx, ref=bek_account.person.id)]
    assert done[-3:] == ["asked_telephone", "agreed_telephone", "telephone"]


@pytest.mark.parametrize(
    "what", ["called off", "the one who asked was taken out", "too late", "no such telephone", "by", "at"]
)
def test_r08_these_things_prevent_linking_an_account_and_a_telephone(office: Office, what: str) -> None:
    some_service(office)
    aida, bek, cholpon = (office.insider(Role.COORDINATOR, login).person for login in ("aida", "bek", "cholpon"))
    linking = Linking(office.console.invitations, timedelta(hours=72))
    with office.console.db.write() as tx:
        contact = "nobody" if what == "no such telephone" else "kg-coordinator-1"
        assert linking.ask(tx, bek, contact, aida) == (contact != "nobody")
        with pytest.raises(NotAllowed):
            linking.ask(tx, aida, contact, aida)
        refs = [each.ref for each in linking.waiting(tx)]
        if what == "called off":
            assert linking.call_off(tx, refs[0], cholpon)
        if what == "the one who asked was taken out":
            office.console.invitations.disable(tx, aida, None)
        if what in {"by", "at"}:  # an attacker with write access claims that another person asked, or earlier
            earlier = {"by": cholpon.id, "at": office.clock() - timedelta(hours=1)}
            tx.execute(sa.update(assent).values({what: earlier[what]}))
    office.wait(days=6 if what == "too late" else 3, hours=1)
    with office.console.db.write() as tx:
        assert linking.waiting(tx) == []
        assert [linking.agree(tx, ref, cholpon) for ref in refs] == ["gone"] * len(refs)
        assert people.person_of(tx, bek.id) == bek.id


@pytest.mark.parametrize("role", ["coordinator", "auditor"])
def test_r08_an_invitation_of_a_disabled_person_lets_nobody_in(office: Office, role: str) -> None:
    """The link may still be in the hands of the inviter."""
    aida_account, aida = coordinator(office)
    code = invite(aida, role)
    _, bek = coordinator(office, "bek")
    bek.get("/people")
    if role == "coordinator":
        bek.send(form_to(bek, "/agree"))
        bek.get("/people")
    assert office.console.invitations.look_up(code) is not None
    bek.send(f"/people/{aida_account.person.id}/disable")
    assert office.console.invitations.look_up(code) is None


def test_any_coordinator_can_cancel_an_invitation(office: Office) -> None:
    _, aida = coordinator(office)
    code = invite(aida, "coordinator")
    _, bek = coordinator(office, "bek")
    bek.get("/people")
    agree, off = form_to(bek, "/agree"), form_to(bek, "/off")
    proof = bek.hidden(agree)
    assert bek.send(off).location == "/people?said=off"
    assert bek.post(agree, proof).location == "/people?said=gone"
    assert office.console.invitations.look_up(code) is None


def test_a_person_is_disabled_at_once(office: Office) -> None:
    worker = office.insider(Role.CASEWORKER, "worker")
    browser = office.signed_in(worker)
    _, aida = coordinator(office)
    aida.get("/people")
    assert aida.send(f"/people/{worker.person.id}/disable").location == "/people?said=disabled"
    assert browser.get("/account").location.startswith("/login")
    assert "Closed, " in aida.get("/people").get_data(as_text=True)


def cannot_reopen(office: Office, closed: Insider, by: Insider) -> bool:
    """Try to open a closed account again. Return whether it was refused and stays closed."""

    def reopened() -> None:
        with office.console.db.write() as tx:
            account = people.get(tx, closed.person.id)
            assert account is not None
            office.console.invitations.reopen(tx, account, by.person)

    with pytest.raises(NotAllowed):
        reopened()
    with office.console.db.read() as tx:
        return people.has_left(tx, closed.person.id)


def test_closing_an_account_can_be_taken_back_for_ten_minutes(office: Office) -> None:
    worker = office.insider(Role.CASEWORKER, "worker")
    who, aida = coordinator(office)
    place = f"/people/{worker.person.id}"
    assert aida.send(f"{place}/disable").location == "/people?said=disabled"
    office.wait(minutes=9)
    aida = sign_in_again(office, who)
    assert f"{place}/reopen" in aida.get("/people").get_data(as_text=True)
    assert aida.send(f"{place}/reopen").location == "/people?said=reopened"
    assert office.signed_in(worker).get("/account").status_code == 200
    aida.get("/people")
    aida.send(f"{place}/disable")
    office.wait(seconds=UNDO.total_seconds() + 1)
    aida = sign_in_again(office, who)
    assert f"{place}/reopen" not in aida.get("/people").get_data(as_text=True)
    assert cannot_reopen(office, worker, who)
    with office.console.db.read() as tx:
        assert len(audit_log.search(tx, action="reopened", ref=worker.person.id)) == 1


def test_r32_nobody_opens_an_account_that_another_coordinator_closed(office: Office) -> None:
    """Two people let somebody in. Opening it again must not be the way for one (decision 16)."""
    worker = office.insider(Role.CASEWORKER, "worker")
    (who, aida), (_, bek) = coordinator(office), coordinator(office, "bek")
    place = f"/people/{worker.person.id}"
    for browser, act, said in (
        (aida, "disable", "disabled"),
        (aida, "reopen", "reopened"),
        (bek, "disable", "disabled"),
    ):
        browser.get("/people")
        assert browser.send(f"{place}/{act}").location == f"/people?said={said}"
    assert f"{place}/reopen" not in aida.get("/people").get_data(as_text=True)
    assert cannot_reopen(office, worker, who)


@pytest.mark.parametrize("earlier", [timedelta(), timedelta(days=300)])
def test_r32_closing_an_account_again_does_not_let_one_coordinator_open_it(office: Office, earlier: timedelta) -> None:
    """A page that was open all the time still has the button."""
    worker = office.insider(Role.CASEWORKER, "worker")
    with office.console.db.write() as tx:
        office.console.invitations.disable(tx, worker.person, None)
    office.wait(seconds=earlier.total_seconds())
    other = office.insider(Role.CASEWORKER, "other")
    who, aida = coordinator(office)
    place, proof = f"/people/{worker.person.id}", aida.hidden(f"/people/{other.person.id}/disable")
    assert aida.post(f"{place}/disable", proof).location == "/people?said=disabled"
    assert f"{place}/reopen" not in aida.get("/people").get_data(as_text=True)
    assert cannot_reopen(office, worker, who)


def test_a_coordinator_ends_sessions_and_resets_a_lost_factor(office: Office) -> None:
    worker = office.insider(Role.CASEWORKER, "worker")
    browser = office.signed_in(worker)
    _, aida = coordinator(office)
    aida.get(f"/people/{worker.person.id}/sure/end")
    assert "This cannot be taken back." in aida.page
    assert aida.send(f"/people/{worker.person.id}/end").location == "/people?said=ended"
    assert browser.get("/account").location.startswith("/login")
    aida.get(f"/people/{worker.person.id}/sure/reset")
    page = aida.send(f"/people/{worker.person.id}/reset").get_data(as_text=True)
    found = re.search(r"/welcome\?code=([^<\s]+)", page)
    assert found
    opened = office.console.invitations.look_up(html.unescape(found[1]))
    assert opened is not None
    assert opened.invitation.keeps_password
    assert "They need their old password, too." in page


def test_a_new_person_is_asked_for_no_old_password(office: Office) -> None:
    _, aida = coordinator(office)
    invite(aida)
    assert "works once, within three days" in aida.page
    assert "old password" not in aida.page


@pytest.mark.parametrize("what", ["end", "reset"])
def test_nobody_is_signed_out_before_the_page_that_says_so(office: Office, what: str) -> None:
    """Neither can be taken back. A form of a page that was loaded earlier leads to the question, too."""
    worker = office.insider(Role.CASEWORKER, "worker")
    browser = office.signed_in(worker)
    me, aida = coordinator(office)
    here = f"/people/{worker.person.id}"
    aida.get("/people")
    assert f'href="{here}/sure/{what}"' in aida.page
    assert f'action="{here}/{what}"' not in aida.page
    proof = {name: value for name, value in aida.hidden(f"{here}/disable").items() if name != "sure"}
    assert aida.post(f"{here}/{what}", proof).location == f"{here}/sure/{what}"
    assert browser.get("/account").status_code == 200
    assert aida.get(f"/people/{me.person.id}/sure/{what}").status_code == 404
    assert aida.get(f"{here}/sure/disable").status_code == 404


@pytest.mark.parametrize("what", ["disable", "end", "reset"])
def test_coordinators_cannot_do_this_to_themselves_or_to_unknown_people(office: Office, what: str) -> None:
    worker = office.insider(Role.CASEWORKER, "worker")
    me, aida = coordinator(office)
    assert f"/people/{me.person.id}/" not in aida.get("/people").get_data(as_text=True)
    if what != "disable":
        aida.get(f"/people/{worker.person.id}/sure/{what}")
    proof = aida.hidden(f"/people/{worker.person.id}/{what}")
    for id in (me.person.id, "nobody"):
        assert aida.post(f"/people/{id}/{what}", proof).status_code == 404
    with office.console.db.read() as tx:
        there = people.get(tx, me.person.id)
    assert there is not None
    assert there.disabled is None


def test_all_faults_of_an_invitation_are_reported_at_once(office: Office) -> None:
    _, aida = coordinator(office)
    assert invite(aida, "caseworker", name="", login="x", language="xx") == ""
    for fault in ("A name is needed", "A login has 3 to 32 characters", "belongs to a service", "Choose a language"):
        assert fault in aida.page, fault
    assert invite(aida, login="aida") == ""
    assert "has this login" in aida.page


def lead(office: Office, service: str) -> tuple[Insider, Browser]:
    """Return the lead of a service, who has just entered a second factor."""
    who = office.insider(Role.LEAD, "lead", service)
    browser = office.signed_in(who)
    browser.get("/again?next=/colleagues")
    assert browser.prove(who, place="/again").location == "/colleagues"
    office.wait(seconds=60)
    return who, browser


def invite_colleague(browser: Browser, **more: str) -> str:
    """Invite a colleague. Return the code of the shown link, or "" if it was refused."""
    browser.get("/colleagues")
    typed = {"name": "New One", "login": "new", "language": "en", **more}
    page = browser.send("/colleagues/invite", typed).get_data(as_text=True)
    found = re.search(r"/welcome\?code=([^<\s]+)", page)
    return html.unescape(found[1]) if found else ""


def test_r32_a_lead_invites_a_caseworker_of_their_own_service_and_a_coordinator_approves(office: Office) -> None:
    """Whatever role or service the form names: a form that was changed gives nothing more."""
    service = some_service(office)
    _, boss = lead(office, service)
    code = invite_colleague(boss, role="coordinator", service="")
    assert office.console.invitations.look_up(code) is None, "a coordinator has not approved it"
    assert "A coordinator has not approved it yet" in boss.get("/colleagues").get_data(as_text=True)
    assert "Did a colleague lose their telephone? Call a coordinator at once" in boss.page
    _, aida = coordinator(office)
    assert aida.send(form_to(aida, "/agree")).location == "/people?said=agreed"
    person = office.accept(code).person
    assert (person.role, person.service) == (Role.CASEWORKER, service)
    assert "New One" in boss.get("/colleagues").get_data(as_text=True)


def test_r32_a_lead_invites_nobody_to_another_service_or_role(office: Office) -> None:
    service = some_service(office)
    boss, _ = lead(office, service)
    invitations = office.console.invitations
    for role, of in ((Role.CASEWORKER, "other"), (Role.LEAD, service), (Role.COORDINATOR, ""), (Role.AUDITOR, "")):
        wanted = Person("", "New One", "new", role, of, "en", "")
        with pytest.raises(NotAllowed), office.console.db.write() as tx:
            invitations.invite(tx, InvitationRequest(wanted, boss.person))


def test_a_lead_does_not_replace_the_invitation_of_somebody_else(office: Office) -> None:
    service = some_service(office)
    _, boss = lead(office, service)
    _, aida = coordinator(office)
    code = invite(aida)
    assert invite_colleague(boss) == ""
    assert office.accept(code).person.role is Role.AUDITOR


def test_a_lead_approves_no_invitation(office: Office) -> None:
    service = some_service(office)
    boss, browser = lead(office, service)
    invite_colleague(browser)
    vetting = office.console.invitations.vetting
    with office.console.db.write() as tx:
        (waiting,) = vetting.waiting(tx)
        with pytest.raises(NotAllowed):
            vetting.agree(tx, ref_of(waiting), boss.person)


def test_the_page_of_an_invitation_says_to_somebody_who_is_signed_in_that_it_invites_nobody(office: Office) -> None:
    _, aida = coordinator(office)
    assert "It does not invite anybody." in aida.get("/welcome").get_data(as_text=True)
    assert "It does not invite anybody." not in office.browser().get("/welcome").get_data(as_text=True)
