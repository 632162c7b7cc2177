"""`komek directory`, run as users run it: what it prints and how it ends."""

import json
import shutil
from pathlib import Path

import pytest

from helpline.core import clock
from helpline.core.clock import DemoClock
from tests.conftest import Databases
from tests.helpline.directory.hsds.ground import EXAMPLE
from tests.helpline.directory.hsds.published_schema import errors
from tests.steps.command_line import Done, komek
from tests.world import MORNING


@pytest.fixture
def data(new_sqlite: Databases) -> Path:
    """A data folder with a migrated database, whose clock is set to the day of the example's last check."""
    db = new_sqlite()
    path = Path(str(db.engine.url.database))
    DemoClock(path.with_name("demo-clock")).move(MORNING - clock.real())
    return Path(shutil.move(path, path.with_name("komek.sqlite3"))).parent


def directory(data: Path, *arguments: str, **told: str) -> Done:
    return komek("directory", *arguments, told={"KOMEK_DATA": str(data), **told})


def test_a_directory_is_imported_exported_and_test_called(data: Path, tmp_path: Path) -> None:
    """A dry run, the import, both exports, an import of each, the list of test calls, a test call."""
    dry = directory(data, "import", str(EXAMPLE), "--dry-run")
    assert dry.code == 0, dry.errors
    assert "+ service south-house (A safe place)\n" in dry.out
    assert "87 rows added, 0 changed, 0 removed (dry run: nothing was changed)\n" in dry.out
    assert dry.errors.splitlines() == [f"reading {EXAMPLE}", "checking 87 rows"]
    assert directory(data, "export", "-").code == 1, "nothing was written"

    real = directory(data, "import", str(EXAMPLE))
    assert (real.code, real.out.replace("removed\n", "removed (dry run: nothing was changed)\n")) == (0, dry.out)
    assert real.errors.splitlines()[-1] == "writing"
    for path in (tmp_path / "out.json", tmp_path / "out"):
        assert directory(data, "export", str(path)).out == f"87 rows written to {path}\n"
        assert "0 rows added, 0 changed, 0 removed\n" in directory(data, "import", str(path)).out
    again = directory(data, "export", str(tmp_path / "out"))
    assert again.code == 1
    assert "name an empty folder" in again.errors
    assert json.loads(directory(data, "export", "-").out) == json.loads((tmp_path / "out.json").read_text())

    others = directory(data, "export", str(tmp_path / "others.json"), "--standard", "3.0")
    assert others.out == f"3 services written to {tmp_path / 'others.json'}, as HSDS 3.0: only what is public\n"
    listed = json.loads((tmp_path / "others.json").read_text())
    assert [errors("service", each) for each in listed] == [[], [], []]
    assert json.loads(directory(data, "export", "-", "--standard", "3.1").out)[0]["name"] == listed[0]["name"]
    assert "cannot be used with --nested" in directory(data, "export", "-", "--standard", "3.1", "--nested").errors

    assert directory(data, "agree", "--by", "AB").out == ""
    assert "no such telephone waits" in directory(data, "agree", "nothing", "--by", "AB").errors

    due = directory(data, "verify")
    assert due.out.splitlines()[-1] == "3 services are due for a check call"
    assert "north-wages  +996000400002, +996000400001  speaks ky, ru, uz  (" in due.out
    called = directory(data, "verify", "north-wages", "--answered", "--language", "ky", "--by", "AB")
    assert called.out.startswith("saved; north-wages is verified as of 2026-11-24")
    heard = directory(data, "verify", "south-house", "--answered", "--language", "en", "--by", "AB")
    assert heard.out == "saved; south-house is listed with ky, ru, so it stays verified as of 2026-11-17\n"
    silent = directory(data, "verify", "south-house", "--no-answer", "--by", "AB")
    assert silent.out == "saved; south-house did not answer, so it stays verified as of 2026-11-17\n"
    left = directory(data, "verify", "--list").out
    assert "north-wages" not in left
    assert "(at the last test call nobody answered)" in left


def test_all_faults_are_printed_with_file_row_and_field(data: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "bad"))
    for name, before, after in (
        ("service.csv", "2026-11-10", "10.11.26"), ("phone.csv", "+996 000 400002", "12"),
        ("schedule.csv", "09:00,18:00,Asia/Bishkek", "09:00,18:00,Bishkek"),
    ):  # fmt: skip
        path = folder / name
        path.write_text(path.read_text().replace(before, after))
    done = directory(data, "import", str(folder))
    assert done.code == 1
    assert [line.partition(": ")[0] for line in done.out.splitlines()] == [
        "phone.csv row 3, number", "schedule.csv row 2, timezone", "service.csv row 2, assured_date",
        "3 faults; nothing was changed",
    ]  # fmt: skip


def test_made_up_numbers_are_refused_in_production(data: Path) -> None:
    done = directory(data, "import", str(EXAMPLE), KOMEK_CHANNELS="africastalking", KOMEK_AUDIT_KEY="0" * 64)
    assert done.code == 1
    assert "made-up numbers are for the demo" in done.out


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("import", "nowhere.json"), 2, "'nowhere.json' does not exist"),
        (("export", "-"), 1, "no directory was imported yet; run `komek directory import`"),
        (("verify", "a"), 2, "give the result: --answered --language ky, or --no-answer"),
        (("verify", "a", "--answered", "--by", "AB"), 2, "give the language of the person who answered"),
        (("verify", "a", "--answered", "--by", "AB", "--language", "xx"), 2, "--language must be one of en, ru"),
        (("verify", "a", "--no-answer"), 2, "give who called: --by NAME"),
        (("verify", "a", "--no-answer", "--by", "A" * 41), 2, "at most 40 letters"),
        (("verify", "a", "--no-answer", "--by", "AB"), 1, "there is no service a; `komek directory verify` lists them"),
    ],
)  # fmt: skip
def test_an_impossible_command_says_why_in_a_sentence(
    arguments: tuple[str, ...], code: int, message: str, data: Path
) -> None:
    done = directory(data, *arguments)
    assert (done.code, message in done.errors) == (code, True), done.errors


def test_without_a_database_the_command_says_how_to_create_one(tmp_path: Path) -> None:
    done = directory(tmp_path, "verify")
    assert (done.code, "run `komek migrate` to make one" in done.errors) == (1, True)
