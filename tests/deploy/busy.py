"""A console in a state in which every figure of `/metrics` has a value, on a real port and with a real Valkey."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import sqlalchemy as sa
import yaml
from werkzeug.serving import make_server

from helpline.core.job_queue import connect
from helpline.operations import heartbeats
from helpline.operations.health_figures import BACKUP
from helpline.operations.hop_times import FEWEST, HopTimes
from helpline.referral.escalation import GUESSING
from helpline.store import channel_states, outbox
from helpline.store.engine import Database
from helpline.store.schema import message, offer, request
from tests.gateway.console.office import Office
from tests.steps.month import fill

DOCS = Path(__file__).parents[2] / "docs" / "observability"
NAME = re.compile(r"\bkomek_[a-z_]+\b")
TOKEN = "a token of twenty-four letters"
CHANNELS = "channels: [{name: a, kind: emulator, rate: 2.5, low_balance: 50}]"


def dashboard() -> dict[str, Any]:
    """Return the dashboard for Grafana."""
    read: dict[str, Any] = json.loads((DOCS / "dashboard.json").read_text())
    return read


def panels() -> list[str]:
    """Return the queries of the dashboard."""
    return [target["expr"] for panel in dashboard()["panels"] for target in panel["targets"]]


def rules() -> list[str]:
    """Return the queries of the alert rules."""
    groups = yaml.safe_load((DOCS / "alerts.yaml").read_text())["groups"]
    return [rule["expr"] for group in groups for rule in group["rules"]]


def named() -> set[str]:
    """Return every metric that the dashboard or an alert rule asks for."""
    return {name for expression in (*panels(), *rules()) for name in NAME.findall(expression)}


def busy_office(db: Database, folder: Path, queue: str) -> Office:
    """Return a console whose requests, texts, jobs and channels have all that `/metrics` can say."""
    file = folder / "channels.yaml"
    file.write_text(CHANNELS)
    office = Office.on(db, channels_file=file, redis_url=queue, metrics_token=TOKEN)
    now = office.clock()
    fill(office.console.db, now, 3, days=1, offers=False)
    texts = [("sent", "n"), ("failed", "n"), ("sent", GUESSING)]
    with office.console.db.write(now) as tx:
        times = {"since": now, "created": now, "updated": now}
        tx.execute(request.update().values(state="waiting", zone="Asia/Bishkek", window="any", **times))
        first = sa.select(sa.func.min(request.c.id)).scalar_subquery()
        tx.execute(request.update().where(request.c.id == first).values(state="stranded"))
        tx.execute(sa.insert(offer).values(id="o", request="r", line="l", service="gone", seq=1, state="open", draws=0,
                                           opened=now))  # fmt: skip
        for at, (state, notice) in enumerate(texts):
            tx.execute(sa.insert(message).values(id=f"m{at}", to="service", recipient="x", notice=notice, values={},
                                                 language="ru", state=state, attempts=1, updated=now))  # fmt: skip
        outbox.wake(tx, "sweep", "all", now)
        for name in ("clock", BACKUP):
            heartbeats.record_heartbeat(tx, name)
        channel_states.note_success(tx, "a")
        channel_states.note_failure(tx, "a", fault=False)
        channel_states.note_balance(tx, "a", 84.75)
    hops = HopTimes(lambda: connect(queue))
    for _ in range(FEWEST):
        hops.add(0.02)
    assert hops.flush()
    office.wait(minutes=20)
    return office


@contextmanager
def served(office: Office) -> Iterator[str]:
    """Serve a console on a port of this machine. Yield `host:port`."""
    server = make_server("127.0.0.1", 0, office.app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
