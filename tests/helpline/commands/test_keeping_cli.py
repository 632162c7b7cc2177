"""The commands for operators, each run on a real deployment as a person types it."""

import json
import os
import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from helpline.cli import komek
from helpline.commands.translate.review import all_reviews
from helpline.content.reviews import Mark, hash_of
from helpline.content.sources import ROOT
from helpline.core import clock
from helpline.core.clock import DemoClock
from helpline.core.job_queue import connect as connect_queue
from helpline.core.process_keys import KEYS, PREFIX
from helpline.operations import health_figures, heartbeats
from helpline.operations.refused_requests import Fault, RefusedRequests
from helpline.referral import harms
from helpline.staff import people, raid_lock, review_marks
from helpline.staff.roles import Person, Role
from helpline.store import channel_states
from helpline.store.connection import connect
from helpline.store.engine import Database
from helpline.store.migrate import BEHIND
from helpline.store.schema import block, request, vault
from tests.steps.month import fill
from tests.workers.conftest import Server
from tests.world import CALLER, MORNING, OTHER, World, keys

Run = Callable[..., Result]


class Here:
    """A demo's folder with keys and a database, and `komek` in it, both at ten in the morning of the same day."""

    def __init__(self, folder: Path, template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.template = folder, template
        for name in [name for name in os.environ if name.startswith(PREFIX)]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("KOMEK_DATA", str(folder))
        (folder / "keys").mkdir(parents=True)
        for name, key in keys().items():
            (folder / "keys" / name).write_text(key)
        DemoClock(folder / "demo-clock").move(MORNING - clock.real())  # the clock that commands use, as the world does
        self.db = self.database("komek.sqlite3")
        self.world = World.on(self.db)

    def database(self, name: str) -> Database:
        shutil.copy(self.template, self.folder / name)
        return connect(f"sqlite:///{self.folder / name}")

    def __call__(self, *words: str, code: int = 0) -> str:
        """Run a command that must succeed. Return its output."""
        done = CliRunner().invoke(komek, list(words))
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        assert done.exit_code == code, done.output
        assert CALLER[4:] not in done.output
        return done.output


@pytest.fixture
def here(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch):
    it = Here(tmp_path / "data", sqlite_template, monkeypatch)
    yield it
    it.db.dispose()


def test_lock_and_unlock_print_the_state(here: Here) -> None:
    assert "number access is not locked" in here("unlock", "--by", "aida")
    assert "number access is locked: no number is shown" in here("lock", "--by", "Aida")
    assert "already locked" in here("lock", "--by", "Bek")
    assert "the raid lock is on" in here("directory", "export", "-", code=1)
    assert "BAD  number access: locked since" in here("doctor", code=1)
    assert "a second person" in here("unlock", "--by", "aida", code=1)
    assert "unlocked" in here("unlock", "--by", "bek")
    assert "number access: unlocked" in here("doctor", code=1)  # no clock process runs here
    assert "1 to 40" in here("lock", "--by", " ", code=2)


def test_doctor_says_when_the_last_backup_was_made(here: Here) -> None:
    assert "backup: none yet; `komek backup DIR` makes one now, or says why it cannot" in here("doctor", code=1)
    with here.db.write(MORNING) as tx:
        heartbeats.record_heartbeat(tx, health_figures.BACKUP)
    assert f"backup: the last one was made {MORNING:%Y-%m-%d %H:%M} UTC\n" in here("doctor", code=1)


def test_doctor_names_who_gets_no_texts_because_no_channel_reaches_them(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "ok   channels: all are reached" in here("doctor", code=1)
    file = here.folder / "channels.yaml"
    file.write_text('channels: [{name: a, kind: emulator, countries: ["992"]}]')
    monkeypatch.setenv("KOMEK_CHANNELS_FILE", str(file))
    monkeypatch.setenv("KOMEK_CONTACT_KEY", keys()["contact_key"])
    told = next(line for line in here("doctor", code=1).splitlines() if "channels: none" in line)
    assert told.startswith("BAD")
    assert "kg-coordinator-2" in told


def test_doctor_says_the_codes_of_each_operator_and_what_was_refused(
    here: Here, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    server = Server(tmp_path / "valkey")
    server.folder.mkdir()
    server.begin()
    try:
        file = here.folder / "channels.yaml"
        file.write_text('channels: [{name: a, kind: emulator, codes: {Operator A: ["*500#", 4040], Operator B: 4041}}]')
        monkeypatch.setenv("KOMEK_CHANNELS_FILE", str(file))
        monkeypatch.setenv("KOMEK_REDIS_URL", server.url)
        assert "ok   codes of a: Operator A *500# 4040, Operator B 4041" in here("doctor", code=1)
        refused = RefusedRequests(lambda: connect_queue(server.url, seconds=10), clock.real)
        refused.add("a", Fault.SECRET)
        assert refused.flush()
        assert "ok   requests refused by a: 1 wrong secret\n" in here("doctor", code=1)
        refused.add("a", Fault.FORM)
        assert refused.flush()
        assert "BAD  requests refused by a: 1 not what this channel sends, 1 wrong secret; l" in here("doctor", code=1)
    finally:
        server.end()


def test_doctor_says_for_how_many_texts_the_balance_is_enough(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    file, now = here.folder / "channels.yaml", datetime.now(UTC)  # with a channels file, the clock is the real one
    file.write_text("channels: [{name: a, kind: emulator, rate: 2.5, price: 0.5, low_balance: 50}]")
    monkeypatch.setenv("KOMEK_CHANNELS_FILE", str(file))
    with here.db.write(now) as tx:
        channel_states.note_success(tx, "a")
        channel_states.note_balance(tx, "a", 84.75)
    told = next(line for line in here("doctor", code=1).splitlines() if "channel a:" in line)
    assert told.startswith("ok")
    assert "at most 2.5 a second, balance 84.75 at " in told
    assert told.endswith("(about 169 parts of texts)")
    with here.db.write(now - timedelta(days=2)) as tx:
        channel_states.note_balance(tx, "a", 84.75)
    told = next(line for line in here("doctor", code=1).splitlines() if "channel a:" in line)
    assert told.startswith("BAD")
    assert told.endswith("; it has not said its balance since: see gateway_silent in the log")
    with here.db.write(now) as tx:
        channel_states.note_balance(tx, "a", 49.99)
    told = next(line for line in here("doctor", code=1).splitlines() if "channel a:" in line)
    assert told.startswith("BAD")
    assert "the balance is low: top it up" in told


def test_doctor_names_who_locked(here: Here) -> None:
    who = Person("f" * 32, "Aida Demo", "aida", Role.COORDINATOR, "", "en", "")
    with here.world.db.write(here.world.clock()) as tx:
        people.add(tx, who, "hash", b"", here.world.clock(), "test")
        raid_lock.lock(tx, who.id, b"key", way=raid_lock.Way.ACCOUNT)
    assert "UTC, by Aida Demo" in here("doctor", code=1)


def test_doctor_names_an_account_that_was_written_by_sql(here: Here) -> None:
    who = Person("f" * 32, "Aida Demo", "aida", Role.AUDITOR, "", "en", "")
    with here.world.db.write() as tx:
        people.add(tx, who, "hash", b"", here.world.clock(), "test")
    assert "ok   accounts: all are sealed" in here("doctor", code=1)
    with here.world.db.write() as tx:
        tx.exec_driver_sql("update person set role = 'coordinator'")
    assert "BAD  accounts: aida not sealed, cannot sign in: see `komek people list`" in here("doctor", code=1)


def test_the_marks_of_the_console_are_printed_for_the_content(here: Here) -> None:
    """Those of words that have changed since are left out."""
    text = "to_caller.ask"
    reviews = next(each for each in all_reviews(ROOT) if "ky" in each.book.languages)
    now = hash_of(reviews.wording(text, "ky"))
    assert "0 marks to add" in here("translate", "marks")
    with here.db.write() as tx:
        review_marks.add(tx, "f" * 32, Mark(text, "ky", "Aida", "2026-11-24", now))
        review_marks.add(tx, "f" * 32, Mark(text, "ky", "Bek", "2026-11-24", "0" * 16))
    printed = here("translate", "marks")
    assert f'text: {text}, language: ky, reviewer: "Aida", on: 2026-11-24, hash: "{now}"' in printed
    assert "Bek" not in printed


def test_audit_verifies_compares_and_searches(here: Here) -> None:
    to, code = here.world.claimed()
    here.world.text(to, f"НОМЕР {code}")
    head = re.search(r"2 rows, head ([0-9a-f]{8})", here("audit", "verify"))
    assert head
    assert here("audit", "verify", "--head", head[1].upper()).startswith("ok")
    assert "BAD no row has the code 00000000" in here("audit", "verify", "--head", "00000000", code=1)
    (row,) = here.world.rows(request)
    assert here("audit", "search", "--request", row.id).count("\n") == 3
    assert "\treveal\t" in here("audit", "search", "--actor", "kg-country", "--since", "2026-11-24")
    assert here("audit", "search", "--since", "2036-11-24") == "0 rows\n"
    with here.db.write() as tx:
        tx.exec_driver_sql("drop trigger audit_no_update")
        tx.exec_driver_sql("update audit set actor = 'nobody' where seq = 1")
    assert "BAD row 1 was changed" in here("audit", "verify", code=1)


def test_harm_is_listed_until_it_is_reviewed(here: Here) -> None:
    with here.db.write(here.world.clock()) as tx:
        harms.add(tx, "r1", "caller", harms.CALL)
    id, *_ = here("harm", "list").split("\t")
    assert here("harm", "review", id, "--by", "aida") == "reviewed\n"
    assert "no entry" in here("harm", "review", id, "--by", "aida", code=1)
    assert here("harm", "list") == "0 entries\n"
    assert "reviewed by aida" in here("harm", "list", "--all")


def test_r29_an_export_of_cases_holds_none_and_is_audited(here: Here, tmp_path: Path) -> None:
    here.world.ask()
    file = tmp_path / "cases.json"
    here("export", "htcds", str(file), "--by", "Aigul")
    assert json.loads(file.read_text())["cases"] == []
    assert "aigul\texport_htcds\tKG" in here("audit", "search", "--actor", "aigul")
    here("lock", "--by", "Aigul")
    assert "raid lock" in here("export", "htcds", str(file), "--by", "Aigul", code=1)


def test_blocks_are_added_listed_and_lifted(here: Here) -> None:
    here.world.ask()
    here.world.run()
    (row,) = here.world.rows(request)
    id = here("block", "add", row.id, "--by", "aida", "--reason", "plays with us").split()[0]
    assert "plays with us" in here("block", "list")
    assert "blocks: 1 telephones" in here("doctor", code=1)
    assert "no number in it" in here("block", "add", row.id, "--by", "aida", "--reason", "he is 996555", code=1)
    assert "no request" in here("block", "add", "nothing", "--by", "aida", "--reason", "why", code=1)
    assert here("block", "lift", id, "--by", "bek") == "lifted\n"
    assert "no active block" in here("block", "lift", id, "--by", "bek", code=1)
    assert here.world.rows(block) == []


def test_purge_prints_what_it_erased(here: Here) -> None:
    here.world.ask()
    here.world.run()
    withdrawn = here.db
    with withdrawn.write() as tx:
        tx.execute(request.update().values(state="closed"))
    assert re.search(r"^ +1 numbers$", here("purge", "--dry-run"), re.MULTILINE)
    assert len(here.world.rows(vault)) == 1
    assert re.search(r"^ +1 numbers$", here("purge"), re.MULTILINE)
    assert here.world.rows(vault) == []


def test_a_backup_is_made_and_restored(here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here.world.ask()
    here.world.ask(OTHER)
    here.world.run()
    copies = tmp_path / "copies"
    output = here("backup", str(copies))
    assert re.search(r"vault\.komek  \d+ bytes, \d+ rows", output)
    assert re.search(r"main-\d{8}T\d{6}Z\.komek  \d+ bytes, \d+ rows", output)
    assert "not empty" in here("restore", str(copies), "--by", "aida", code=1)
    fresh = here.database("fresh.sqlite3")
    monkeypatch.setenv("KOMEK_DATABASE_URL", f"sqlite:///{here.folder / 'fresh.sqlite3'}")
    assert "2 open requests, 0 closed" in here("restore", str(copies), "--by", "aida")
    assert "ok" in here("audit", "verify")
    (copies / "vault.komek").unlink()
    monkeypatch.setenv("KOMEK_DATABASE_URL", f"sqlite:///{here.folder / 'other.sqlite3'}")
    other = here.database("other.sqlite3")
    assert "--without-vault" in here("restore", str(copies), "--by", "aida", code=1)
    assert "0 open requests, 2 closed" in here("restore", str(copies), "--by", "aida", "--without-vault")
    assert "no backup (main-" in here("restore", str(tmp_path), "--by", "aida", code=1)
    fresh.dispose()
    other.dispose()


def test_a_backup_machine_may_not_have_keys_that_open_numbers(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """In production. All faults are printed at once."""
    for name, value in {
        "KOMEK_CHANNELS": "africastalking",
        "KOMEK_DATABASE_URL": f"sqlite:///{here.folder}/komek.sqlite3",
    }.items():
        monkeypatch.setenv(name, value)
    done = CliRunner().invoke(komek, ["backup", str(here.folder / "copies")])
    assert "KOMEK_BACKUP_KEY is missing" in str(done.exception)
    for name in KEYS:
        monkeypatch.setenv(f"{PREFIX}{name.upper()}", keys()[name])
    monkeypatch.setenv("KOMEK_BACKUP_KEY", keys()["backup_key"])
    done = CliRunner().invoke(komek, ["backup", str(here.folder / "copies")])
    assert "KOMEK_OPENING_KEY must not be given to the backup process" in str(done.exception)
    assert "KOMEK_HASHING_KEY must not be given to the backup process" in str(done.exception)
    for name in ("opening_key", "hashing_key", "contact_key", "session_key"):
        monkeypatch.delenv(f"{PREFIX}{name.upper()}")
    assert "vault.komek" in here("backup", str(here.folder / "copies"))
    monkeypatch.setenv("KOMEK_BACKUP_KEY", "c2hvcnQ=")
    assert "KOMEK_BACKUP_KEY: a key is 32 bytes" in here("backup", str(here.folder / "copies2"), code=1)


def test_stats_hides_small_counts(here: Here) -> None:
    quarter = f"{here.world.clock().year}-Q4"
    assert "requests: fewer than 5" in here("stats", "--quarter", quarter)
    for each in range(6):
        here.world.ask(f"+99600011200{each}")
    with here.db.write() as tx:
        tx.execute(request.update().values(need="wages"))
    output = here("stats", "--quarter", quarter)
    assert "requests: 6" in output
    assert "harm reported: fewer than 5" in output
    told = json.loads(here("stats", "--json", "--quarter", quarter))
    assert told["by"]["need"] == {"wages": 6}
    assert told["by month and"]["need"] == {"2026-11": {"wages": 6}}
    assert "write the quarter as 2026-Q4" in here("stats", "--quarter", "2026", code=2)
    assert here("stats").startswith("20")


def test_r36_harm_of_a_quarter_is_the_sum_that_its_months_show(here: Here) -> None:
    """With six in October and two in November it shows six; otherwise the two would be the difference."""
    october = datetime(2026, 10, 5, tzinfo=UTC)
    with here.db.write() as tx:
        for each in range(8):
            harms.add(tx.at(october if each < 6 else here.world.clock()), f"r{each}", "caller", harms.CALL)
    assert "harm reported: 6\n" in here("stats", "--quarter", "2026-Q4")


def test_a_report_of_a_month_is_written(here: Here) -> None:
    table, paper = here.folder / "report.csv", here.folder / "report.pdf"
    files = ("--csv", str(table), "--pdf", str(paper))
    fill(here.db, datetime(2026, 10, 1, tzinfo=UTC), 60)
    output = here("report", "--month", "2026-10", "--language", "ru", *files)
    assert str(paper) in output
    assert paper.read_bytes().startswith(b"%PDF-")
    before = table.read_text("utf-8-sig")
    assert "2026-10,Отчёт за месяц,Все,60" in before
    fill(here.db, datetime(2026, 10, 1, tzinfo=UTC), 10, seed=2)
    here("report", "--language", "ru", *files)
    assert table.read_text("utf-8-sig") == before
    assert "2026-11 is not over" in here("report", "--month", "2026-11", *files, code=1)
    here("report", "--month", "2026-11", "--draft", *files)
    assert "not for publishing" in table.read_text("utf-8-sig")
    assert "write the month as 2026-11" in here("report", "--month", "november", *files, code=2)
    assert "give --pdf FILE" in here("report", code=2)
    assert "no such service" in here("report", "--service", "nobody", *files, code=2)


@pytest.mark.parametrize("words", [("audit", "verify"), ("purge",), ("stats",), ("lock", "--by", "aida")])
def test_without_a_database_each_command_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("KOMEK_DATA", str(tmp_path / "none"))
    done = CliRunner().invoke(komek, list(words))
    assert done.exit_code == 1
    assert "run `komek migrate` to make one" in done.output
    assert not (tmp_path / "none").exists()


NEED_A_DATABASE = [
    "people list", "directory verify", "harm list", "audit verify", "stats --quarter 2026-Q4", "purge --dry-run", "block list",
]  # fmt: skip


@pytest.mark.parametrize("words", NEED_A_DATABASE)
def test_every_command_reports_a_missing_or_outdated_database(here: Here, words: str) -> None:
    """And creates no empty file, which would look like a database."""
    with here.db.write() as tx:
        tx.execute(sa.text("update alembic_version set version_num = '0001'"))
    assert f"Error: {BEHIND}" in here(*words.split(), code=1)
    here.db.dispose()
    for file in here.folder.glob("komek.sqlite3*"):
        file.unlink()
    assert f"Error: there is no database under {here.folder}" in here(*words.split(), code=1)
    assert not list(here.folder.glob("komek.sqlite3*"))
