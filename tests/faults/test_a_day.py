"""A day over the wire: callers, services and a person at the console. Then every place is searched for their numbers.

The places: the database with its write-ahead log, files, logs, output, Valkey, a backup, the metrics, and the memory of
every process after a minute without work. docs/threats.md says what may remain in memory.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

import pytest
import requests

from gateway.phone.emulator import Switches
from gateway.phone.receipts import When
from helpline.accounts.credentials import code_now
from helpline.core import clock
from helpline.operations import heartbeats
from tests.faults import checks
from tests.faults.memory import found_in
from tests.faults.people import Call
from tests.faults.phones import book, outside, shows
from tests.faults.service import ROOT, Service, running
from tests.faults.storm import Plan, storm, to_the_morning
from tests.others import PATIENCE_SECONDS, until

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(sys.platform != "linux", reason="the memory of processes is read from /proc"),
]
IDLE_SECONDS = 60
LAST_ONES = 3
"""How many numbers an idle process may still have in its memory: what it handled last (docs/threats.md)."""
SETTINGS: dict[str, Any] = {"grace_seconds": 1, "grace_most_seconds": 2, "reveals_a_day": 9999, "silent_hours": 200}
WITHDRAW, MORE = ("2", "9", "2", "3"), "9"
IN_THE_CAPITAL = "1"
"""The first of the regions, when the caller is asked where they are."""
CASE = re.compile(r'href="(/cases/[0-9a-z]+)"')
ACCOUNT = re.compile(r"(caseworker) +(\S+) +(\S+) +[0-9]{6}")


@pytest.mark.alone
@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_r34_r35_after_a_day_no_number_is_left_in_any_place_or_memory(tmp_path: Path) -> None:
    """All that callers, services and people at the console do, with made-up numbers, then a minute without work."""
    with outside() as gateway, running(tmp_path, gateway_url=gateway.url, **SETTINGS) as service:
        after = storm(Plan(7, 20, faults=0, habits={"yes": 1}), service, gateway)
        assert after.faults == []
        gateway.gateway.switches = Switches(receipts=When.ON_TIME)
        shown = {number for text in gateway.phones.taken for number in checks.numbers_in(text.text.encode())}
        assert len(shown) > 10, "a day on which few numbers leave shows little"
        withdrawn = withdraw(service, "+996000990001")
        service.sms("stop", "+996000990002", "STOP")
        service.sms("help", "+996000990003", "help")
        at_console = number_at_the_console(service, "+996000990004")
        until(lambda: any(text.to == "+996000990003" for text in gateway.phones.taken), "the reply")
        metrics, copies = scrape(service), back_up(service, tmp_path)
        numbers = frozenset({*shown, withdrawn, at_console, "996000990002", "996000990003"})
        time.sleep(IDLE_SECONDS)  # the promise is about a minute without work
        assert search(service, numbers, metrics, copies) == []
        assert service.stop() == 0


@pytest.mark.nightly
def test_the_search_of_a_day_finds_a_number_in_each_place(tmp_path: Path) -> None:
    """The control: numbers are left in each place on purpose."""
    file, log, row, queue, text, *held = (f"9960009900{number:02}" for number in range(10))
    environ = {"CLOCK_AHEAD": " ".join(held)}  # all parts have it in memory, and none reads it
    with outside() as gateway, running(tmp_path, environ=environ, gateway_url=gateway.url, **SETTINGS) as service:
        (service.data / "notes.txt").write_text(f"call {file}")
        with (tmp_path / "errors").open("a") as errors:
            errors.write(f"a line about {log}")
        db = service.database()
        with db.write() as tx:
            heartbeats.record_heartbeat(tx, row)
        db.dispose()
        service.redis().set("note", queue)
        (tmp_path / "copies").mkdir()
        (copy := tmp_path / "copies" / "main").write_text(text)
        found = {*search(service, frozenset({file, log, row, queue, text, *held}), scrape(service), [copy])}
    print(*sorted(found), sep="\n")
    assert found >= {
        f"{file} is in data/notes.txt",
        f"{log} is in errors",
        f"{row} is in data/komek.sqlite3-wal",
        f"{queue} is in Redis",
        f"{row} is in the metrics",
        "a copy is main",
    }
    assert {each.rpartition(" ")[2] for each in found if "memory of" in each} >= {"web", "console", "clock"}


def search(service: Service, numbers: frozenset[str], metrics: str, copies: Iterable[Path]) -> list[str]:
    """Return each place where one of these numbers is, the memory of processes with more than the last ones, too."""
    memory = in_memory(service, numbers)
    return [
        *checks.leaks(service, numbers),
        *(f"{number} is in the metrics" for number in sorted(checks.numbers_in(metrics.encode()) & numbers)),
        *(f"a copy is {path.name}" for path in copies if checks.numbers_in(path.read_bytes()) & numbers),
        *(f"{memory[name]} are in the memory of {name}" for name in sorted(memory) if memory[name] > LAST_ONES),
    ]


def in_memory(service: Service, numbers: frozenset[str]) -> dict[str, int]:
    """Return how many numbers are in the memory of each kind of process."""
    secrets = [number.encode() for number in numbers]
    counts: dict[str, int] = {}
    for name, pids in service.pids().items():
        found = {secret for pid in pids for secret in found_in(pid, secrets)}
        if found:
            counts[name] = len(found)
    return counts


def withdraw(service: Service, number: str) -> str:
    """Ask for a call, then withdraw with code and word. Return the number without its `+`."""
    texts = book()
    call = Call(service, texts, "AT-asks", number, Random(1))
    call.ask("1")
    kept = shows(texts, "callback.kept", call.screen)
    assert kept, call.screen
    call.press("0")
    again = Call(service, texts, "AT-withdraws", number, Random(1))
    again.press(*WITHDRAW, kept["code"])
    while not (key := re.search(rf"^(\d) {re.escape(kept['word'])}$", again.screen, re.MULTILINE)):
        again.press(MORE)
    again.press(key[1])
    assert shows(texts, "request.withdrawn", again.screen), again.screen
    return number.removeprefix("+")


def number_at_the_console(service: Service, number: str) -> str:
    """Ask for a call the next morning; as a caseworker, claim it and open the number. Return it without its `+`."""
    to_the_morning(service)
    call = Call(service, book(), "AT-console", number, Random(1))
    call.ask("1")
    call.press("1", "0", IN_THE_CAPITAL)  # the demo's caseworker is of a service there
    console = next(line.split()[1] for line in service.output().splitlines() if line.startswith("console "))
    login, password, key = ACCOUNT.findall(service.output())[0]
    browser = requests.Session()
    page = browser.get(f"{console}/login", timeout=PATIENCE_SECONDS)
    page = send(browser, page, "/login", login=login, password=password)
    page = send(browser, page, "/second", code=code_now(key, clock.real()))
    claim, case = until(lambda: open_case(browser, console), "an offer")
    page = send(browser, claim, f"{case}/claim")
    page = send(browser, page, f"{case}/number", read="yes")
    (shown,) = checks.numbers_in(page.content)
    browser.get(f"{console}/cases", timeout=PATIENCE_SECONDS)
    return shown


def open_case(browser: requests.Session, console: str) -> tuple[requests.Response, str] | None:
    """Return the page and the address of a case that can be claimed, if the list has one."""
    for case in CASE.findall(browser.get(f"{console}/cases", timeout=PATIENCE_SECONDS).text):
        page = browser.get(f"{console}{case}", timeout=PATIENCE_SECONDS)
        if f'action="{case}/claim"' in page.text:
            return page, case
    return None


def send(browser: requests.Session, page: requests.Response, action: str, **fields: str) -> requests.Response:
    """Send the form of a page."""
    proof = re.search(rf'action="{action}".*?name="_form" value="([^"]+)"', page.text, re.DOTALL)
    assert proof, f"no form {action} on {page.url}"
    url = "/".join(page.url.split("/")[:3]) + action
    answer = browser.post(url, {"_form": proof[1], **fields}, timeout=PATIENCE_SECONDS)
    assert answer.status_code == 200, f"{action}: {answer.status_code}"
    return answer


def scrape(service: Service) -> str:
    """Return the metrics."""
    console = next(line.split()[1] for line in service.output().splitlines() if line.startswith("console "))
    return requests.get(f"{console}/metrics", timeout=PATIENCE_SECONDS).text


def back_up(service: Service, folder: Path) -> list[Path]:
    """Write a backup as an operator does. Return its files."""
    told = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "KOMEK_DATA": str(service.data),
            "KOMEK_BACKUP_KEY": service.keys["backup_key"]}  # fmt: skip
    copies = folder / "copies"
    subprocess.run([sys.executable, "-m", "helpline.cli", "backup", str(copies)], cwd=ROOT, env=told, check=True)
    made = [*copies.iterdir()]
    assert made
    return made
