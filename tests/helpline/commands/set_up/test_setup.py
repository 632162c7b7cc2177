"""`komek setup`, as an operator types it: a real PostgreSQL, a real Valkey, a gateway's API on this machine."""

import re
import stat
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner, Result
from werkzeug import Request, Response
from werkzeug.serving import make_server

from helpline.cli import komek
from helpline.commands.set_up import final_list, probes, settings_folder
from helpline.commands.set_up.final_list import NO_PUBLIC_USER
from helpline.commands.set_up.settings_folder import OTHER_UNITS
from helpline.content import loading
from helpline.core import clock, job_queue, watched_clock
from helpline.core.config import Config
from helpline.core.process_keys import FORBIDDEN, HOLDS, Role
from helpline.keys.keyring import new_keys
from helpline.store import launch
from helpline.store.connection import connect
from helpline.store.engine import Database
from helpline.store.migrate import upgrade
from tests.postgres import database
from tests.test_stories import HOOK, web_of
from tests.workers.conftest import Server
from tests.world import World

NUMBER = "+996000111001"
UNITS = Path(__file__).parents[4] / "deploy" / "systemd"


@pytest.fixture(scope="module")
def queue_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = Server(tmp_path_factory.mktemp("queue"))
    server.begin()
    yield server.url
    server.end()


@pytest.fixture
def gateway() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A server in the manner of Africa's Talking that takes each text, and the texts that it took."""
    took: list[dict[str, str]] = []

    @Request.application
    def take(request: Request) -> Response:
        took.append(dict(request.form))
        return Response(
            '{"SMSMessageData": {"Recipients": [{"status": "Success", "statusCode": 101, "messageId": "m-1", '
            f'"number": "{request.form["to"]}", "cost": "0"}}]}}}}',
            status=201, content_type="application/json",
        )  # fmt: skip

    server = make_server("127.0.0.1", 0, take)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", took
    server.shutdown()


def setup(folder: Path, *arguments: str, typed: str = "") -> Result:
    result = CliRunner().invoke(komek, ["setup", "--to", str(folder), *arguments], input=typed)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result


def answers(url: str, queue_url: str, folder: Path) -> str:
    """What an operator types, in order."""
    return "\n".join([
        "kg", "ru,xx", "RU, ky", "africastalking", "sandbox", "", "a-key-of-the-gateway", url, "", queue_url,
        "https://line.example.org", "https://desk.example.org", "996555", "+996555123456", "n", "y", str(folder / "copies"), "y", "aida", "Aida",
    ]) + "\n"  # fmt: skip


@pytest.mark.postgres
def test_from_nothing_to_the_files_of_a_server(postgres: str, queue_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "komek"
    with database(postgres, "komek_setup") as url:
        done = setup(folder, typed=answers(url, queue_url, tmp_path))
        assert "ok   there are texts in ky, ru, uz_Cyrl, en, tg" in done.output
        assert "BAD  choose from ky,ru,uz_Cyrl,en,tg" in done.output
        assert "ok   callers are offered ky, ru\n" in done.output
        assert loading.load(Config.read(settings_folder.read(folder).environ())).book.languages == ("ky", "ru")
        assert "ok   PostgreSQL 1" in done.output
        assert "ok   the tables are up to date" in done.output
        assert "BAD  number 1 is no telephone that could be called back" in done.output
        assert "ok   1 telephones get everything before the line is open" in done.output
        assert done.output.count("KOMEK_RESTORE_KEY=") == 1
        assert "https://desk.example.org/welcome" in done.output
        _only_this_user_reads(folder)
        assert _restoring_key(done) not in _everything_below(folder)

        second = setup(folder, typed="\n" * 14)
        assert "ok   a coordinator is invited until" in second.output
        assert "Login of the first coordinator" not in second.output
        again = setup(folder, "--check")
        assert again.exit_code == 1
        missing = [line.split()[1] for line in again.output.splitlines() if line.startswith("BAD")]
        assert missing == [
            "web",
            "webhook",
            "console",
            "database",
            "line",
            "people",
            "people",
            *["texts"] * 5,  # the numbers; reviews and signatures in each of two languages
            "operators",
            "law",
            "safety",
        ]
        assert f"BAD  database  {NO_PUBLIC_USER}" in again.output.splitlines()
        for secret in settings_folder.read(folder).secrets.values():
            assert secret not in again.output


def _only_this_user_reads(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


def _restoring_key(done: Result) -> str:
    return next(line.partition("KEY=")[2] for line in done.output.splitlines() if "KOMEK_RESTORE_KEY=" in line).strip()


def _everything_below(folder: Path) -> str:
    return "".join(path.read_text() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("role", [role for role in Role if role in FORBIDDEN])
def test_a_settings_file_holds_the_secrets_of_its_role_alone(role: Role, tmp_path: Path) -> None:
    keys = sorted({*HOLDS[Role.COMMAND], "backup_key"})
    settings_folder.write(tmp_path, settings_folder.Answers({"KOMEK_COUNTRY": "KG"}, dict.fromkeys(keys, "a-secret")))
    lines = (tmp_path / "roles" / f"{role}.env").read_text().splitlines()
    given = {Path(line.partition("=")[2]).name for line in lines if "_FILE=" in line}
    assert given == HOLDS[role]
    assert "KOMEK_COUNTRY=KG" in lines


BY_HAND = {"rehearsal_numbers", "directory_token", "events_key", "channel_bee_api_key", "channel_bee_webhook_secret"}
OWN = {
    Role.PUBLIC: {"rehearsal_numbers", "channel_bee_webhook_secret"}, Role.CONSOLE: {"directory_token"},
    Role.WORKER: {"rehearsal_numbers", "events_key", "channel_bee_api_key"},
    Role.CLOCK: {"rehearsal_numbers", "events_key", "channel_bee_api_key"}, Role.BACKUP: set[str](),
}  # fmt: skip


@pytest.mark.parametrize("role", settings_folder.UNITS)
def test_a_unit_gets_exactly_the_secrets_that_there_are(role: Role, tmp_path: Path) -> None:
    """Also those that an operator adds by hand; and none that is missing, because then the unit would not start."""
    names = {*HOLDS[Role.COMMAND], "backup_key", "database_url", *BY_HAND}
    answers = settings_folder.Answers({"KOMEK_COUNTRY": "KG", "BACKUP_FOLDER": "/srv/backup"},
                                      dict.fromkeys(sorted(names), "a-secret"))  # fmt: skip
    settings_folder.write(tmp_path, answers)
    unit = settings_folder.UNITS[role]
    added = (tmp_path / "systemd" / f"{unit}.d" / "secrets.conf").read_text()
    loaded = set(re.findall(r"^LoadCredential=(\w+):", added, re.MULTILINE))
    assert loaded == HOLDS[role] | {"database_url"} | OWN[role]
    assert added.index("LoadCredential=\n") < added.index("LoadCredential=database_url")
    whole = (UNITS / unit).read_text() + added
    gone = set(re.findall(r"^UnsetEnvironment=(\w+)$", added, re.MULTILINE))
    wanted = dict(re.findall(r"^Environment=(KOMEK_\w+_FILE)=%d/(\w+)$", whole, re.MULTILINE))
    assert {file for name, file in wanted.items() if name not in gone} == loaded
    assert ("ReadWritePaths=/srv/backup" in added) is (role is Role.BACKUP)


def test_a_secret_that_was_added_by_hand_gets_to_its_roles(tmp_path: Path) -> None:
    settings_folder.write(tmp_path, settings_folder.Answers({"KOMEK_COUNTRY": "KG"}, {"words_key": "w"}))
    (tmp_path / "secrets" / "rehearsal_numbers").write_text(NUMBER)
    done = setup(tmp_path, "--files")
    assert done.exit_code == 0
    assert "with 2 secrets" in done.output
    assert NUMBER not in done.output
    for role in (Role.PUBLIC, Role.WORKER, Role.CLOCK):
        assert "KOMEK_REHEARSAL_NUMBERS_FILE=" in (tmp_path / "roles" / f"{role}.env").read_text()
    assert "REHEARSAL" not in (tmp_path / "roles" / "console.env").read_text()
    assert setup(tmp_path / "nothing", "--files").exit_code == 1


def test_debians_units_are_started_again_when_they_were_killed(tmp_path: Path) -> None:
    """`systemd` of Debian leaves a killed Caddy and PostgreSQL down: then no gateway reaches the web."""
    settings_folder.write(tmp_path, settings_folder.Answers())
    added = {name: (tmp_path / "systemd" / f"{name}.d" / "komek.conf").read_text() for name in OTHER_UNITS}
    assert f"EnvironmentFile={tmp_path}/komek.env\nRestart=always\n" in added["caddy.service"]
    assert "Restart=always\n" in added["postgresql@.service"]


def test_commands_on_a_server_have_a_folder_beside_those_of_the_processes() -> None:
    answers = settings_folder.Answers({"KOMEK_COUNTRY": "KG"})
    secrets = settings_folder.USUAL_FOLDER / "secrets"
    assert "KOMEK_DATA=/var/lib/komek/command\n" in answers.role_file(Role.COMMAND, secrets)
    assert "KOMEK_DATA" not in answers.role_file(Role.WORKER, secrets)
    assert "%S/komek/clock" in (UNITS / "komek-clock.service").read_text()
    assert Path(settings_folder.OF_COMMANDS).name == watched_clock.OF_COMMANDS


def test_the_public_web_gets_the_database_user_who_reads_no_number(tmp_path: Path) -> None:
    both = {"database_url": "postgresql://komek:one@db/komek", "database_url_public": "postgresql://web:two@db/komek"}
    settings_folder.write(tmp_path, settings_folder.Answers({}, both))
    files = {role: (tmp_path / "roles" / f"{role}.env").read_text() for role in (Role.PUBLIC, Role.WORKER)}
    assert "KOMEK_DATABASE_URL_FILE=" + str(tmp_path / "secrets" / "database_url_public") in files[Role.PUBLIC]
    assert "KOMEK_DATABASE_URL_FILE=" + str(tmp_path / "secrets" / "database_url") + "\n" in files[Role.WORKER]


def test_a_second_run_keeps_every_key_and_what_it_does_not_know(queue_url: str, tmp_path: Path) -> None:
    """Enter at every question: nothing is lost, and the restoring key is not shown again."""
    typed = "\n".join([
        "TJ", "", "africastalking", "sandbox", "", "a-key", "", str(tmp_path / "data"), queue_url,
        "https://line.example.org", "https://desk.example.org", "", "y", str(tmp_path / "copies"), "y", "",
    ]) + "\n"  # fmt: skip
    setup(tmp_path / "komek", typed=typed)
    with (tmp_path / "komek" / "komek.env").open("a") as file:
        file.write("KOMEK_OFFER_MINUTES=20\n")
    before = settings_folder.read(tmp_path / "komek")
    done = setup(tmp_path / "komek", typed="\n" * 14)
    after = settings_folder.read(tmp_path / "komek")
    assert after.plain == before.plain
    assert after.secrets == before.secrets
    assert after.plain["KOMEK_OFFER_MINUTES"] == "20"
    assert after.plain["KOMEK_COUNTRY"] == "TJ"
    assert "KOMEK_LANGUAGES" not in after.plain
    assert "RESTORE_KEY" not in done.output


def test_a_lost_half_of_the_opening_key_is_never_made_anew(tmp_path: Path) -> None:
    """A new one would seal what nobody can open."""
    from helpline.commands.set_up.asking import Asking

    kept = settings_folder.Answers({}, {"sealing_key": "half"})
    with pytest.raises(Exception, match="opening_key is missing") as told:
        Asking(kept, lambda: settings_folder.write(tmp_path, kept))._keys()
    assert "put it back" in str(told.value)
    assert kept.secrets == {"sealing_key": "half"}


def test_an_answer_that_does_not_work_is_asked_again(tmp_path: Path) -> None:
    done = setup(tmp_path, typed="GB\nn\nKZ\nall\nno-such-gateway.yaml\nn\nsmoke\nn\n")
    assert "BAD  there is no content for GB" in done.output
    assert "KOMEK_CHANNELS_FILE cannot be read" in done.output
    assert "write africastalking, or the path of a file" in done.output
    assert settings_folder.read(tmp_path).plain == {"KOMEK_COUNTRY": "KZ"}


def test_languages_of_another_country_are_not_kept(tmp_path: Path) -> None:
    setup(tmp_path, typed="KG\nky\n")
    assert settings_folder.read(tmp_path).plain == {"KOMEK_COUNTRY": "KG", "KOMEK_LANGUAGES": "ky"}
    keys = {f"KOMEK_{name.upper()}": key for name, key in new_keys().items() if name != "restore_key"}
    environ = settings_folder.read(tmp_path).environ() | keys | {"KOMEK_COUNTRY": "TM"}
    with pytest.raises(probes.Wrong, match="KOMEK_LANGUAGES: ky is not offered; choose from tk,"):
        probes.environment(environ)
    done = setup(tmp_path, typed="TM\n\n")
    assert "ok   callers are offered tk," in done.output
    assert settings_folder.read(tmp_path).plain == {"KOMEK_COUNTRY": "TM"}


def test_check_of_an_empty_folder_says_what_to_do(tmp_path: Path) -> None:
    done = setup(tmp_path, "--check")
    assert done.exit_code == 1
    assert f"run `komek setup --to {tmp_path}` first" in done.output


def test_the_test_text_goes_the_way_of_a_workers_texts(gateway: tuple[str, list[dict[str, str]]]) -> None:
    address, took = gateway
    environ = {
        "KOMEK_CHANNELS": "africastalking",
        "KOMEK_GATEWAY_API_KEY": "k",
        "KOMEK_GATEWAY_URL": address,
    }
    environ |= {f"KOMEK_{name.upper()}": key for name, key in _worker_keys().items()}
    assert probes.gateway(environ) == "texts go by africastalking"
    assert took == []
    assert probes.gateway(environ, NUMBER) == "africastalking took the text: look at the telephone"
    assert [text["to"] for text in took] == [NUMBER]
    with pytest.raises(probes.Wrong, match="this is no telephone number"):
        probes.gateway(environ, "0700")


def _worker_keys() -> dict[str, str]:
    from helpline.keys import keyring

    return {name: key for name, key in keyring.new_keys().items() if name in HOLDS[Role.WORKER]}


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://nobody@127.0.0.1:1/x", "no server answers"),
        ("mysql://localhost/x", "must look like postgresql://"),
        ("not an address", "must look like postgresql://"),
        ("postgresql://komek:a-word@127.0.0.1:another-word/x", "must look like postgresql://"),
    ],
)
def test_a_database_that_cannot_be_used_says_what_to_do(url: str, told: str) -> None:
    """In words that quote nothing: a password with a colon or a slash may be read as the port."""
    with pytest.raises(probes.Wrong, match=told) as error:
        probes.database({"KOMEK_DATABASE_URL": url})
    assert "-word" not in str(error.value)
    assert isinstance(error.value, probes.Unusable) == ("look like" in told)


def test_setup_asks_nothing_where_it_could_save_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = setup(tmp_path / "file" / "komek", typed="kg\n")
    assert done.exit_code == 1
    assert f"may not write to {tmp_path / 'file'}: run it as root" in done.output
    assert "Country" not in done.output


def test_a_folder_for_the_data_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(probes.Wrong, match="choose a folder that can be written to"):
        probes.database({"KOMEK_DATA": str(tmp_path / "file" / "data")})


@pytest.mark.parametrize(("url", "told"), [("redis://127.0.0.1:1", "is it running"), ("nonsense", "must look like")])
def test_a_queue_that_does_not_answer_says_what_to_do(url: str, told: str) -> None:
    with pytest.raises(probes.Wrong, match=told):
        probes.queue(url)


def test_a_file_of_channels_and_a_login_are_asked_for_again_until_they_fit(queue_url: str, tmp_path: Path) -> None:
    file = tmp_path / "channels.yaml"
    file.write_text("channels: [{name: bee, kind: bees}]\n")
    done = setup(tmp_path / "komek", typed="\n".join([
        "kg", "ru", str(file), "n", "africastalking", "sandbox", "", "a-key-of-the-gateway", "", str(tmp_path / "data"),
        queue_url, "", "", "", "y", str(tmp_path / "copies"), "y", "Ai Da!", "Aida", "aida", "Aida",
    ]) + "\n")  # fmt: skip
    assert "bee: there is no kind bees; there are " in done.output
    assert "BAD  the login needs 3 to 32 of a-z" in done.output
    assert "https://desk.example.org/welcome" in done.output
    assert "grants.sql" not in done.output, "SQLite has no rights to give"


def test_an_answer_that_can_never_work_cannot_be_kept_and_what_is_down_can(queue_url: str, tmp_path: Path) -> None:
    """Setup then goes on to its end without a database: the files are written, and the list says what is missing."""
    down = "postgresql://komek@127.0.0.1:1/x"
    done = setup(tmp_path / "komek", typed="\n".join([
        "XX", "kg", "ru", "a-channel", "africastalking", "sandbox", "", "a-key-of-the-gateway", "mysql://x", down, "y",
        "", "nonsense", queue_url, "line.example.org", "https://line.example.org", "https://line.example.org",
        "https://desk.example.org", "", "y", "copies", str(tmp_path / "copies"),
    ]) + "\n")  # fmt: skip
    assert done.output.count("Keep it all the same?") == 1
    assert "the console needs a name of its own" in done.output
    assert "then run `komek setup` again, which makes the tables" in done.output
    assert "Make or update the tables now?" not in done.output
    assert settings_folder.read(tmp_path / "komek").secrets["database_url"] == down
    assert re.search(r"^BAD  database +OperationalError; no server answers", done.output, re.MULTILINE)


@pytest.mark.parametrize("url", ["http://line.example.org", "https://line.example.org/path", "line.example.org"])
def test_an_address_without_tls_or_with_a_path_is_refused(url: str) -> None:
    with pytest.raises(probes.Wrong, match="write it as"):
        probes.origin(url)


def test_another_server_at_the_public_address_is_noticed(gateway: tuple[str, list[dict[str, str]]]) -> None:
    with pytest.raises(probes.Wrong, match="answered by something else"):
        probes.reached(gateway[0])


def test_a_webhook_is_tried_with_its_secret(gateway: tuple[str, list[dict[str, str]]], db: Database) -> None:
    """Through the address that the gateway uses, with an event that stores nothing. No message names the secret."""
    secret = HOOK.rpartition("/")[2]
    server = make_server("127.0.0.1", 0, web_of(World.on(db)))
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    try:
        assert probes.webhook(url, secret, "") == "the gateway is let in with its secret"
        assert probes.webhook(url, f"{secret},an-older-one", "").startswith("the gateway is let in")
        with pytest.raises(probes.Wrong, match=r"does not let in the gateway \(404\)") as told:
            probes.webhook(url, "another-secret", "")
        assert "another-secret" not in str(told.value)
    finally:
        server.shutdown()
    with pytest.raises(probes.Wrong, match="does not let in the gateway"):
        probes.webhook(gateway[0], secret, "")
    with pytest.raises(probes.Wrong, match="does not answer") as told:
        probes.webhook("http://127.0.0.1:1", secret, "")
    assert secret not in str(told.value)
    assert probes.webhook("http://127.0.0.1:1", secret, "192.0.2.0/24").startswith("not tried")


def test_what_was_decided_is_not_missing_once_the_line_is_open(tmp_path: Path) -> None:
    """The list is passed once: `setup --check` must not fail for ever on a placeholder that somebody accepted."""
    settings_folder.write(tmp_path, settings_folder.Answers({"KOMEK_COUNTRY": "KG", "KOMEK_DATA": str(tmp_path)}))
    environ = settings_folder.read(tmp_path).environ()
    db = connect(Config.read(environ).sql_url)
    upgrade(db)
    assert [told.split()[0] for _, told in final_list._before_callers(environ)][:2] == ["line", "people"]
    with db.write(clock.real()) as tx:
        launch.open_up(tx)
    db.dispose()
    assert list(final_list._before_callers(environ)) == [(True, "line      open to callers")]


def test_a_backup_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(probes.Wrong, match="choose a folder"):
        probes.backup_place(str(tmp_path / "file"))
    with pytest.raises(probes.Wrong, match="whole path"):
        probes.backup_place("copies")
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_a_queue_that_writes_to_disk_is_refused(queue_url: str) -> None:
    client = job_queue.connect(queue_url, seconds=10)
    client.config_set("save", "60 1")
    try:
        with pytest.raises(probes.Wrong, match="writes to disk"):
            probes.queue(queue_url)
    finally:
        client.config_set("save", "")
        client.close()


def test_a_restoring_key_that_nobody_has_noted_is_made_again(tmp_path: Path, queue_url: str) -> None:
    """The terminal died before the answer. A backup key whose other half is on no paper would be worth nothing."""
    folder = tmp_path / "komek"
    typed = "\n".join([
        "TJ", "", "africastalking", "sandbox", "", "a-key", "", str(tmp_path / "data"), queue_url,
        "https://line.example.org", "https://desk.example.org", "",
    ]) + "\n"  # fmt: skip
    first = setup(folder, typed=typed)
    assert "backup_key" not in settings_folder.read(folder).secrets
    second = setup(folder, typed="\n" * 12 + "y\n")
    assert _restoring_key(second) != _restoring_key(first)
    assert "backup_key" in settings_folder.read(folder).secrets


def test_a_value_that_a_shell_would_read_differently_is_refused(tmp_path: Path) -> None:
    done = setup(tmp_path, typed="KG\n\nafricastalking\nMy Line\nsandbox\n")
    assert "no spaces, quotes" in done.output
    assert settings_folder.read(tmp_path).plain["KOMEK_GATEWAY_USERNAME"] == "sandbox"


def test_owner_and_mode_of_a_secret_stay_and_so_do_comments(tmp_path: Path) -> None:
    """A container's user owns the files."""
    settings_folder.write(tmp_path, settings_folder.Answers({"KOMEK_COUNTRY": "KG"}, {"words_key": "one"}))
    (tmp_path / "secrets" / "words_key").chmod(0o400)
    with (tmp_path / "komek.env").open("a") as file:
        file.write("# agreed with the services in May\n")
    (tmp_path / "secrets" / ".words_key.new").write_text("left over")
    answers = settings_folder.read(tmp_path)
    assert answers.secrets == {"words_key": "one"}
    answers.secrets["words_key"] = "two"
    settings_folder.write(tmp_path, answers)
    assert stat.S_IMODE((tmp_path / "secrets" / "words_key").stat().st_mode) == 0o400
    assert "# agreed with the services in May" in (tmp_path / "komek.env").read_text()
