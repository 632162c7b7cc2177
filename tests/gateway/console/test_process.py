"""The console as `komek up` starts it: the printed data signs in, and no process has another's key."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
import requests

from helpline.accounts.credentials import STEP_SECONDS, code_now
from helpline.commands.operate.up import parts_of
from helpline.core import clock
from helpline.core.config import Config, ConfigError
from helpline.core.process_keys import COPIES_KEYS, FORBIDDEN, HOLDS, KEYS, Role
from helpline.staff.roles import Role as Post
from tests.others import PATIENCE_SECONDS
from tests.running import ROOT, Service, console_of, running, signed_in
from tests.world import keys

LONGEST_START_STEPS = 10
"""How many half minutes ago a code may have been printed."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The demo in its own processes."""
    with running(tmp_path_factory.mktemp("up") / "data") as started:
        yield started


@pytest.mark.faults
def test_the_printed_data_of_the_demo_signs_in(service: Service) -> None:
    """Login, password and the key of the app are printed, with the code of that minute.

    The test uses its own code, because the printed one may have expired on a slow machine.
    """
    console = console_of(service.output)
    rows = [line.split() for line in service.output if line.startswith("    ") and len(line.split()) == 4]
    assert list(dict.fromkeys(row[0].removesuffix("2") for row in rows)) == list(Post)
    assert "coordinator2" in {row[0] for row in rows}  # so actions that need two people can be tried
    _, _, key, code = next(row for row in rows if row[0] == "coordinator")
    steps = [clock.real() - timedelta(seconds=STEP_SECONDS * ago) for ago in range(LONGEST_START_STEPS)]
    assert code in [code_now(key, at) for at in steps]
    browser = signed_in(service.output)
    assert browser.get(f"{console}/", timeout=PATIENCE_SECONDS).url == f"{console}/requests"
    assert requests.get(f"{console}/health/ready", timeout=PATIENCE_SECONDS).json()["ready"] is True


DIFFERS = re.compile(
    r"^(content +)[0-9a-f]+|(127\.0\.0\.1|localhost):[0-9]+|(?<=/africastalking/)\S+(?=/ussd)|\S+(?=komek\.sqlite3)"
)
"""What differs at each start: the digest of the content, ports, the secret of the webhooks, the folder."""
ACCOUNT = re.compile(r"^(    \S+) +\S+ +\S+ +[0-9]{6}$")


def masked(output: Sequence[str]) -> list[str]:
    """Return printed lines without what differs each time, and with one blank between columns."""
    plain = [DIFFERS.sub(lambda found: f"{found[1] or found[2] or ''}…", line) for line in output]
    return [re.sub(r"(?<=\S) +", " ", ACCOUNT.sub(r"\1 …", line)) for line in plain]


@pytest.mark.faults
def test_the_quickstart_shows_what_a_start_prints(service: Service) -> None:
    """Parts come up in any order."""
    page = (ROOT / "docs" / "quickstart.md").read_text("utf-8")
    (shown,) = re.findall(r"```\n(content .*?)```", page, re.DOTALL)
    documented, printed = masked(shown.splitlines()), masked(service.output)
    starts = next(at for at, line in enumerate(documented) if line.startswith("valkey"))
    assert printed[:starts] == documented[:starts]
    assert sorted(printed[starts:]) == sorted(documented[starts:])
    assert printed[-1].startswith("ready ")


@pytest.mark.faults
def test_the_install_page_shows_what_a_running_service_answers(service: Service) -> None:
    page = (ROOT / "docs" / "install.md").read_text("utf-8")
    alive = requests.get(f"{service.base}/health/live", timeout=PATIENCE_SECONDS).text.strip()
    assert f"health/live` prints `{alive}`" in page
    ready = requests.get(f"{service.base}/health/ready", timeout=PATIENCE_SECONDS).text
    (shown,) = re.findall(r"health/ready` shows `([^`]+)`", page)
    assert shown in ready


@pytest.mark.faults
def test_the_console_is_only_on_this_machine_and_not_on_the_public_web(service: Service) -> None:
    assert requests.get(f"{service.base}/login", timeout=PATIENCE_SECONDS).status_code == 404
    made = parts_of(Config(channels=("africastalking",)), keys(), "secret")
    hosts = {part.name: part.command[part.command.index("--host") + 1] for part in made if "--host" in part.command}
    assert hosts == {"web": "0.0.0.0", "console": "127.0.0.1"}  # noqa: S104  # behind a proxy that has TLS


def test_the_console_has_only_the_keys_it_needs() -> None:
    environ = {f"KOMEK_{name.upper()}": value for name, value in keys().items()}
    assert HOLDS[Role.CONSOLE] == {"opening_key", "audit_key", "contact_key", "session_key"}
    with pytest.raises(ConfigError) as refused:
        Config.read({**environ, "KOMEK_GATEWAY_API_KEY": "x"}, role=Role.CONSOLE)
    assert [fault.partition(" ")[0] for fault in refused.value.faults] == [
        "KOMEK_HASHING_KEY", "KOMEK_RESTORE_KEY", "KOMEK_WORDS_KEY", "KOMEK_GATEWAY_API_KEY",
    ]  # fmt: skip
    for role in (Role.PUBLIC, Role.WORKER, Role.CLOCK):
        assert "session_key" in FORBIDDEN[role]
    assert {*KEYS, *COPIES_KEYS} == set(keys())


@pytest.mark.parametrize(
    "url", ["", "http://desk.example.org", "https://desk.example.org/", "https://a b", "desk.example.org"]
)
def test_in_production_the_console_needs_tls(url: str) -> None:
    console_keys = {f"KOMEK_{name.upper()}": keys()[name] for name in HOLDS[Role.CONSOLE]}
    told = {**console_keys, "KOMEK_CHANNELS": "africastalking", "KOMEK_CONSOLE_URL": url}
    with pytest.raises(ConfigError, match="KOMEK_CONSOLE_URL is where people find the console"):
        Config.read(told, role=Role.CONSOLE)
    Config.read({**told, "KOMEK_CONSOLE_URL": "https://desk.example.org"}, role=Role.CONSOLE)


def test_the_public_web_loads_nothing_of_the_console() -> None:
    """Its start is what callers wait for after a crash."""
    code = "import gateway.app, sys; print([m for m in sys.modules if m.startswith(('gateway.console', 'webauthn', 'argon2', 'segno'))])"
    done = subprocess.run(
        [sys.executable, "-c", code], env=dict(os.environ), capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
