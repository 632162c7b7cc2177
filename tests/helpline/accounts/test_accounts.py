"""Accounts created on the server itself, and the checks of a name, a login, a password and a code."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from helpline.accounts import demo_accounts
from helpline.accounts.browser import agent_of, network_of
from helpline.accounts.credentials import (
    HASHER,
    NOBODY,
    Passwords,
    code_now,
    digits_of,
    matched_step,
    new_recovery_codes,
    new_secret,
    recovery_of,
)
from helpline.commands.staff import demo_people
from helpline.commands.staff.console import sign_in_of
from helpline.core.config import Config
from helpline.directory import replace_directory
from helpline.directory.sample import sample
from helpline.keys import keyring
from helpline.staff.roles import MAY, Permission, Person, Role, faults_of, login_of, name_of, password_faults
from helpline.store.connection import connect
from helpline.store.schema import audit, invitation, person
from tests.steps.command_line import Done, komek
from tests.world import World

LINK = re.compile(r"http://localhost:8001/welcome\?code=[a-z0-9]{4}(-[a-z0-9]{4}){2}\n")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The folder of a demo that was started once and has no accounts."""
    keyring.load_or_create(tmp_path / "data" / "keys")
    assert komek("migrate", told={"KOMEK_DATA": str(tmp_path / "data")}).code == 0
    return tmp_path / "data"


def run(data: Path, *words: str) -> Done:
    return komek("people", *words, told={"KOMEK_DATA": str(data)})


def add(data: Path, **more: str) -> Done:
    given = {"name": "Ajar", "login": "ajar", "role": "coordinator", **more}
    return run(data, "add", *[word for name, value in given.items() for word in (f"--{name}", value)])


def test_the_first_coordinator_is_invited_by_a_link(data: Path) -> None:
    """The link is printed once and stored nowhere. A second invitation to a login replaces the first."""
    assert run(data, "list").out.startswith("no accounts yet; invite the first coordinator")
    first, second = add(data), add(data)
    assert (first.code, second.code) == (0, 0)
    assert LINK.match(first.out)
    assert first.out != second.out
    db = connect(f"sqlite:///{data / 'komek.sqlite3'}")
    with db.read() as tx:
        (row,) = tx.execute(invitation.select()).all()
        actions = [each.action for each in tx.execute(audit.select())]
    db.dispose()
    assert first.out.rpartition("=")[2].strip() not in str(row)
    assert actions == ["invited", "invited"]


def test_all_faults_of_an_invitation_are_printed_at_once(data: Path) -> None:
    done = add(data, name="\u202e", login="A B", role="boss", service="nowhere", lang="xx")
    assert (done.code, done.out) == (1, "")
    for fault in ("a name is needed", "the login needs 3 to 32", "there is no role boss; there are caseworker, lead",
                 "there is no such service", "the console has no language xx; choose one of en, ru"):  # fmt: skip
        assert fault in done.errors
    assert "belongs to a service: give its id" in add(data, role="caseworker").errors


def test_accounts_are_listed_disabled_and_reset(data: Path) -> None:
    config = Config(data=data)
    db = connect(config.sql_url).with_contact_key(keyring.load_or_create(data / "keys")["contact_key"])
    printed = list(demo_people.lines(sign_in_of(config, db), "ngo-1"))
    assert len(printed) == 2 + len(demo_accounts.ACCOUNTS)
    rows = run(data, "list").out.splitlines()
    assert [row.split()[0] for row in rows] == sorted(demo_accounts.ACCOUNTS)
    assert run(data, "disable", "lead").out == "lead is disabled\n"
    assert "disabled" in run(data, "list").out
    done = run(data, "reset", "lead")
    assert (done.code, bool(LINK.match(done.out))) == (0, True)
    assert "disabled" not in run(data, "list").out
    with db.read() as tx:
        secrets = {row.login: row.totp for row in tx.execute(person.select())}
    db.dispose()
    assert [login for login, totp in secrets.items() if totp is None] == ["lead"]
    assert run(data, "disable", "nobody").errors == "Error: no account has the login nobody; see `komek people list`\n"
    assert re.fullmatch(r"\d{6}\n", run(data, "code", "auditor").out)


def test_the_list_shows_open_invitations_and_fits_a_terminal(data: Path) -> None:
    """Names and logins may be long. What does not fit has a line of its own."""
    config = Config(data=data)
    db = connect(config.sql_url).with_contact_key(keyring.load_or_create(data / "keys")["contact_key"])
    printed = list(demo_people.lines(sign_in_of(config, db), "ngo-1", ["kg-coordinator-1"]))
    db.dispose()
    assert max(map(len, printed)) <= 80
    name = "A person with a very long name, who leads two services"
    assert add(data, name=name, login="a.login.of.thirty-two.letters.ok").code == 0
    rows = run(data, "list").out.splitlines()
    assert max(map(len, rows)) <= 80
    (at,) = (at for at, row in enumerate(rows) if row.startswith("a.login.of."))
    assert re.fullmatch(r"    invited until \d{4}-\d\d-\d\d", rows[at + 1])
    assert rows[at + 2] == f"    {name}"


def test_an_account_needs_the_keys_and_the_tables(tmp_path: Path) -> None:
    done = run(tmp_path / "data", "list")
    assert done.errors.splitlines() == [
        "KOMEK_AUDIT_KEY is missing",
        "KOMEK_CONTACT_KEY is missing",
        "KOMEK_SESSION_KEY is missing",
        "run `komek up` once; if its folder is another: KOMEK_DATA",
    ]
    keyring.load_or_create(tmp_path / "data" / "keys")
    assert "run `komek migrate` to make one" in run(tmp_path / "data", "list").errors


def test_the_demo_prints_data_to_sign_in_which_stay_the_same(world: World, tmp_path: Path) -> None:
    """A person who was disabled or changed their password in the demo is back after the next start."""
    keyring.load_or_create(tmp_path / "keys")
    sign_in = sign_in_of(Config(data=tmp_path), world.db)
    _, head, *rows = demo_people.lines(sign_in, "ngo-1")
    assert max(map(len, (head, *rows))) <= 80  # a terminal shows each account on one line
    assert head.endswith("code")
    for account, row in zip(demo_accounts.ACCOUNTS, rows, strict=True):
        login, password, secret, _code = row.split()
        assert (login, demo_accounts.of(sign_in, account)) == (account, (password, secret))
    again = list(demo_people.lines(sign_in, "ngo-1"))[2:]
    assert [row.split()[:3] for row in again] == [row.split()[:3] for row in rows]
    assert len(world.rows(person)) == len(demo_accounts.ACCOUNTS)


def test_a_role_without_its_service_may_do_nothing() -> None:
    """It fails closed: a caseworker without a service, a coordinator with one."""
    for role in Role:
        of_a_service = role in {Role.CASEWORKER, Role.LEAD}
        right = Person("p", "n", "l", role, "ngo-1" if of_a_service else "", "en", "")
        wrong = Person("p", "n", "l", role, "" if of_a_service else "ngo-1", "en", "")
        gone = Person("p", "n", "l", role, right.service, "en", "", datetime.now(UTC))
        assert {each for each in Permission if right.may(each)} == MAY[role]
        assert not any(wrong.may(each) or gone.may(each) for each in Permission)


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("  Aida  B. ", "Aida B."),
        ("\u202egro\u200blive", "grolive"),
        ("a\nb\x00", "ab"),
        ("x" * 99, "x" * 60),
        ("\u200b", ""),
    ],
)
def test_a_name_is_one_line_of_visible_letters(typed: str, taken: str) -> None:
    assert name_of(typed) == taken


def test_a_login_is_normalised_before_it_is_compared() -> None:
    assert login_of("  AiDa ") == "aida"
    assert login_of("ａｉｄａ") == "aida"
    assert len(login_of("x" * 9999)) == 64
    good, bad = ("aida", "a.b-c_1", "a" * 32), ("ai", ".aida", "aida-", "a" * 33, "аида", "a b")
    assert not [login for login in good if faults_of("A", login, "auditor", "", frozenset())]
    assert not [login for login in bad if not faults_of("A", login, "auditor", "", frozenset())]


def test_a_password_is_long_and_not_the_login() -> None:
    assert password_faults("four quite unrelated words", "aida") == []
    assert password_faults("короткий", "aida") == ["password_short"]
    assert password_faults("My-AIDA-is-long", "aida") == ["password_login"]
    assert password_faults("abababababab", "aida") == ["password_simple"]
    assert password_faults("abcdef" * 40, "aida") == ["password_long"]


def test_digits_are_read_in_any_script_and_grouping() -> None:
    assert [digits_of(each) for each in (" 123 456", "123-456", "１２３４５６", "١٢٣٤٥٦", "x", "")] == [
        *["123456"] * 4,
        "",
        "",
    ]
    assert recovery_of(" ABCDE fghjk\n") == recovery_of("abcde-fghjk") == "abcdefghjk"
    cyrillic = "асекм-ртухС"
    assert recovery_of(cyrillic) == "acekmptyxc", "a Cyrillic keyboard has the same shapes"
    assert recovery_of("һab") == "hab", "a Kazakh one has an h, too"
    codes = new_recovery_codes()
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"[2-9a-hjkmnp-z]{5}-[2-9a-hjkmnp-z]{5}", code) for code in codes)


def test_a_used_code_and_all_older_ones_are_refused() -> None:
    secret, now = new_secret(), datetime(2026, 11, 24, 4, 0, 10, tzinfo=UTC)
    step = matched_step(secret, code_now(secret, now), now, 0)
    assert step is not None
    assert matched_step(secret, code_now(secret, now), now, step) is None
    assert matched_step(secret, code_now(secret, now), now, step - 1) == step
    assert matched_step(secret, "", now, 0) is None


@pytest.mark.parametrize(
    ("address", "network"),
    [("203.0.113.9", "203.0.0.0/16"), ("2001:db8:1:2::3", "2001:db8::/32"), ("", ""), ("nonsense", "")],
)
def test_a_network_is_stored_coarsely(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("header", "agent"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        ),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_a_browser_is_named_without_its_version(header: str, agent: str) -> None:
    assert agent_of(header) == agent


def test_an_account_is_linked_to_a_coordinator_of_the_directory(data: Path) -> None:
    """On the server, only for a coordinator's account, and only to a coordinator of the directory."""
    config = Config(data=data)
    db = connect(config.sql_url).with_contact_key(keyring.load_or_create(data / "keys")["contact_key"])
    sign_in = sign_in_of(config, db)
    with sign_in.db.write() as tx:
        replace_directory.replace_all(
            tx, "KG", *sample("KG", "Asia/Bishkek", datetime(2026, 11, 24, tzinfo=UTC).date())
        )
    list(demo_people.lines(sign_in, "kg-osh"))

    def joined() -> list[str]:
        with sign_in.db.read() as tx:
            return [row.contact for row in tx.execute(person.select()).all() if row.contact]

    assert run(data, "telephone", "coordinator", "kg-osh").code != 0
    assert "kg-coordinator-1 (" in run(data, "telephone", "coordinator", "nobody").errors
    assert run(data, "telephone", "caseworker", "kg-coordinator-1").code != 0
    assert joined() == []
    assert run(data, "telephone", "coordinator", "kg-coordinator-1").code == 0
    assert joined() == ["kg-coordinator-1"]
    assert run(data, "telephone", "coordinator", "-").code == 0
    assert joined() == []
    sign_in.db.dispose()


def test_an_older_account_counts_once_an_operator_has_sealed_it(data: Path) -> None:
    """The operator gives a name, which is logged. Until then the account lets nobody in."""
    db = connect(Config(data=data).sql_url).with_contact_key(keyring.load_or_create(data / "keys")["contact_key"])
    list(demo_people.lines(sign_in_of(Config(data=data), db), "ngo-1"))
    with db.write() as tx:
        tx.execute(person.update().values(mac=""))
    assert run(data, "list").out.count("not sealed") == len(demo_accounts.ACCOUNTS)
    assert "`komek people seal lead` first" in run(data, "reset", "lead").errors
    assert "--by" in run(data, "seal", "lead").errors
    assert run(data, "seal", "lead", "auditor", "--by", "Ajar").out.startswith(
        "lead can sign in\nauditor can sign in\n"
    )
    assert run(data, "list").out.count("not sealed") == len(demo_accounts.ACCOUNTS) - 2
    with db.read() as tx:
        logged = [(row.actor, row.action) for row in tx.execute(audit.select())]
    db.dispose()
    assert logged == [("ajar", "sealed")] * 2
    assert LINK.match(run(data, "reset", "lead").out)


def test_a_refusal_without_an_account_takes_the_work_of_our_other_hashes() -> None:
    assert not HASHER.check_needs_rehash(NOBODY)
    assert not Passwords().matches(None, "nobody has this password; typing it is refused as well")
