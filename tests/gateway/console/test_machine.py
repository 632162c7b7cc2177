"""The operator's page: the state of the machine, and nothing about any person."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from helpline.core.config import Config, ConfigError
from helpline.core.job_queue import connect
from helpline.operations import health_figures, heartbeats
from helpline.operations.refused_requests import Fault, RefusedRequests
from helpline.staff.roles import Role
from helpline.store import channel_states, launch
from tests.conftest import Databases
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Browser, Office
from tests.gateway.console.test_metrics import gauges
from tests.workers.conftest import Server
from tests.world import CALLER, World, keys
from workers.__main__ import worker


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path)
    server.begin()
    yield server
    server.end()


def state(browser: Browser, name: str) -> str:
    """Return the state shown beside an item."""
    page = browser.get("/machine").get_data(as_text=True)
    head, cell = rf"<th [^>]*>{re.escape(name)}</th>", r"<td[^>]*>"
    row = re.search(rf"{head}\s*{cell}.*?</td>\s*{cell}(.*?)</td>", page, re.DOTALL)
    assert row, name
    return re.sub("<[^>]+>", "", row[1])


def test_the_machine_page_is_the_operators_first_and_shows_no_case(office: CaseOffice) -> None:
    office.offered()
    browser = office.office.signed_in(office.office.insider(Role.OPERATOR))
    assert browser.get("/").location == "/machine"
    page = browser.get("/machine").get_data(as_text=True)
    with office.world.db.read() as tx:
        from helpline.staff import contacts

        names = [each.name("en") for each in contacts.of_kind(tx, "service", "KG")]
    assert CALLER not in page
    assert not any(name in page for name in names)
    assert 'href="/cases' not in page


def test_the_page_shows_the_clock_and_an_old_backup(office: CaseOffice) -> None:
    browser = office.office.signed_in(office.office.insider(Role.OPERATOR))
    assert state(browser, "Clock: last sign of life") == "needs attention"
    with office.world.db.write(office.world.clock()) as tx:
        heartbeats.record_heartbeat(tx, "clock")
        heartbeats.record_heartbeat(tx.at(office.world.clock() - timedelta(hours=3)), health_figures.BACKUP)
    assert state(browser, "Clock: last sign of life") == "good"
    assert state(browser, "Last backup").startswith("needs attentionNo backup was made for two hours.")
    assert browser.page.index("Last backup") < browser.page.index("Clock: last sign"), (
        "what needs attention comes first"
    )
    with office.world.db.write(office.world.clock()) as tx:
        heartbeats.record_heartbeat(tx, health_figures.BACKUP)
    assert state(browser, "Last backup") == "good"


def test_the_page_does_not_expect_a_lock_and_names_no_command_that_cannot_help(office: CaseOffice) -> None:
    """It said "Numbers locked since: none yet", and that `komek doctor` knows why no backup was made."""
    page = office.office.signed_in(office.office.insider(Role.OPERATOR)).get("/machine").get_data(as_text=True)
    assert re.search(r"Numbers locked since</th>\s*<td[^>]*>not locked</td>", page)
    assert "the command komek backup makes one now, or says why it cannot." in page


def test_without_a_channel_the_page_says_that_this_is_the_demo(office: CaseOffice) -> None:
    browser = office.office.signed_in(office.office.insider(Role.OPERATOR))
    assert "none: this is the demo. Its texts go to the made-up telephones of the page" in browser.get(
        "/machine"
    ).get_data(as_text=True)


@pytest.mark.parametrize(("country", "shown"), [("996", "good"), ("992", "needs attention")])
def test_the_page_shows_who_gets_no_texts_because_no_channel_reaches_them(
    new_sqlite: Databases, tmp_path: Path, country: str, shown: str
) -> None:
    file = tmp_path / "channels.yaml"
    file.write_text(f'channels: [{{name: a, kind: emulator, countries: ["{country}"]}}]')
    db = new_sqlite().with_contact_key(keys()["contact_key"])
    office = Office.on(db, channels_file=file)
    World.on(db, clock=office.clock)
    browser = office.signed_in(office.insider(Role.OPERATOR))
    assert state(browser, "Services and coordinators whose telephone no channel sends texts to") == shown
    assert ("kg-coordinator-1" in browser.get("/machine").text) == (shown != "good")
    assert gauges(office)["komek_telephones_unreached"] == (0 if shown == "good" else 9)


def test_the_page_and_the_metrics_show_how_each_channel_is_doing(new_sqlite: Databases, tmp_path: Path) -> None:
    file = tmp_path / "channels.yaml"
    file.write_text("channels: [{name: a, kind: emulator, rate: 2.5, low_balance: 50}, {name: b, kind: emulator}]")
    office = Office.on(new_sqlite(), channels_file=file)
    browser = office.signed_in(office.insider(Role.OPERATOR))
    assert "Channels, one by one" not in browser.get("/machine").text, "none was used"
    with office.console.db.write(office.clock()) as tx:
        channel_states.note_success(tx, "a")
        channel_states.note_failure(tx, "a", fault=False)
        channel_states.note_balance(tx, "a", 84.75)
        channel_states.note_failure(tx, "gone", fault=False)
    assert row(browser, "a")[1:] == ["5", "5", "2.5", "84.75", "good"]
    assert ">gone<" not in browser.get("/machine").text
    seen = gauges(office)
    assert (seen["komek_channel_rate_limit/a"], seen["komek_channel_balance/a"]) == (2.5, 84.75)
    assert seen["komek_channel_balance_low/a"] == 0
    assert "komek_channel_balance/b" not in seen
    with office.console.db.write(office.clock()) as tx:
        channel_states.note_balance(tx, "a", 49.99)
    assert row(browser, "a")[-1] == "needs attention"
    assert gauges(office)["komek_channel_balance_low/a"] == 1


def test_the_page_says_what_waits_while_the_clock_is_in_doubt(office: CaseOffice) -> None:
    """Somebody has set the machine's clock. The page says so, what does not happen meanwhile, and which command to use."""
    browser = office.office.signed_in(office.office.insider(Role.OPERATOR))
    assert state(browser, "Komek&#39;s time") == "good"
    office.office.clock.sure = False
    found = re.search(r"<th [^>]*>(Komek&#39;s time\.[^<]*)</th>", browser.get("/machine").get_data(as_text=True))
    assert found
    assert "no request ends and nothing is deleted because of the time. See the command komek clock" in found[1]
    assert state(browser, found[1]) == "needs attention"


def test_the_page_counts_the_workers_that_live_also_after_the_queue_was_lost(
    new_sqlite: Databases, valkey: Server
) -> None:
    """A restart of Valkey loses RQ's list of workers. They go on, and the page must not say that none is there."""
    office = Office.on(new_sqlite(), redis_url=valkey.url)
    browser = office.signed_in(office.insider(Role.OPERATOR))
    assert state(browser, "Workers running") == "needs attention"
    connection = valkey.client()
    living = worker(connection)
    living.register_birth()  # type: ignore[no-untyped-call]
    assert state(browser, "Workers running") == "good"
    valkey.end()
    valkey.begin()
    living.heartbeat()  # RQ sends one before it waits for the next job
    assert state(browser, "Workers running") == "good"
    assert gauges(office)["komek_workers"] == 1
    living.register_death()  # type: ignore[no-untyped-call]
    assert state(browser, "Workers running") == "needs attention"


def test_a_balance_that_the_gateway_said_long_ago_needs_attention(new_sqlite: Databases, tmp_path: Path) -> None:
    """It may be used up since. The page, the metrics and `komek doctor` say so."""
    file = tmp_path / "channels.yaml"
    file.write_text("channels: [{name: a, kind: emulator, low_balance: 50}]")
    office = Office.on(new_sqlite(), channels_file=file)
    browser = office.signed_in(office.insider(Role.OPERATOR))
    for hours, shown in ((2, "good"), (3, "needs attention")):
        with office.console.db.write(office.clock() - timedelta(hours=hours)) as tx:
            channel_states.note_balance(tx, "a", 84.75)
        assert row(browser, "a")[-1] == shown
        assert gauges(office)["komek_channel_balance_age_seconds/a"] == hours * 3600


def test_the_page_and_the_metrics_show_a_gateway_whose_requests_are_refused(
    new_sqlite: Databases, tmp_path: Path, valkey: Server
) -> None:
    file = tmp_path / "channels.yaml"
    file.write_text("channels: [{name: a, kind: emulator}, {name: b, kind: emulator}]")
    office = Office.on(new_sqlite(), channels_file=file, redis_url=valkey.url)
    browser = office.signed_in(office.insider(Role.OPERATOR))
    refused = RefusedRequests(lambda: connect(valkey.url, seconds=10), office.clock)
    told = "Channels whose requests were refused in the last hour"
    for name, fault in (("a", Fault.SECRET), ("b", Fault.FORM)):
        assert state(browser, told) == "good"
        refused.add(name, fault)
        assert refused.flush()
    assert state(browser, told) == "needs attention"
    seen = gauges(office)
    counts = {name: seen[f"komek_requests_refused/{name}"] for name in ("a/secret", "a/form", "b/form", "b/body")}
    assert counts == {"a/secret": 5, "a/form": 0, "b/form": 5, "b/body": 0}, "rounded up to fives"


def row(browser: Browser, name: str) -> list[str]:
    """Return the cells of a channel."""
    page = browser.get("/machine").text
    found = re.search(rf"<th [^>]*>{re.escape(name)}</th>(.*?)</tr>", page, re.DOTALL)
    assert found, name
    return [re.sub("<[^>]+>", "", each) for each in re.findall(r"<td[^>]*>(.*?)</td>", found[1], re.DOTALL)]


def test_overdue_work_is_shown(office: CaseOffice) -> None:
    browser = office.office.signed_in(office.office.insider(Role.OPERATOR))
    office.world.run()
    assert state(browser, "Outbox: rows that are due") == "good"
    office.world.ask()
    office.office.wait(minutes=10)
    assert state(browser, "Outbox: rows that are due") == "needs attention"


def test_r36_a_token_that_can_be_guessed_is_refused() -> None:
    """It protects figures that are read every 15 seconds. Without a token only this machine may read them."""
    for token in ("", "x" * 16):
        Config.read({"KOMEK_METRICS_TOKEN": token})
    with pytest.raises(ConfigError, match="KOMEK_METRICS_TOKEN needs at least 16 letters"):
        Config.read({"KOMEK_METRICS_TOKEN": "x" * 15})


def test_before_the_line_is_open_the_page_lists_what_is_missing(new_sqlite: Databases) -> None:
    """Once it is open, nothing that lapses is listed here: it has alarms of its own."""
    db = new_sqlite()
    office = Office.on(db, channels=("africastalking",))
    browser = office.signed_in(office.insider(Role.OPERATOR))
    page = browser.get("/machine").get_data(as_text=True)
    assert "Before the line is opened" in page
    assert "backup never made; `komek backup DIR`" in unescape(page)
    assert re.search(
        "[0-9]+ texts in ru not reviewed; in the checkout `./komek translate reviewed ru --country KG", unescape(page)
    )
    with db.write() as tx:
        launch.open_up(tx)
    assert "Before the line is opened" not in browser.get("/machine").get_data(as_text=True)
