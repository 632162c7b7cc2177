"""Signing in: what it requires, what it reveals, and what it stores."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from helpline.accounts import invitations, sessions, throttle
from helpline.accounts.browser import Visitor
from helpline.accounts.credentials import IN_INVITATION, LETTERS, code_now, invitation_of
from helpline.accounts.throttle import Count, Limit
from helpline.accounts.vetting import NotAllowed
from helpline.staff.roles import Permission, Role, Session, recently_authenticated
from helpline.store import audit_log
from helpline.store.schema import audit, invitation, login_try, person, web_session
from tests.gateway.console.office import ELSEWHERE, OFFICE, PASSWORD, Browser, Office
from tests.world import MORNING, World, keys


@pytest.fixture
def office(world: World) -> Office:
    """An office beside a whole service, on each kind of database."""
    return Office.on(world.db)


def refused(browser: Browser, login: str, password: str) -> str:
    """Try to sign in. Return the page without the values of its fields."""
    browser.get("/login")
    assert browser.send("/login", {"login": login, "password": password}).status_code == 422
    return re.sub(r' value="[^"]*"', "", browser.page)


def test_signing_in_needs_both_steps(office: Office) -> None:
    who, browser = office.insider(), office.browser()
    assert browser.log_in(who).location == "/second"
    assert browser.get("/account").location == "/second?next=/account"
    assert browser.prove(who).location == "/"
    assert browser.get("/").location == "/cases"
    page = browser.get("/account").get_data(as_text=True)
    assert "Firefox, Linux (this one)" in page
    assert "192.0.0.0/16" in page
    assert OFFICE not in page


def test_every_refused_sign_in_looks_and_costs_the_same(office: Office) -> None:
    """A wrong password, an unknown login and a disabled one give the same page, and one comparison each."""
    known, gone = office.insider(), office.insider(Role.LEAD)
    with office.console.db.write() as tx:
        office.console.invitations.disable(tx, gone.person, None)
    pages, counts = [], []
    for login, password in (
        ("caseworker", "wrong"),
        ("nobody.at.all", "wrong"),
        ("lead", PASSWORD),
        ("", ""),
        ("x" * 5000, "y" * 5000),
    ):
        before = office.counted.times
        pages.append(refused(office.browser(), login, password))
        counts.append(office.counted.times - before)
    assert known.person.login == "caseworker"
    assert counts == [1] * 5
    assert len(set(pages)) == 1


def test_a_code_is_accepted_once(office: Office) -> None:
    """A person who looked over a shoulder comes too late. So does an older code of the last minute."""
    who, one, other = office.insider(), office.browser(), office.browser()
    code = office.code(who)
    one.log_in(who)
    other.log_in(who)
    assert one.prove(who, code).location == "/"
    assert other.prove(who, code).status_code == 422
    office.wait(seconds=30)
    assert other.prove(who, code).status_code == 422
    assert other.prove(who).location == "/"


@pytest.mark.parametrize(("off", "good"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_code_of_a_neighbouring_step_is_accepted(office: Office, off: int, good: bool) -> None:
    """One step either way is accepted. More than that is another code."""
    who, browser = office.insider(), office.browser()
    office.clock.at = MORNING + timedelta(hours=1)
    browser.log_in(who)
    office.clock.at += timedelta(seconds=off)
    code = office.code(who)
    office.clock.at -= timedelta(seconds=off)
    assert (browser.prove(who, f" {code[:3]} {code[3:]}").status_code == 303) is good


def test_a_recovery_code_is_accepted_once(office: Office) -> None:
    who, browser = office.insider(), office.browser()
    browser.log_in(who)
    assert browser.prove(who, who.recovery[3].upper().replace("-", " ")).location == "/"
    assert "Recovery codes left: 9" in browser.get("/account").get_data(as_text=True)
    again = office.browser()
    again.log_in(who)
    assert again.prove(who, who.recovery[3]).status_code == 422
    assert again.prove(who, who.recovery[4]).location == "/"
    other = office.insider(Role.LEAD)
    third = office.browser()
    third.log_in(other)
    assert third.prove(other, who.recovery[5]).status_code == 422


def test_each_step_of_signing_in_replaces_the_token(office: Office) -> None:
    """Session fixation: each step gives the browser a new token."""
    who, browser = office.insider(), office.browser()
    browser.get("/login")
    held = [browser.cookie()]
    browser.log_in(who)
    held.append(browser.cookie())
    browser.prove(who)
    held.append(browser.cookie())
    office.wait(minutes=6)
    browser.get("/again?next=/account")
    assert browser.send("/again", {"code": office.code(who)}).location == "/account"
    held.append(browser.cookie())
    assert len(set(held)) == 4
    assert browser.get("/account").status_code == 200
    for token in held[:3]:
        thief = office.browser()
        thief.client.set_cookie(office.console.cookie, token)
        assert thief.get("/account").location.startswith("/login")


def test_a_planted_token_is_not_accepted(office: Office) -> None:
    who, browser = office.insider(), office.browser()
    browser.client.set_cookie(office.console.cookie, "planted-by-somebody-else")
    browser.log_in(who)
    browser.prove(who)
    assert browser.cookie() != "planted-by-somebody-else"


@pytest.mark.parametrize(
    ("url", "name", "secure"), [("https://desk.example.org", "__Host-komek", True), ("", "komek", False)]
)
def test_the_cookie_has_its_flags(world: World, url: str, name: str, secure: bool) -> None:
    office = Office.on(world.db, console_url=url)
    response = office.browser().get("/login")
    (cookie,) = response.headers.getlist("Set-Cookie")
    parts = [part.strip() for part in cookie.split(";")]
    assert parts[0].startswith(f"{name}=")
    assert {"HttpOnly", "Path=/", "SameSite=Strict"} <= set(parts)
    assert ("Secure" in parts) is secure
    assert not any(part.startswith(("Domain", "Expires", "Max-Age")) for part in parts)
    assert ("Strict-Transport-Security" in response.headers) is secure


def test_a_session_ends_after_15_idle_minutes_or_12_hours(office: Office) -> None:
    who = office.insider()
    browser = office.signed_in(who)
    office.wait(minutes=13)
    assert browser.get("/account").status_code == 200
    office.wait(minutes=14)
    assert browser.get("/account").status_code == 200
    office.wait(minutes=15)
    assert browser.get("/account").location.startswith("/login")
    browser = office.signed_in(who)
    for _ in range(71):
        office.wait(minutes=10)
        assert browser.get("/account").status_code == 200
    office.wait(minutes=10)
    assert browser.get("/account").location.startswith("/login")


def test_half_a_sign_in_gives_no_access_and_ends_after_five_minutes(office: Office) -> None:
    who, browser = office.insider(), office.browser()
    browser.log_in(who)
    office.wait(minutes=5)
    assert browser.get("/second").location == "/login"
    assert not sessions_of(office, who.person.id)


def sessions_of(office: Office, id: str) -> list[Session]:
    with office.console.db.read(office.clock()) as tx:
        alive = sessions.of_person(tx, id, office.console.sign_in.idle)
    return [each for each in alive if each.created > MORNING]


def test_signing_out_ends_the_session_itself(office: Office) -> None:
    """Not only the cookie: a copy of it is worthless."""
    who, browser = office.insider(), office.browser()
    for place, to in (("/sign-out", "/login"), ("/leave", "/away")):
        browser = office.signed_in(who)
        browser.get("/account")
        token = browser.cookie()
        response = browser.send(place)
        assert response.location == to
        assert browser.cookie() == ""
        thief = office.browser()
        thief.client.set_cookie(office.console.cookie, token)
        assert thief.get("/account").location.startswith("/login")
    away = browser.get("/away").get_data(as_text=True)
    assert "Komek" not in away


def test_a_person_sees_and_ends_their_sessions(office: Office) -> None:
    who = office.insider()
    here, there = office.signed_in(who), office.signed_in(who, ELSEWHERE)
    page = here.get("/account").get_data(as_text=True)
    assert "198.51.0.0/16" in page
    newest = sessions_of(office, who.person.id)[0]
    assert here.send(f"/account/sessions/{newest.id}/end").location == "/account?done=session"
    assert there.get("/account").location.startswith("/login")
    third = office.signed_in(who)
    here.get("/account")
    assert here.send("/account/sessions/end-others").location == "/account?done=others"
    assert third.get("/account").location.startswith("/login")
    assert here.get("/account").status_code == 200


def test_nobody_can_end_another_persons_session(office: Office) -> None:
    victim, other = office.insider(), office.insider(Role.LEAD)
    victims_browser, own_browser = office.signed_in(victim), office.signed_in(other)
    own_browser.get("/account")
    session = sessions_of(office, victim.person.id)[0]
    proof = own_browser.hidden("/account/looks")
    own_browser.post(f"/account/sessions/{session.id}/end", proof)
    assert victims_browser.get("/account").status_code == 200


def test_the_waits_double_up_to_a_limit() -> None:
    limit = Limit(3, timedelta(seconds=60))
    assert [limit.wait(n).total_seconds() for n in (0, 2, 3, 4, 5, 8, 9, 5000)] == [0, 0, 1, 2, 4, 32, 60, 60]
    assert not throttle.waits(limit, None, MORNING)
    assert throttle.waits(limit, Count(4, MORNING), MORNING + timedelta(seconds=1.9))
    assert not throttle.waits(limit, Count(4, MORNING), MORNING + timedelta(seconds=2))


def test_wrong_tries_make_even_the_right_password_wait(office: Office) -> None:
    """With the same words and the same work. Then the right password is accepted and the count starts again."""
    who, browser = office.insider(), office.browser(ELSEWHERE)
    page = ""
    for _ in range(7):
        page = refused(browser, "caseworker", "wrong")
        office.wait(seconds=0.5)
    before = office.counted.times
    assert refused(browser, "caseworker", PASSWORD) == page
    assert office.counted.times == before + 1
    office.wait(seconds=60)
    assert browser.log_in(who).location == "/second"
    assert refused(browser, "caseworker", "wrong") == page
    assert browser.log_in(who).location == "/second"


def test_a_stranger_cannot_lock_anybody_out(office: Office) -> None:
    """A person at an address from which they signed in lately does not wait for others' wrong tries."""
    who = office.insider()
    stranger = office.browser(ELSEWHERE)
    for _ in range(30):
        refused(stranger, "caseworker", "wrong")
        office.wait(minutes=1)
    refused(stranger, "caseworker", "wrong")
    assert office.browser(OFFICE).log_in(who).location == "/second"
    office.wait(seconds=61)
    assert office.browser("203.0.113.5").log_in(who).location == "/second"


def test_one_address_cannot_try_many_accounts(office: Office) -> None:
    """After twenty tries it must wait. Then nothing more is compared, so it learns nothing and costs nothing."""
    who = office.insider()
    stranger = office.browser(ELSEWHERE)
    for number in range(27):
        refused(stranger, f"somebody{number}", "wrong")
        office.wait(seconds=0.01 if number > 20 else 1)
    before = office.counted.times
    assert stranger.log_in(who).status_code == 422
    assert office.counted.times == before
    assert office.browser("203.0.113.5").log_in(who).location == "/second"
    office.wait(minutes=15)
    assert stranger.log_in(who).location == "/second"


def test_guessing_codes_is_throttled(office: Office) -> None:
    """After five tries waits grow, also over new sessions. The right code must wait too, and then counts."""
    who, browser = office.insider(), office.browser()
    browser.log_in(who)
    for guess in range(12):
        assert browser.prove(who, f"{guess:06}").status_code == 422
        office.wait(seconds=1)
    browser = office.browser()
    browser.log_in(who)
    assert browser.prove(who).status_code == 422
    office.wait(minutes=15)
    browser.log_in(who)
    assert browser.prove(who).location == "/"


def test_no_login_and_no_address_is_in_the_database(office: Office, world: World) -> None:
    refused(office.browser(ELSEWHERE), "somebody.at.all", "wrong")
    for row in (*world.rows(login_try), *world.rows(web_session)):
        assert "somebody.at.all" not in str(row)
        assert ELSEWHERE not in str(row)
    assert world.rows(login_try)


def test_no_secret_is_in_the_database(office: Office, world: World) -> None:
    who = office.insider()
    browser = office.signed_in(who)
    everything = "".join(str(list(row)) for table in person.metadata.sorted_tables for row in world.rows(table))
    for secret in (who.secret, browser.cookie(), PASSWORD, *who.recovery, who.recovery[0].replace("-", "")):
        assert secret not in everything
    (row,) = world.rows(person)
    assert row.password.startswith("$argon2id$")


def test_an_invitation_is_valid_once_and_for_three_days(office: Office) -> None:
    code = office.invite(Role.CASEWORKER)
    office.accept(code)
    assert office.console.invitations.look_up(code) is None
    late = office.invite(Role.LEAD)
    office.wait(days=3)
    browser = office.browser()
    browser.get(f"/welcome?code={late}")
    assert browser.send("/welcome", {"code": late}).status_code == 422
    assert office.console.invitations.look_up("") is None
    visitor = Visitor.of(OFFICE, "")
    assert office.console.invitations.accept(late, PASSWORD, "000000", visitor) == ["invitation"]


OLD_CODE = "Zk0-1lIoO_aB3dE5fG7hJ9kM2nP4qR6sT8uV-wX_yZ1"
TYPED = {
    "abcd-efgh-jkmn": "abcdefghjkmn",
    " ABCD EFGH JKMN ": "abcdefghjkmn",
    "a b c d e f g h j k m n": "abcdefghjkmn",
    "a  b  c  d - e  f  g  h - j  k  m  n": "abcdefghjkmn",
    f" {OLD_CODE}\n": OLD_CODE,
    "": "",
}


@pytest.mark.parametrize("typed", TYPED)
def test_the_code_of_an_invitation_may_be_typed_with_any_blanks_and_a_longer_one_of_before_as_it_is(typed: str) -> None:
    assert invitation_of(typed) == TYPED[typed]


@pytest.mark.engines
def test_only_one_of_two_can_use_an_invitation(office: Office, world: World) -> None:
    """One succeeds. The other is told, and no account is left of them."""
    code = office.invite(Role.CASEWORKER)
    with office.console.db.write(office.clock()) as tx:
        assert invitations.use(tx, office.console.sign_in.key.token(f"invitation {invitation_of(code)}"))
        assert not invitations.use(tx, office.console.sign_in.key.token(f"invitation {invitation_of(code)}"))
    assert office.console.invitations.look_up(code) is None
    assert not world.rows(person)


def test_the_code_of_an_invitation_can_be_read_out_by_telephone(office: Office) -> None:
    """Twelve letters that do not look alike, in groups. Capitals and spaces do not matter, a wrong letter does."""
    code = office.invite(Role.CASEWORKER)
    assert re.fullmatch(f"([{LETTERS}]{{4}}-){{2}}[{LETTERS}]{{4}}", code)
    for typed in (code.upper(), code.replace("-", " "), f" {code.replace('-', '')}\n"):
        found = office.console.invitations.look_up(typed)
        assert found is not None
        assert found.invitation.role is Role.CASEWORKER
    wrong = code[:-1] + ("3" if code[-1] == "2" else "2")
    for typed in (wrong, code[:-1], code + "2", ""):
        assert office.console.invitations.look_up(typed) is None
    assert len(LETTERS) ** IN_INVITATION > 1000 * 3 * 86_400 * 100 * 10_000_000  # tries × open invitations × margin


def test_a_later_invitation_replaces_the_earlier_one(office: Office) -> None:
    first, second = office.invite(Role.CASEWORKER), office.invite(Role.CASEWORKER)
    assert office.console.invitations.look_up(first) is None
    office.accept(second)


@pytest.mark.engines
def test_of_two_invitations_to_one_login_made_at_once_one_makes_an_account_and_the_other_says_why_not(
    office: Office, world: World
) -> None:
    """On PostgreSQL neither transaction sees the other's invitation, so none replaces the other."""
    code = office.invite(Role.CASEWORKER)
    (row,) = world.rows(invitation)
    taken = office.invite(Role.CASEWORKER)
    with office.console.db.write() as tx:
        tx.execute(sa.insert(invitation).values(**row._mapping))
    insider, welcome = office.accept(taken), office.console.invitations.look_up(code)
    assert welcome is not None
    browser = office.browser()
    browser.get(f"/welcome?code={code}")
    browser.send("/welcome", {"code": code})
    typed = {"password": PASSWORD, "repeat": PASSWORD, "digits": code_now(welcome.secret, office.clock())}
    refused = browser.send("/welcome/set-up", typed)
    assert refused.status_code == 422
    assert "This invitation cannot be used" in browser.page
    assert [row.id for row in world.rows(person)] == [insider.person.id]


@pytest.mark.engines
def test_an_invited_person_creates_an_account_on_the_pages(office: Office) -> None:
    """Weak passwords and wrong codes are reported together, and the invitation remains."""
    code, browser = office.invite(Role.COORDINATOR), office.browser()
    browser.get(f"/welcome?code={code}")
    assert browser.send("/welcome", {"code": code}).status_code == 200
    assert "Welcome, Demo coordinator" in browser.page
    weak = browser.send("/welcome/set-up", {"password": "aaaa", "repeat": "aaaa", "digits": "000000"})
    assert weak.status_code == 422
    assert browser.page.count("<li><a href=") == 3
    assert (
        browser.send("/welcome/set-up", {"password": PASSWORD, "repeat": "another one", "digits": ""}).status_code
        == 422
    )
    welcome = office.console.invitations.look_up(code)
    assert welcome is not None
    typed = {"password": PASSWORD, "repeat": PASSWORD, "digits": code_now(welcome.secret, office.clock())}
    done = browser.send("/welcome/set-up", typed)
    assert done.status_code == 200
    assert browser.page.count("<li><code>") == 10
    assert browser.get("/account").status_code == 200


def test_r32_a_wrong_code_of_the_app_keeps_the_new_password_for_this_invitation_alone(office: Office) -> None:
    """The page holds a sealed hash of it, never the password. A weak password is not kept."""
    code, browser = office.invite(Role.COORDINATOR), office.browser()
    other = office.invite(Role.COORDINATOR, "another")
    browser.get(f"/welcome?code={code}")
    browser.send("/welcome", {"code": code})
    assert (
        browser.send("/welcome/set-up", {"password": "aaaa", "repeat": "aaaa", "digits": "000000"}).status_code == 422
    )
    assert 'name="kept"' not in browser.page
    browser.send("/welcome/set-up", {"password": PASSWORD, "repeat": PASSWORD, "digits": "000000"})
    kept = browser.hidden("/welcome/set-up")["kept"]
    assert 'type="password"' not in browser.page
    assert PASSWORD not in browser.page
    invitations, visitor = office.console.invitations, Visitor.of(OFFICE, "")
    welcome, foreign = invitations.look_up(code), invitations.look_up(other)
    assert welcome is not None
    assert foreign is not None
    now = office.clock()
    for wrong in (kept[:-4], "no base64", "é"):
        digits = code_now(welcome.secret, now)
        assert isinstance(invitations.accept(code, "", digits, visitor, wrong), list)
    assert isinstance(invitations.accept(other, "", code_now(foreign.secret, now), visitor, kept), list)
    browser.send("/welcome/set-up", {"digits": "111111"})
    done = browser.send("/welcome/set-up", {"digits": code_now(welcome.secret, now)})
    assert done.status_code == 200
    assert browser.page.count("<li><code>") == 10
    opened = office.console.sign_in.first_step(welcome.invitation.login, PASSWORD, visitor)
    assert opened is not None, "the password is the one that was typed first"


def test_only_coordinators_and_leads_invite_and_nobody_resets_themselves(office: Office) -> None:
    roles = {role: office.insider(role).person for role in Role}
    second = office.insider(Role.COORDINATOR, "second").person
    for role in set(Role) - {Role.COORDINATOR, Role.LEAD}:
        with pytest.raises(NotAllowed):
            office.invite(Role.CASEWORKER, "new", by=roles[role])
    office.invite(Role.CASEWORKER, "new", by=roles[Role.COORDINATOR])
    with office.console.db.write() as tx:
        for by, whose in ((roles[Role.LEAD], roles[Role.CASEWORKER]), (second, second)):
            with pytest.raises(NotAllowed):
                office.console.invitations.reset(tx, whose, by)
            with pytest.raises(NotAllowed):
                office.console.invitations.disable(tx, whose, by)
        office.console.invitations.reset(tx, roles[Role.COORDINATOR], second)
        office.console.invitations.reset(tx, roles[Role.CASEWORKER], second)


def test_a_coordinator_removes_a_lost_second_factor(office: Office, world: World) -> None:
    """A coordinator removes it and open sessions end. A new one needs the password, which the coordinator lacks."""
    who, by = office.insider(), office.insider(Role.COORDINATOR).person
    browser = office.signed_in(who)
    with office.console.db.write() as tx:
        code = office.console.invitations.reset(tx, who.person, by)
    assert browser.get("/account").location.startswith("/login")
    lost = office.browser()
    lost.log_in(who)
    assert lost.prove(who).status_code == 422
    assert lost.prove(who, who.recovery[0]).status_code == 422
    welcome = office.console.invitations.look_up(code)
    assert welcome is not None
    visitor = Visitor.of(ELSEWHERE, "")
    digits = code_now(welcome.secret, office.clock())
    assert office.console.invitations.accept(code, "made up by the coordinator", digits, visitor) == ["password"]
    again = office.accept(code, address=OFFICE)
    assert again.person.id == who.person.id
    assert office.signed_in(again).get("/account").status_code == 200
    logged = [(row.actor, row.action) for row in world.rows(audit)]
    assert (by.id, "reset_factor") in logged
    assert (who.person.id, "accepted") in logged
    with world.db.read() as tx:
        assert audit_log.broken_at(tx, office.console.sign_in.audit_key) is None


def test_a_forgotten_password_has_its_own_action_in_the_log(office: Office, world: World) -> None:
    who = office.insider()
    with office.console.db.write() as tx:
        code = office.console.invitations.reset(tx, who.person, None, password=True)
    again = office.accept(code, "quite another password")
    assert office.browser().log_in(again, "quite another password").location == "/second"
    assert ("komek", "reset_all") in [(row.actor, row.action) for row in world.rows(audit)]


def test_a_new_password_ends_all_other_sessions(office: Office) -> None:
    who = office.insider()
    other, here = office.signed_in(who), office.signed_in(who)
    here.get("/account")
    before = here.cookie()
    new = "an even better password"
    assert here.send("/account/password", {"old": "wrong", "new": new, "repeat": new}).status_code == 422
    assert here.send("/account/password", {"old": PASSWORD, "new": new, "repeat": "another"}).status_code == 422
    assert (
        here.send("/account/password", {"old": PASSWORD, "new": new, "repeat": new}).location
        == "/account?done=password"
    )
    assert here.cookie() != before
    assert here.get("/account").status_code == 200
    assert other.get("/account").location.startswith("/login")
    assert office.browser().log_in(who).status_code == 422
    assert office.browser().log_in(who, new).location == "/second"


def test_a_person_changes_their_authenticator_app(office: Office) -> None:
    who = office.insider()
    browser = office.signed_in(who)
    browser.get("/account/app")
    shown = browser.page.partition('class="key">Key: ')[2].partition("<")[0]
    secret = shown.replace(" ", "")
    assert browser.send("/account/app", {"digits": "000000"}).status_code == 422
    assert shown in browser.page
    assert browser.send("/account/app", {"digits": code_now(secret, office.clock())}).location == "/account?done=app"
    office.wait(minutes=1)
    again = office.browser()
    again.log_in(who)
    assert again.prove(who).status_code == 422
    assert again.prove(who, code_now(secret, office.clock())).location == "/"


def test_important_actions_ask_for_the_second_factor_again_after_five_minutes(office: Office) -> None:
    who = office.insider()
    browser = office.signed_in(who)
    assert browser.get("/account/app").status_code == 200
    office.wait(minutes=5)
    assert browser.get("/account/app").location == "/again?next=/account/app"
    browser.get("/account")
    assert 'action="/account/password"' not in browser.page
    browser.get("/again?next=/account/app")
    assert browser.send("/again", {"code": "000000"}).status_code == 422
    assert browser.send("/again", {"code": office.code(who)}).location == "/account/app"
    assert browser.get("/account/app").status_code == 200


def test_a_second_factor_from_the_future_does_not_count() -> None:
    """The machine's clock was set back. It is better to ask once more than never again."""
    session = Session("s", "p", MORNING, MORNING, MORNING + timedelta(hours=12), MORNING, "", "")
    assert recently_authenticated(session, MORNING + timedelta(minutes=4, seconds=59))
    assert not recently_authenticated(session, MORNING + timedelta(minutes=5))
    assert not recently_authenticated(session, MORNING - timedelta(seconds=1))


def test_typed_text_survives_the_end_of_a_session(office: Office) -> None:
    """It is sealed, for an hour, for the same person only. Passwords and codes are not stored."""
    who, other = office.insider(), office.insider(Role.LEAD)
    browser = office.signed_in(who)
    browser.get("/account")
    office.wait(minutes=20)
    typed = {"language": "ru", "zone": "Asia/Bishkek", "password": "not to be kept"}
    to_login = browser.send("/account/looks", typed).location
    assert to_login == "/login?next=/account"
    with office.console.db.read(office.clock()) as tx:
        sealed = sessions.draft_of(tx, who.person.id, "/account/looks")
    assert sealed is not None
    assert b"Asia" not in sealed
    assert "not to be kept" not in (
        office.console.sign_in.key.open(f"draft {who.person.id} /account/looks", sealed) or ""
    )
    assert "had ended" not in office.signed_in(other).get("/account").get_data(as_text=True)
    browser.get(to_login)
    browser.send("/login", {"login": who.person.login, "password": PASSWORD})
    browser.prove(who)
    page = browser.get("/account").get_data(as_text=True)
    assert "What you typed is here again" in page
    assert "<option selected>Asia/Bishkek" in page
    assert browser.send("/account/looks", typed).location == "/account?done=looks"
    assert "снова здесь" not in browser.get("/account").get_data(as_text=True)


def test_typed_text_is_deleted_after_signing_out(office: Office) -> None:
    """Neither an hour later, nor for a forged form."""
    who = office.insider()
    for ends in ("/leave", "late", "forged"):
        browser = office.signed_in(who)
        browser.get("/account")
        form = {**browser.hidden("/account/looks"), "zone": "Asia/Bishkek", "language": "ru"}
        if ends == "/leave":
            token = browser.cookie()
            browser.send("/leave")
            browser.client.set_cookie(office.console.cookie, token)
        else:
            office.wait(minutes=20)
        browser.post("/account/looks", form if ends != "forged" else {**form, "_form": "x.y"})
        office.wait(minutes=61 if ends == "late" else 0)
        assert "had ended" not in office.signed_in(who).get("/account").get_data(as_text=True), ends


def test_dates_are_in_the_viewers_zone(office: Office) -> None:
    """The country's zone, until the person chooses another."""
    browser = office.signed_in(office.insider())
    assert f"{(MORNING + timedelta(hours=6)):%d.%m.%Y %H}:01" in browser.get("/account").get_data(as_text=True)
    assert browser.send("/account/looks", {"language": "en", "zone": "UTC"}).status_code == 303
    page = browser.get("/account").get_data(as_text=True)
    assert f"{MORNING:%d.%m.%Y %H}:01" in page
    assert f'datetime="{MORNING:%Y-%m-%dT%H}:01' in page


@pytest.mark.engines
def test_the_sweep_deletes_expired_rows(office: Office, world: World) -> None:
    who = office.insider()
    office.invite(Role.LEAD)
    refused(office.browser(), "x", "y")
    browser = office.browser()
    browser.log_in(who)
    office.signed_in(who).get("/account")
    with world.db.write(office.clock() + timedelta(days=1)) as tx:
        sessions.sweep(tx)
        invitations.sweep(tx.at(office.clock() + timedelta(days=4)))
    assert len(world.rows(web_session)) == 2  # the half session is deleted; a known address stays for thirty days
    assert not world.rows(login_try)
    assert not world.rows(invitation)
    with world.db.write(office.clock() + timedelta(days=31)) as tx:
        sessions.sweep(tx)
    assert not world.rows(web_session)
    assert world.rows(person)


def test_the_session_key_opens_no_number() -> None:
    assert keys()["session_key"] not in {keys()[name] for name in keys() if name != "session_key"}
    assert Permission.REVEAL.value == "reveal"
