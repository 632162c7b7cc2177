"""`/metrics`: who may read it, its figures, and that dashboards and alerts name existing metrics."""

import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml
from prometheus_client.parser import text_string_to_metric_families

from gateway.console.metrics import in_fives
from helpline.operations import heartbeats
from helpline.store import outbox
from helpline.store.schema import message, offer, request
from helpline.store.schema import outbox as outbox_table
from tests.conftest import Databases
from tests.gateway.console.office import Office
from tests.steps.month import fill

DOCS = Path(__file__).parents[3] / "docs" / "observability"
TOKEN = "a token of twenty-four letters"
NAME = re.compile(r"\bkomek_[a-z_]+\b")


@pytest.fixture
def office(new_sqlite: Databases) -> Office:
    return Office.on(new_sqlite())


def gauges(office: Office) -> dict[str, float]:
    """Read the metrics as Prometheus does, by name and label."""
    given = office.app.test_client().get("/metrics", environ_base={"REMOTE_ADDR": "127.0.0.1"})
    assert given.status_code == 200
    found = text_string_to_metric_families(given.text)
    return {"/".join([each.name, *each.labels.values()]): each.value for family in found for each in family.samples}


HERE, AWAY = {"REMOTE_ADDR": "127.0.0.1"}, {"REMOTE_ADDR": "192.0.2.10"}
WHO = [
    ("", HERE, {}, 200), ("", {"REMOTE_ADDR": "::1"}, {}, 200), ("", AWAY, {}, 404),
    ("", HERE, {"X-Forwarded-For": "192.0.2.10"}, 404), ("", HERE, {"Forwarded": "for=192.0.2.10"}, 404),
    (TOKEN, AWAY, {"Authorization": f"Bearer {TOKEN}"}, 200), (TOKEN, AWAY, {"Authorization": "Bearer wrong"}, 404),
    (TOKEN, HERE, {}, 404), (TOKEN, AWAY, {"Authorization": "Bearer \xff"}, 404),
]  # fmt: skip


@pytest.mark.parametrize(("token", "where", "headers", "status"), WHO)
def test_only_a_token_or_this_machine_may_read_the_metrics(
    new_sqlite: Databases, token: str, where: dict[str, str], headers: dict[str, str], status: int
) -> None:
    office = Office.on(new_sqlite(), metrics_token=token)
    assert office.app.test_client().get("/metrics", headers=headers, environ_base=where).status_code == status


def test_stuck_requests_texts_and_rows_are_counted(office: Office) -> None:
    """A stranded request, one whose window closes within the hour, a failed text, a row that was given up."""
    now = office.clock()
    assert gauges(office)["komek_windows_closing_unclaimed"] == 0
    assert "komek_oldest_stranded_seconds" not in gauges(office)
    fill(office.console.db, now - timedelta(hours=30), 3, days=1, offers=False)
    half_past_seven = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)  # half an hour before "any time" ends in Bishkek
    with office.console.db.write(now) as tx:
        tx.execute(request.update().values(state="waiting", zone="Asia/Bishkek", window="any", since=now,
                                           created=now, updated=now, expires=now + timedelta(days=9)))  # fmt: skip
        first = sa.select(sa.func.min(request.c.id)).scalar_subquery()
        tx.execute(request.update().where(request.c.id == first).values(state="stranded"))
        tx.execute(sa.insert(offer).values(id="o", request="r", line="l", service="gone", seq=1, state="open", draws=0,
                                           opened=now))  # fmt: skip
        tx.execute(sa.insert(message).values(id="m", to="service", recipient="x", notice="n", values={}, language="ru",
                                             state="failed", attempts=1, updated=now))  # fmt: skip
        outbox.wake(tx, "sms", "x", now)
        outbox.wake(tx, "sweep", "all", now)
        tx.execute(outbox_table.update().where(outbox_table.c.kind == "sms").values(state="dead"))
        heartbeats.record_heartbeat(tx, "clock")
    office.clock.at = half_past_seven
    waited = (half_past_seven - now).total_seconds()
    seen = gauges(office)
    assert seen["komek_windows_closing_unclaimed"] == 5  # three requests
    assert seen["komek_oldest_stranded_seconds"] == waited
    assert seen["komek_oldest_waiting_seconds"] == waited
    assert seen["komek_unverified_services_shown"] == 1
    assert seen["komek_last_text_age_seconds/failed"] == waited
    assert "komek_last_text_age_seconds/sent" not in seen
    assert seen["komek_outbox_dead_rows"] == 1
    assert [seen[f"komek_outbox_due_rows/{queue}"] for queue in ("urgent", "default", "low")] == [0, 0, 5]  # one row
    assert seen["komek_outbox_lag_seconds/low"] == seen["komek_beat_age_seconds/clock"] == waited
    assert seen["komek_outbox_lag_seconds/urgent"] == 0
    assert seen["komek_queue_reachable"] == 0
    assert "komek_queue_length" not in seen


def test_r36_people_are_counted_in_fives_and_without_labels(office: Office) -> None:
    assert [in_fives(each) for each in (0, 1, 4, 5, 6, 11)] == [0, 5, 5, 5, 10, 15]
    fill(office.console.db, office.clock() - timedelta(days=2), 30, days=1)
    by = {name.partition("/")[2] for name in gauges(office)}
    assert by <= {"", "sent", "failed", "received", "clock", "urgent", "default", "low"}


def test_the_public_port_has_no_metrics() -> None:
    public = (Path(__file__).parents[3] / "gateway" / "app.py").read_text()
    assert "metrics" not in public


def test_each_metric_is_in_the_docs() -> None:
    """What dashboard and alerts name is compared with a real scrape in tests/deploy/test_observe.py."""
    code = (Path(__file__).parents[3] / "gateway" / "console" / "metrics.py").read_text()
    there = set(NAME.findall(code))
    assert len(there) > 15
    assert there <= set(NAME.findall((DOCS / "README.md").read_text()))


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed (Debian: prometheus)")
@pytest.mark.parametrize("kind", ["rules", "config"])
def test_prometheus_accepts_the_rules_and_the_configuration(kind: str, tmp_path: Path) -> None:
    """`promtool` reads both. The configuration names files of a container, which are not here."""
    if kind == "rules":
        path = DOCS / "alerts.yaml"
    else:
        whole = yaml.safe_load((DOCS.parents[1] / "deploy" / "prometheus.yaml").read_text())
        whole["rule_files"] = [str(DOCS / "alerts.yaml")]
        for job in whole["scrape_configs"]:
            job.pop("authorization", None)
        path = tmp_path / "prometheus.yaml"
        path.write_text(yaml.safe_dump(whole))
    done = subprocess.run(["promtool", "check", kind, path], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
