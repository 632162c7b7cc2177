"""Figures and alerts: every metric that the dashboard and the alert rules name is in a real scrape."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests.conftest import Databases
from tests.deploy.busy import DOCS, TOKEN, busy_office, dashboard, named, panels, rules, served
from tests.deploy.test_proxies import program
from tests.deploy.wheels import run
from tests.others import free_port, until
from tests.workers.conftest import Server, one_server, server  # noqa: F401  # fixtures

OBSERVE = Path(__file__).resolve().parents[2] / "deploy" / "observe"
GRAFANA_TYPES = "grafana-foundation-sdk==1769699379!{}"
"""Grafana's types for its version of compose.yaml. The number in front is the day on which they were made."""
GRAFANA_COLUMNS = 24


@pytest.fixture
def console(new_sqlite: Databases, server: Server, tmp_path: Path) -> Iterator[str]:  # noqa: F811
    """The address of a console whose figures all have a value."""
    with served(busy_office(new_sqlite(), tmp_path, server.url)) as address:
        yield address


def scraped(console: str) -> set[str]:
    """Return the names of what Prometheus would get."""
    given = requests.get(f"http://{console}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60)
    assert given.status_code == 200
    return {sample.name for family in text_string_to_metric_families(given.text) for sample in family.samples}


def test_each_metric_of_dashboard_and_alerts_is_in_a_real_scrape(console: str) -> None:
    assert len(named()) > 15
    assert named() - scraped(console) == set()


def test_the_check_finds_a_metric_that_does_not_exist(console: str) -> None:
    assert {"komek_hops_seconds", "komek_beat_age_seconds"} - scraped(console) == {"komek_hops_seconds"}


def configuration(console: str, folder: Path) -> Path:
    """Write the configuration of deploy/observe for this machine: other addresses, and a figure each second."""
    whole = yaml.safe_load((OBSERVE / "prometheus.yaml").read_text())
    (job,) = whole["scrape_configs"]
    assert job["static_configs"] == [{"targets": ["console:8001"]}]
    job["static_configs"] = [{"targets": [console]}]
    assert job["authorization"] == {"type": "Bearer", "credentials_file": "/run/secrets/metrics_token"}
    job["authorization"]["credentials_file"] = str(folder / "token")
    (folder / "token").write_text(TOKEN)
    assert whole["rule_files"] == ["/etc/prometheus/alerts.yaml"]
    whole["rule_files"] = [str(DOCS / "alerts.yaml")]
    whole["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    path = folder / "prometheus.yaml"
    path.write_text(yaml.safe_dump(whole))
    return path


@contextmanager
def prometheus(config: Path) -> Iterator[str]:
    """Run Prometheus. Yield the address of its API."""
    address = f"127.0.0.1:{free_port()}"
    command = [
        program("prometheus"), f"--config.file={config}", f"--storage.tsdb.path={config.parent / 'data'}",
        f"--web.listen-address={address}", "--log.level=error",
    ]  # fmt: skip
    with (config.parent / "prometheus.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env={"PATH": os.environ["PATH"]})
    try:
        yield f"http://{address}/api/v1"
    finally:
        process.kill()
        process.wait()


def asked(api: str, path: str, **query: str) -> Any:
    """Return what Prometheus says, or None if it says nothing yet."""
    try:
        given = requests.get(f"{api}/{path}", params=query, timeout=60)
    except requests.ConnectionError:
        return None
    if given.status_code == 503:  # it is still starting
        return None
    assert given.status_code == 200, given.text
    return given.json()["data"]


def legend_of(pattern: str, labels: dict[str, str]) -> str:
    """Return what Grafana calls a line. Prometheus renames our label `job`, as it has one of its own."""
    return re.sub(r"\{\{(\w+)\}\}", lambda name: labels[name[1]], pattern)


def test_a_real_prometheus_answers_each_panel_and_each_rule(console: str, tmp_path: Path) -> None:
    """There is no Grafana among the packages of Debian. What its panels ask for is asked here."""
    with prometheus(configuration(console, tmp_path)) as api:

        def found(expression: str) -> Any:
            return (asked(api, "query", query=expression) or {}).get("result")

        until(lambda: any(each["value"][1] == "1" for each in found("up") or []), "a scrape")
        until(lambda: all(found(name) for name in named()), f"a value of each of {sorted(named())}")
        until(lambda: all(found(expression) for expression in panels()), f"a value of each of {panels()}")
        for panel in dashboard()["panels"]:
            legends = [
                legend_of(target["legendFormat"], each["metric"])
                for target in panel["targets"]
                if "legendFormat" in target
                for each in found(target["expr"])
            ]
            assert len(legends) == len({*legends}), (panel["title"], "two lines have one name")

        def evaluated() -> list[Any] | None:
            data = asked(api, "rules") or {"groups": []}
            every = [rule for group in data["groups"] for rule in group["rules"]]
            return every if every and all(rule["health"] != "unknown" for rule in every) else None

        every = until(evaluated, "all alert rules evaluated")
        assert len(every) == len(rules())
        assert [(rule["name"], rule.get("lastError")) for rule in every if rule["health"] != "ok"] == []
        assert {"RequestStranded", "UnverifiedServiceShown"} <= {
            rule["name"] for rule in until(lambda: [r for r in evaluated() or [] if r["state"] == "firing"], "an alarm")
        }


def test_the_runbook_says_of_each_alert_what_to_do() -> None:
    runbook = (DOCS.parent / "runbook.md").read_text()
    groups = yaml.safe_load((DOCS / "alerts.yaml").read_text())["groups"]
    alerts = {rule["alert"] for group in groups for rule in group["rules"]}
    told = [words for line in runbook.split("\n\n") for words in re.findall(r"^\*Alert (.*?)\.\*", line, re.DOTALL)]
    named = {name for words in told for name in re.findall(r"`([A-Z]\w+)`", words)}
    assert named == alerts


@pytest.mark.parametrize("kind", ["config", "rules"])
def test_promtool_accepts_what_compose_mounts(kind: str, tmp_path: Path) -> None:
    path = configuration("console:8001", tmp_path) if kind == "config" else DOCS / "alerts.yaml"
    done = subprocess.run(
        [program("promtool"), "check", kind, str(path)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_panel_of_the_dashboard_has_what_grafana_needs() -> None:
    whole = dashboard()
    assert [(each["name"], each["type"], each["query"]) for each in whole["templating"]["list"]] == [
        ("datasource", "datasource", "prometheus")
    ]
    shown = whole["panels"]
    for key in ("id", "title", "gridPos"):
        assert len({str(panel[key]) for panel in shown}) == len(shown) > 10, key
    for panel in shown:
        assert panel["type"] in {"stat", "timeseries"}
        assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}, panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"] == ("s" if "_seconds" in str(panel["targets"]) else "short")
        assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"]) > 0, panel["title"]
        assert panel["gridPos"]["x"] + panel["gridPos"]["w"] <= GRAFANA_COLUMNS


READ_AND_WRITTEN = """
import json, sys
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard
print(JSONEncoder().encode(Dashboard.from_json(json.load(sys.stdin))))
"""


def missing(ours: Any, theirs: Any, path: str = "") -> list[str]:
    """Return what of ours is not in theirs. They may have more: what Grafana takes if nothing is said."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return [each for key in ours for each in missing(ours[key], theirs.get(key), f"{path}/{key}")]
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        return [
            each
            for at, (one, two) in enumerate(zip(ours, theirs, strict=True))
            for each in missing(one, two, f"{path}/{at}")
        ]
    return [] if ours == theirs else [path]


@pytest.mark.nightly
def test_grafanas_own_types_read_each_field_of_the_dashboard(tmp_path: Path) -> None:
    """Its published types drop a field that they do not know. They are installed for this test only."""
    image = yaml.safe_load((OBSERVE.parent / "compose.yaml").read_text())["services"]["grafana"]["image"]
    types = GRAFANA_TYPES.format(image.partition(":")[2])
    fetched = run(sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", tmp_path / "types", types,
                  folder=tmp_path)  # fmt: skip
    if fetched.returncode:
        pytest.skip(f"pip cannot fetch {types}: no network?")

    def read(given: dict[str, Any]) -> Any:
        done = subprocess.run(
            [sys.executable, "-c", READ_AND_WRITTEN], input=json.dumps(given), capture_output=True, text=True, check=True,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path / "types")},
        )  # fmt: skip
        return json.loads(done.stdout)

    assert missing(dashboard(), read(dashboard())) == []
    wrong = dashboard() | {"refesh": "30s"}
    assert missing(wrong, read(wrong)) == ["/refesh"], "the control"


def test_grafana_is_given_the_dashboard_and_where_its_figures_are() -> None:
    """It was loaded in no Grafana: what compose.yaml mounts is compared with what the files name."""
    services = yaml.safe_load((OBSERVE.parent / "compose.yaml").read_text())["services"]
    mounts = {
        inside: OBSERVE.parent / outside
        for name in ("prometheus", "grafana")
        for outside, inside, *_ in (each.split(":") for each in services[name]["volumes"])
        if "/" in outside
    }
    assert [str(path) for path in mounts.values() if not path.is_file()] == []
    (provider,) = yaml.safe_load(mounts["/etc/grafana/provisioning/dashboards/komek.yaml"].read_text())["providers"]
    assert provider["options"]["path"] in {str(Path(inside).parent) for inside in mounts}
    (source,) = yaml.safe_load(mounts["/etc/grafana/provisioning/datasources/komek.yaml"].read_text())["datasources"]
    assert source["isDefault"]
    assert source["url"] == "http://prometheus:9090"
    assert services["prometheus"]["networks"] == services["grafana"]["networks"] == ["figures"]
    assert "figures" in services["console"]["networks"]
