"""Only accounts that were written with the contact key count. Any other lets nobody in, whatever its row says."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from helpline.accounts.vetting import ref_of
from helpline.keys.row_seal import NoContactKey
from helpline.staff import people, raid_lock
from helpline.staff.raid_lock import Way
from helpline.staff.roles import Role
from helpline.store.engine import Database
from helpline.store.schema import assent, invitation, person, recovery, web_session
from tests.conftest import Databases
from tests.gateway.console.office import PASSWORD, Browser, Insider, Office

ATTACKERS_PASSWORD = "a password of their own"
TO_COORDINATOR = {"role": "coordinator", "service": ""}


@pytest.fixture
def office(new_sqlite: Databases) -> Office:
    return Office.on(new_sqlite())


def alter(office: Office, who: Insider, **values: Any) -> None:
    """Change the row of an account, as an attacker with write access would."""
    with office.console.db.write() as tx:
        tx.execute(sa.update(person).where(person.c.id == who.person.id).values(**values))


def column(office: Office, who: Insider, name: str) -> Any:
    with office.console.db.read() as tx:
        return tx.execute(sa.select(person.c[name]).where(person.c.id == who.person.id)).scalar_one()


def is_out(office: Office, browser: Browser, who: Insider, password: str = PASSWORD) -> bool:
    """Whether the open session is refused and a new sign-in too."""
    gone = browser.get("/account").location == "/login?next=/account"
    return gone and office.browser().log_in(who, password).status_code == 422


@pytest.mark.parametrize(
    "values",
    [
        TO_COORDINATOR,
        {"service": "ngo-2"},
        {"contact": "kg-coordinator-1"},
        {"name": "Aida"},
        {"totp": None},
        {"mac": ""},
    ],
    ids=lambda values: next(iter(values)),
)
def test_r32_an_account_changed_by_sql_lets_nobody_in(office: Office, values: dict[str, Any]) -> None:
    who = office.insider()
    browser = office.signed_in(who)
    alter(office, who, **values)
    assert is_out(office, browser, who)


def test_r32_a_password_inserted_by_sql_opens_nothing(office: Office) -> None:
    """The attacker puts their password hash into the victim's row, then everything else that signs in."""
    victim, attacker = office.insider(Role.COORDINATOR), office.accept(office.invite(Role.AUDITOR), ATTACKERS_PASSWORD)
    browser = office.signed_in(victim)
    alter(office, victim, password=column(office, attacker, "password"))
    assert is_out(office, browser, victim, ATTACKERS_PASSWORD)
    alter(office, victim, totp=column(office, attacker, "totp"))
    assert is_out(office, browser, victim, ATTACKERS_PASSWORD)


def test_r32_the_mac_of_one_account_is_not_valid_for_another(office: Office) -> None:
    """The same holds if the whole row is copied under another id and login."""
    victim, attacker = office.insider(Role.COORDINATOR), office.insider(Role.AUDITOR)
    browser = office.signed_in(attacker)
    alter(office, attacker, role="coordinator", mac=column(office, victim, "mac"))
    assert is_out(office, browser, attacker)
    with office.console.db.write() as tx:
        row = dict(tx.execute(sa.select(person).where(person.c.id == victim.person.id)).mappings().one())
        tx.execute(sa.insert(person).values({**row, "id": "a" * 32, "login": "forged"}))
        copied = people.by_login(tx, "forged")
    assert copied is not None
    assert is_out(office, office.browser(), Insider(copied, victim.secret, []))


def test_r32_a_disabled_account_cannot_be_enabled_by_sql(office: Office) -> None:
    who = office.insider()
    browser = office.signed_in(who)
    with office.console.db.write() as tx:
        office.console.invitations.disable(tx, who.person, None)
    alter(office, who, disabled=None)
    assert is_out(office, browser, who)


def test_r32_a_coordinator_made_by_sql_cannot_unlock(office: Office) -> None:
    first, forged = office.insider(Role.COORDINATOR), office.insider(Role.AUDITOR)
    alter(office, forged, role="coordinator")
    now, key = office.clock(), office.console.sign_in.audit_key
    with office.console.db.write(now) as tx:
        raid_lock.lock(tx, "komek", key)
        assert not any(raid_lock.unlock(tx, who.person.id, key, Way.ACCOUNT) for who in (forged, first))
        assert raid_lock.agreed(tx, Way.ACCOUNT) == [first.person.id]


def rewrite(office: Office, who: Insider, **values: Any) -> None:
    """Change the rows of a person's sessions."""
    with office.console.db.write() as tx:
        tx.execute(sa.update(web_session).where(web_session.c.person == who.person.id).values(**values))


def test_r32_a_session_cannot_be_moved_to_another_person_by_sql(office: Office) -> None:
    """The attacker writes the victim's id into their row, or their token's hash into the victim's row."""
    victim, attacker = office.insider(Role.COORDINATOR), office.insider(Role.AUDITOR)
    victims_browser, attackers_browser = office.signed_in(victim), office.signed_in(attacker)
    hash = hash_of(office, attackers_browser)
    rewrite(office, attacker, person=victim.person.id)
    assert attackers_browser.get("/people").location == "/login?next=/people"
    with office.console.db.write() as tx:
        tx.execute(sa.delete(web_session).where(web_session.c.token == hash))
        tx.execute(
            sa.update(web_session).where(web_session.c.token == hash_of(office, victims_browser)).values(token=hash)
        )
    assert attackers_browser.get("/people").location == "/login?next=/people"


def hash_of(office: Office, browser: Browser) -> str:
    return office.console.sign_in.key.token(browser.cookie())


def test_r32_a_session_cannot_get_a_second_factor_by_sql(office: Office) -> None:
    """Nor can a row make the second factor more recent."""
    who, browser = office.insider(Role.COORDINATOR), office.browser()
    browser.log_in(who)
    rewrite(office, who, proved=office.clock(), until=office.clock() + timedelta(hours=1))
    assert browser.get("/people").location == "/login?next=/people"
    whole = office.signed_in(who)
    office.wait(minutes=6)
    rewrite(office, who, proved=office.clock())
    assert whole.get("/people").location == "/login?next=/people"


def test_r32_a_recovery_code_cannot_be_moved_to_another_person_by_sql(office: Office) -> None:
    """An attacker who knows the password and can write the database gives the victim a recovery code of their own."""
    victim, attacker = office.insider(Role.COORDINATOR), office.insider(Role.AUDITOR)
    with office.console.db.write() as tx:
        tx.execute(sa.update(recovery).where(recovery.c.person == attacker.person.id).values(person=victim.person.id))
    browser = office.browser()
    browser.log_in(victim)
    assert browser.prove(victim, attacker.recovery[0]).status_code == 422
    assert browser.prove(victim, victim.recovery[0]).location == "/"


@pytest.mark.parametrize(
    "values",
    [TO_COORDINATOR, {"person": ""}, {"keeps_password": False}, {"invited_by": "a" * 32}, {"login": "boss"}],
    ids=lambda values: next(iter(values)),
)
def test_r32_an_invitation_cannot_be_changed_by_sql(office: Office, values: dict[str, Any]) -> None:
    """Otherwise a person invited as an auditor could sign up as a coordinator, or in place of one."""
    who = office.insider(Role.AUDITOR)
    with office.console.db.write() as tx:
        reset = office.console.invitations.reset(tx, who.person, None)
        kept = dict(tx.execute(sa.select(invitation).where(invitation.c.used.is_(None))).mappings().one())
        tx.execute(sa.update(invitation).where(invitation.c.used.is_(None)).values(**values))
    assert office.console.invitations.look_up(reset) is None
    with office.console.db.write() as tx:
        tx.execute(
            sa.update(invitation).where(invitation.c.used.is_(None)).values(**{name: kept[name] for name in values})
        )
    assert office.console.invitations.look_up(reset) is not None


def test_r32_the_approval_of_an_invitation_cannot_be_written_by_sql(office: Office) -> None:
    """Nor does an approval count that was given to another invitation, or in another's name."""
    aida, bek = office.insider(Role.COORDINATOR, "aida").person, office.insider(Role.COORDINATOR, "bek").person
    vetting = office.console.invitations.vetting
    code, other = (office.invite(Role.CASEWORKER, login, by=aida) for login in ("one", "other"))
    office.wait(seconds=1)
    with office.console.db.write() as tx:
        invited, others = vetting.waiting(tx)
        assert vetting.agree(tx, ref_of(others), bek) == "agreed"
        (yes,) = tx.execute(sa.select(assent)).mappings().all()
        for ref, by in ((ref_of(invited), bek.id), (yes["ref"], "somebody"), ("", bek.id)):
            tx.execute(sa.insert(assent).values({**yes, "ref": ref, "by": by}))
    assert office.console.invitations.look_up(other) is not None
    assert office.console.invitations.look_up(code) is None
    with office.console.db.write() as tx:
        assert vetting.agree(tx, ref_of(invited), bek) == "agreed"
    assert office.console.invitations.look_up(code) is not None


def test_later_changes_do_not_make_a_forged_account_valid(office: Office) -> None:
    """Disabling such an account still works. Settings that give no power change freely."""
    who, other = office.insider(), office.insider(Role.LEAD)
    alter(office, who, **TO_COORDINATOR)
    alter(office, other, language="ru", zone="UTC", totp_last=column(office, other, "totp_last"))
    with office.console.db.write() as tx:
        assert people.change(tx, who.person.id, {"zone": "UTC"})
        office.console.invitations.disable(tx, who.person, None)
        assert not any(each.sealed for each in people.everybody(tx) if each.id == who.person.id)
    assert column(office, who, "disabled") == office.clock()
    assert office.signed_in(other).get("/account").status_code == 200


def test_a_changed_account_is_reported_by_its_id(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    """In the log, which alerts a person, and to coordinators on the page of all people."""
    coordinator, who = office.insider(Role.COORDINATOR), office.insider()
    alter(office, who, **TO_COORDINATOR)
    assert office.browser().log_in(who).status_code == 422
    (line,) = [each for each in caplog.records if each.getMessage() == "account_not_sealed"]
    assert (vars(line)["ids"], line.levelname) == ({"about": who.person.id}, "ERROR")
    assert "somebody changed it outside the console" in office.signed_in(coordinator).get("/people").get_data(
        as_text=True
    )


def test_an_unknown_role_hides_nobody_from_the_list(office: Office) -> None:
    """Otherwise one such row would hide from everybody that it was changed."""
    who = office.insider()
    alter(office, who, role="queen")
    with office.console.db.read() as tx:
        assert [each.sealed for each in people.everybody(tx) if each.id == who.person.id] == [False]
    assert office.browser().log_in(who).status_code == 422


def test_without_the_key_no_account_counts_and_none_can_be_written(office: Office) -> None:
    """That is the case in the public process."""
    who = office.insider()
    bare = Database(office.console.db.engine)
    with bare.write() as tx:
        assert [each.sealed for each in people.everybody(tx)] == [False]
        with pytest.raises(NoContactKey):
            people.change(tx, who.person.id, TO_COORDINATOR)
        with pytest.raises(NoContactKey):
            people.add(tx, who.person, "", b"", office.clock(), "test")
