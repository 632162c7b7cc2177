"""The commands, run as users run them: what they print, how they end, and what they say about faults."""

import errno
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from sqlalchemy.exc import OperationalError

from helpline import cli
from helpline.content.content_cache import CALLERS
from helpline.content.sources import countries
from helpline.core.config import Config, ConfigError
from helpline.core.languages import LANGUAGES
from helpline.core.process_keys import COPIES_KEYS, HOLDS, KEYS, PREFIX, Role
from helpline.keys import keyring, sealing
from helpline.operations.listening import why_not
from helpline.store.connection import connect
from helpline.store.faults import advice
from helpline.store.migrate import behind
from tests.others import free_port
from tests.steps.command_line import environ, komek, komek_in

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = ("content", "helpline", "menus")


def commands(group: click.Group = cli.komek, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Return every command by its words, including groups."""
    yield above
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        if isinstance(command, click.Group):
            yield from commands(command, (*above, name))
        else:
            yield (*above, name)


def leaves() -> list[tuple[str, ...]]:
    """Return every command that is not a group."""
    every = list(commands())
    return [words for words in every if not any(other[:-1] == words for other in every if other)]


def settings_in(printed: str) -> dict[str, str]:
    """Read the settings that a command printed."""
    return dict(line.split("=", 1) for line in printed.splitlines() if line.startswith("KOMEK_"))


@pytest.mark.parametrize("words", list(commands()), ids=lambda words: " ".join(words) or "komek")
def test_every_command_has_help(words: tuple[str, ...]) -> None:
    """The help says in a sentence what the command does, and how it is used."""
    done = komek(*words, "--help")
    assert (done.code, done.errors) == (0, "")
    usage, _, rest = done.out.partition("\n")
    assert usage.startswith(f"Usage: komek {' '.join(words)}".strip())
    assert re.search(r"^  [A-Z].+[.:]?$", rest, re.MULTILINE)
    assert "-h, --help" in rest


@pytest.mark.parametrize("words", [words for words in leaves() if words != ("test",)], ids=" ".join)
def test_a_misspelt_setting_is_refused_by_every_command(words: tuple[str, ...], tmp_path: Path) -> None:
    """No misspelt setting is silently ignored. All faults are printed at once."""
    told = {"KOMEK_DATA": str(tmp_path / "data"), "KOMEK_WORKRES": "2", "KOMEK_OFFER_MINUTES": "soon"}
    done = komek(*words, told=told)
    assert done.code == 1
    assert done.out == ""
    misspelt, wrong = done.errors.splitlines()
    assert misspelt == "KOMEK_WORKRES is not a setting (did you mean KOMEK_WORKERS?)"
    assert wrong.startswith("KOMEK_OFFER_MINUTES: ")
    assert not (tmp_path / "data").exists()


FAULTS = [
    ("there is no such command", ("dail",), {}, 2, "No such command 'dail'"),
    ("a group wants a command", ("keys",), {}, 2, "Make and replace the keys of a deployment"),
    ("a port that is none", ("up", "--port", "99999"), {}, 2, "99999 is not in the range"),
    ("a country without content", ("up",), {"KOMEK_COUNTRY": "ZZ"}, 1, "content/countries/zz.yaml:1:1: there is no"),
    ("a country that is no code", ("dial",), {"KOMEK_COUNTRY": "kgz"}, 1, "KOMEK_COUNTRY: is two letters, such as KG"),
    ("a country that is empty", ("dial",), {"KOMEK_COUNTRY": ""}, 1, "KOMEK_COUNTRY: is two letters, such as KG"),
    ("a number in words", ("dial",), {"KOMEK_DRILL_HOUR": "nine"}, 1, "KOMEK_DRILL_HOUR: is a whole number"),
    ("a request without a database", ("explain", "abc"), {}, 1, "there is no database under "),
    ("a country given that is no code", ("dial", "--country", "K"), {}, 1, "KOMEK_COUNTRY: "),
    ("a country given without content", ("dial", "--country", "zz"), {}, 1, "there is no country ZZ; use one of: KG, KZ, TJ"),
    ("a language that is not there", ("dial", "--lang", "xx"), {}, 2, "Invalid value for --lang: choose one of ky, ru, "),
    ("a secret's file that is not there", ("doctor",), {"KOMEK_WORDS_KEY_FILE": "/no/such"}, 1, "cannot be read"),
    ("data that is a file, migrating", ("migrate",), {"KOMEK_DATA": __file__}, 1, "komek: [Errno 17] File exists: "),
    ("a database that is no address", ("migrate",), {"KOMEK_DATABASE_URL": "none"}, 1, "komek: database: ArgumentError"),
    ("a database that is away", ("migrate",), {"KOMEK_DATABASE_URL": "postgresql+psycopg://127.0.0.1:1/x"}, 1,
        "komek: database: OperationalError; no server answers: is it running"),
    ("an address as hosters write it", ("migrate",), {"KOMEK_DATABASE_URL": "postgres://127.0.0.1:1/x"}, 1,
        "komek: database: OperationalError; no server answers: is it running"),
    ("a language of another country", ("dial", "--lang", "tk"), {}, 2, "tk is offered with --country TM"),
    ("a process without its keys", ("run", "worker"), {"KOMEK_CHANNELS": "africastalking"}, os.EX_CONFIG,
        "KOMEK_OPENING_KEY is missing"),
    ("a demo for the world", ("run", "public", "--host", "192.0.2.1"), {}, 1, "the demo listens on 127.0.0.1 only"),
    ("a key that opens backups", ("run", "clock"), {"KOMEK_RESTORE_KEY_FILE": "/no/such"}, 1,
        "KOMEK_RESTORE_KEY must not be on a machine that runs Komek"),
    ("doctor, a database that is no address", ("doctor",), {"KOMEK_DATABASE_URL": "none"}, 1, "ArgumentError"),
    ("data that is a file, starting", ("up", "--data", __file__), {}, 1, "komek: [Errno 20] Not a directory: "),
]  # fmt: skip


@pytest.mark.parametrize(("why", "words", "settings", "code", "says"), FAULTS, ids=[row[0] for row in FAULTS])
def test_a_fault_is_printed_as_a_sentence(
    why: str, words: tuple[str, ...], settings: Mapping[str, str], code: int, says: str, tmp_path: Path
) -> None:
    """A command that cannot continue says why, and its exit code tells so. The data of a demo here play no part."""
    done = komek(*words, told={"KOMEK_DATA": str(tmp_path), **settings})
    assert done.code == code, why
    assert says in done.errors


def test_check_prints_the_state_of_the_content() -> None:
    """For each country: presses to a saved request, tight texts, and what is not verified or reviewed."""
    done = komek("check")
    assert (done.code, done.errors) == (0, "")
    lines = [line for line in done.out.splitlines() if not line.startswith("warning: ")]
    heads = [line.partition(":")[0] for line in lines if not line.startswith(" ")]
    assert re.fullmatch(r"\d+ exceptions wait for a reviewer; `komek check --verbose` lists them", heads.pop(0))
    assert heads == [
        "texts of callers that are understood",
        *countries(),
        "the fullest screens (septets or UCS-2 units left)",
        "no faults",
    ]
    offered = sum(len(line.partition("languages ")[2].split(", ")) for line in lines if ", languages " in line)
    assert done.out.count("a request is stored after 4 presses") == offered
    assert re.search(r"  not verified: 102, 103, 189[0-9+, ]*; awaiting review: ", done.out)
    left = [re.fullmatch(r" +(\d+) left  [a-zA-Z_]+ [a-z_]+\.[a-z_]+(@[A-Z0-9-]+)?", line) for line in lines[-11:-1]]
    figures = [int(found[1]) for found in left if found]
    assert len(figures) == 10
    assert figures == sorted(figures)


def test_check_prints_the_hashes_for_review_marks() -> None:
    """One line for each guarded wording in each language of each country, then only the result."""
    *rows, verdict = komek("check", "--hashes").out.splitlines()
    assert verdict == "no faults"
    tongues = "|".join(LANGUAGES)
    assert all(re.fullmatch(rf"[0-9a-f]{{16}}  ({tongues})  (unread|read  )  [a-z_.]+", row) for row in rows)
    assert len([row for row in rows if row.endswith("  to_caller.ask")]) >= 3 * len(countries())


def test_check_prints_every_fault_with_its_position(tmp_path: Path) -> None:
    """An author of two broken files sees both, with file, line and column. The exit code tells a script."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    menus = tmp_path / "content" / "menus"
    goto_at = replace_in(menus / "start.yaml", "stopped}", "stoped}")
    digits_at = replace_in(menus / "request.yaml", "6\n", "six\n")
    done = komek_in(tmp_path, "check")
    assert done.code == 1
    digits, goto, verdict = done.out.splitlines()
    assert (
        digits == f"content/menus/request.yaml:{digits_at}: digits is 'six'; write a number from 1 to 15, or two as 1-7"
    )
    assert goto == f"content/menus/start.yaml:{goto_at}: no such screen: 'stoped' (did you mean 'stopped'?)"
    assert verdict == "2 faults"


def test_a_port_that_is_taken_is_named_with_its_option(tmp_path: Path) -> None:
    """Another program on the port of the console is never announced as ours."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        words = ("up", "--data", str(tmp_path / "data"), "--port", str(free_port()), "--console-port", str(port))
        done = komek(*words)
    assert done.code == 1
    assert f"komek: port {port} of 127.0.0.1 is in use; choose another one with --console-port" in done.errors
    assert "up http" not in done.out


def test_the_two_webs_cannot_have_one_port(tmp_path: Path) -> None:
    """It is said before anything is made."""
    port = str(free_port())
    done = komek("up", "--data", str(tmp_path / "data"), "--port", port, "--console-port", port)
    assert done.code == 2
    assert "need two ports: choose another --console-port" in done.errors
    assert not (tmp_path / "data").exists()


def test_a_country_may_be_written_small() -> None:
    assert Config(country="tj").country == "TJ"


@pytest.mark.parametrize(("said", "advised"), [
    ('FATAL:  password authentication failed for user "komek"', "the user or the password"),
    ('FATAL:  database "x" does not exist', "no such database or user"),
    ("connection failed: Connection refused", "no server answers"),
    ("database or disk is full", "the disk is full"),
    ("value too long for type character varying(40)", "a value is too long"),
    ("PostgreSQL text fields cannot contain NUL (0x00) bytes", "a text holds a NUL"),
    ("something new", "is it running and reachable"),
])  # fmt: skip
def test_faults_of_a_database_differ_in_their_advice(said: str, advised: str) -> None:
    """Wrong password, no server and a full disk are different. The driver's own words, which hold names, are hidden."""
    told = advice(OperationalError("select 1", {}, Exception(said)))
    assert told.startswith("OperationalError; ")
    assert advised in told
    assert said not in told


@pytest.mark.parametrize(("number", "advised"), [
    (errno.EADDRINUSE, "port 80 of h is in use; choose another one with --port"),
    (errno.EACCES, "choose one above 1023 with --port"),
    (errno.EADDRNOTAVAIL, "h is not an address of this machine"),
    (errno.EMFILE, "port 80 of h cannot be used: "),
])  # fmt: skip
def test_faults_of_a_port_differ_in_their_advice(number: int, advised: str) -> None:
    assert advised in why_not(OSError(number, os.strerror(number)), "h", 80)


def replace_in(path: Path, old: str, new: str) -> str:
    """Change one place of a file. Return its line and column."""
    before, found, after = path.read_text("utf-8").partition(old)
    assert found
    assert old not in after
    path.write_text(f"{before}{new}{after}", "utf-8")
    return f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


def framed(printed: str) -> str:
    """Return the lines inside the frame."""
    return "\n".join(line[2:-2].rstrip() for line in printed.splitlines() if line.startswith("│"))


@dataclass(slots=True)
class Terminal:
    """A `komek dial` process behind two pipes."""

    process: subprocess.Popen[str]

    def screen(self) -> str:
        """Read up to the next prompt or the end. Return the lines inside the frame."""
        assert self.process.stdout is not None
        seen = ""
        while not seen.endswith("> ") and (letter := self.process.stdout.read(1)):
            seen += letter
        return framed(seen)

    def press(self, key: str) -> str:
        """Type a key and Enter. Return the next screen."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{key}\n")
        self.process.stdin.flush()
        return self.screen()


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """A call through pipes. Its temporary folder is the test's."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-m", "helpline.cli", "dial"],
        cwd=ROOT, env=environ({"TMPDIR": str(tmp_path)}), stdin=pipe, stdout=pipe, stderr=pipe, text=True,
    ) as process:  # fmt: skip
        yield Terminal(process)
        process.kill()


def test_a_whole_call_through_pipes(terminal: Terminal, tmp_path: Path) -> None:
    """From the dial to the saved request, with the drawn key read from the screen. Nothing is stored."""
    assert terminal.screen() == "1 Кыргызча\n2 Русский\n3 Ўзбекча\n4 English\n5 Тоҷикӣ\n8 SOS"
    assert "2 Позвоните мне" in terminal.press("2")
    consent = terminal.press("2")
    drawn = re.search(r"\n([1-7]) Дальше 0 Нет$", consent)
    assert drawn
    assert "4 Вечер" in terminal.press(drawn[1])
    kept = terminal.press("2").replace("\n", " ")
    assert re.fullmatch(r"Записано\. Помните \d{6}\. Мы скажем \S+, вы \S+\. 1 Дальше 0 Конец", kept)
    assert terminal.press("0").startswith("Ждите звонка ")
    assert terminal.process.wait() == 0
    assert list(tmp_path.iterdir()) == []


def test_dialling_with_a_language_starts_at_the_home_screen() -> None:
    """The first screen is the home screen in that language. The end of the input hangs up."""
    done = komek("dial", "--lang", "en", "--country", "tj")
    assert done.code == 0
    assert "│ How can we help?" in done.out
    assert "English" not in done.out
    assert done.out.endswith("(hung up)\n")


def test_dialling_offers_the_languages_of_the_settings() -> None:
    assert "Русский" not in komek("dial", told={"KOMEK_LANGUAGES": "ky"}).out
    assert "Русский" in komek("dial", "--country", "KG", told={"KOMEK_LANGUAGES": "ky"}).out


def test_dialling_shows_the_weight_of_each_screen() -> None:
    """Below each screen are its weight, its limit and its encoding, as the network counts."""
    done = komek("dial", typed="4\n\n")
    first, second = re.findall(r"└─+ (.+) ┘", done.out)
    languages, home = (framed(screen) for screen in done.out.split("┌")[1:])
    assert "English" in languages
    assert first == f"{len(languages)} of 70 UCS-2"
    assert "Call me" in home
    assert second == f"{len(home)} of 160 GSM-7"


def test_a_caller_who_cannot_be_called_sees_other_numbers() -> None:
    """A withheld or foreign number gets the same answer as in production."""
    done = komek("dial", "--lang", "en", "--number", "withheld", typed="2\n")
    assert done.code == 0
    assert "cannot call this" in done.out
    assert "189?" in done.out


def test_doctor_accepts_a_new_folder_for_the_demo(tmp_path: Path) -> None:
    """The folder is empty, and what is missing is made on the first start."""
    done = komek("doctor", told={"KOMEK_DATA": str(tmp_path / "data")})
    assert f"free under {tmp_path}" in done.out
    assert done.code == 0
    assert "BAD" not in done.out
    assert f"ok   database: none yet under {tmp_path / 'data'}; run `komek up` or `komek migrate`" in done.out
    assert not (tmp_path / "data").exists()


def test_doctor_checks_an_existing_database(tmp_path: Path) -> None:
    """If a database exists but no clock runs, it says which is wrong, and its exit code tells so."""
    told = {"KOMEK_DATA": str(tmp_path / "data")}
    assert komek("migrate", told=told).code == 0
    done = komek("doctor", told=told)
    assert done.code == 1
    assert "ok   database: up to date" in done.out
    assert "ok   work: 0 rows due" in done.out
    assert "BAD  clock: no heartbeat; is `komek up` running?" in done.out


def test_doctor_refuses_production_without_keys_and_verified_numbers(tmp_path: Path) -> None:
    """With a real channel, what only the demo can do without is missing, and all of it is named."""
    done = komek("doctor", told={"KOMEK_DATA": str(tmp_path / "data"), "KOMEK_CHANNELS": "africastalking"})
    assert done.code == 1
    bad = "\n".join(line for line in done.out.splitlines() if line.startswith("BAD"))
    assert re.search(r"emergency numbers: 102, 103, 189[0-9+, ]* not verified", bad)
    assert re.search(
        r"guarded wordings: \d+ not reviewed \(ky \d+, ru \d+.*\); `./komek translate reviewed ky --country KG --by NAME`",
        bad,
    )
    assert "database: none yet" in bad
    assert f"keys: {', '.join(KEYS)} missing; `komek keys new`" in bad


def test_new_keys_are_a_complete_set_that_each_process_accepts() -> None:
    """Each role starts in production with its keys. The public web refuses the keys that open numbers."""
    made = settings_in(komek("keys", "new").out)
    every = (*KEYS, *COPIES_KEYS)
    assert set(made) == {f"{PREFIX}{key.upper()}" for key in every} | {"KOMEK_WEBHOOK_SECRET", "KOMEK_METRICS_TOKEN"}
    keys = {key: made[f"{PREFIX}{key.upper()}"] for key in every}
    rest = {"KOMEK_CHANNELS": "africastalking", "KOMEK_WEBHOOK_SECRET": made["KOMEK_WEBHOOK_SECRET"]}
    sends = {"KOMEK_GATEWAY_API_KEY": "given by the gateway"}
    for role in Role:
        told = rest if role in {Role.PUBLIC, Role.CONSOLE} else rest | sends
        told |= {"KOMEK_CONSOLE_URL": "https://desk.example.org"}
        config = Config.read(keyring.for_role(keys, role) | told, role=role)
        assert {key for key in every if getattr(config, key).get_secret_value()} == HOLDS[role]
    with pytest.raises(ConfigError) as refused:
        Config.read(made | rest | sends, role=Role.PUBLIC)
    assert len(refused.value.faults) == 7
    with pytest.raises(ConfigError) as refused:
        Config.read(made | rest | sends, role=Role.BACKUP)
    assert len(refused.value.faults) == 5


def test_new_keys_work_together_and_with_no_other_set() -> None:
    """One set opens what it sealed, and two sets have nothing in common."""
    one, other = (settings_in(komek("keys", "new").out) for _ in range(2))
    assert sealing.sealing_key_of(one["KOMEK_OPENING_KEY"]) == one["KOMEK_SEALING_KEY"]
    assert sealing.sealing_key_of(one["KOMEK_RESTORE_KEY"]) == one["KOMEK_BACKUP_KEY"]
    assert not set(one.values()) & set(other.values())


def test_new_keys_are_written_for_this_user_only_and_never_over_others(tmp_path: Path) -> None:
    """The key that opens backups is printed and not written."""
    done = komek("keys", "new", "--to", str(tmp_path / "keys"))
    files = {path.name: path for path in (tmp_path / "keys").iterdir()}
    assert set(files) == {*KEYS, "backup_key", "webhook_secret", "metrics_token"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files.values()} == {0o600}
    assert sealing.sealing_key_of(files["opening_key"].read_text().strip()) == files["sealing_key"].read_text().strip()
    assert list(settings_in(done.out)) == ["KOMEK_RESTORE_KEY"]
    before = {name: path.read_text() for name, path in files.items()}
    for name in KEYS:
        files[name].unlink()
    again = komek("keys", "new", "--to", str(tmp_path / "keys"))
    assert (again.code, again.out) == (1, "")
    assert "exists: keys are never overwritten" in again.errors
    assert {path.name for path in (tmp_path / "keys").iterdir()} == set(before) - set(KEYS)


def test_threat_the_key_that_opens_backups_is_printed_apart_with_what_to_do() -> None:
    for_the_service, _, for_the_safe = komek("keys", "new").out.partition("\n\n")
    assert "KOMEK_BACKUP_KEY" in settings_in(for_the_service)
    assert list(settings_in(for_the_safe)) == ["KOMEK_RESTORE_KEY"]
    assert "put that into a safe" in for_the_safe


@pytest.mark.parametrize("channels", ["africastalking", ""], ids=["production", "demo"])
def test_threat_up_refuses_the_key_that_opens_backups(channels: str, tmp_path: Path) -> None:
    """Also as a file, and before anything is started."""
    (tmp_path / "restore").write_text(settings_in(komek("keys", "new").out)["KOMEK_RESTORE_KEY"])
    told = {"KOMEK_RESTORE_KEY_FILE": str(tmp_path / "restore"), **({"KOMEK_CHANNELS": channels} if channels else {})}
    done = komek("up", "--data", str(tmp_path / "data"), told=told)
    assert (done.code, done.out) == (1, "")
    assert done.errors.count("KOMEK_RESTORE_KEY must not be on a machine that runs Komek") == 1
    assert "on paper or on a stick in a safe, delete it here" in done.errors


def test_migrate_creates_a_current_database(tmp_path: Path) -> None:
    """It may run twice, and other users cannot read the folder."""
    data = tmp_path / "new" / "data"
    for _ in range(2):
        done = komek("migrate", told={"KOMEK_DATA": str(data)})
        assert (done.code, done.out) == (0, "the database is up to date\n")
    db = connect(f"sqlite:///{data / 'komek.sqlite3'}")
    assert not behind(db)
    db.dispose()
    assert stat.S_IMODE(data.stat().st_mode) == 0o700


PRODUCTION = {"KOMEK_CHANNELS": "africastalking", "KOMEK_GATEWAY_API_KEY": "given by the gateway"}
UNFIT = [
    ("a short secret, and nobody has verified or read anything", {"KOMEK_WEBHOOK_SECRET": f"{'s' * 22},short"}),
    ("no secret, where the demo would make one", {"KOMEK_WEBHOOK_SECRET": ""}),
]
SAID = [
    "KOMEK_WEBHOOK_SECRET: each needs at least 22 letters; make one with `komek keys new`",
    "KOMEK_CONSOLE_URL is where people find the console, https://desk.example.org without a path: passwords and numbers go nowhere without TLS",
    "content/countries/kg.yaml: not verified (R19): 102, 103, 189, 111, 117, +79251155047, +77770371448, +903124913506, +8223790951, +971522255269, 112, 119, 999, 998; call each, then add `verified`",
    "content/reviews.yaml: in the checkout, each of these commands shows the texts, and with --write records who read them; `./komek translate marks --write` adds the reviews of the console; KOMEK_LANGUAGES offers fewer languages",
]
NOT_REVIEWED = r"content/reviews.yaml: \d+ texts in (\w+) are not reviewed \(R13\): to_caller \d+, callback \d+, .+; `./komek translate reviewed \1 --country KG --by NAME`"


@pytest.mark.parametrize(("why", "settings"), UNFIT, ids=[row[0] for row in UNFIT])
def test_r19_up_refuses_settings_that_are_unsafe_for_real_callers(
    why: str, settings: Mapping[str, str], tmp_path: Path
) -> None:
    """Every reason is printed once, before anything is started or written."""
    made = settings_in(komek("keys", "new").out)
    done = komek("up", "--data", str(tmp_path / "data"), told={**made, **PRODUCTION, **settings})
    assert (done.code, done.out) == (1, ""), why
    lines = done.errors.splitlines()
    assert set(SAID) <= set(lines)
    assert len(lines) == len(set(lines))
    assert [found[1] for line in lines if (found := re.fullmatch(NOT_REVIEWED, line))] == [
        "ky",
        "ru",
        "uz_Cyrl",
        "en",
        "tg",
    ]
    assert len(lines) < 20  # a person reads them all
    assert {path.name for path in tmp_path.glob("data/*")} <= {CALLERS, "run"}, (
        "but for the texts as they were read, and the folder of the lock"
    )


def test_up_in_production_names_every_missing_key(tmp_path: Path) -> None:
    """Each key once, although several processes need it. This includes the gateway's."""
    done = komek("up", "--data", str(tmp_path), told={"KOMEK_CHANNELS": "africastalking"})
    assert (done.code, done.out) == (1, "")
    for name in (*(f"{key.upper()}" for key in KEYS), "GATEWAY_API_KEY"):
        assert done.errors.count(f"KOMEK_{name} is missing") == 1
