"""`komek status`: whether the service of a folder is running, and what waits. `komek doctor` checks the same."""

import http.client
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from redis.exceptions import RedisError

from helpline.commands.operate.deployment import has_database, open_database
from helpline.core import clock
from helpline.core.config import Config
from helpline.core.job_queue import connect
from helpline.keys import keyring
from helpline.operations import heartbeats
from helpline.operations.demo import DATA, settings
from helpline.store import backlogs, launch
from helpline.store.backlogs import Backlog
from helpline.store.engine import Unavailable
from helpline.store.faults import advice
from helpline.store.migrate import not_ready

ANSWER_SECONDS = 3.0
OLDEST_SECONDS = 30.0
FREE_BYTES = 500_000_000

Found = tuple[bool, str]
"""Whether something is well, and what it does."""
Line = tuple[bool, str, str]
"""Whether a part is well, its name, and what it does."""


@click.command("status")
@DATA
def status_command(data: Path | None) -> None:
    """Say whether the service is running on this machine, and what waits. The exit code is 1 if a part is not well.

    `komek doctor` checks more, and says how to fix it.
    """
    found = list(_lines(settings(data)))
    for fine, part, told in found:
        click.echo(f"{'ok ' if fine else 'BAD'}  {part:<9}  {told}")
    sys.exit(0 if all(fine for fine, _, _ in found) else 1)


def _lines(config: Config) -> Iterator[Line]:
    yield _web("web", config.port)
    yield _web("console", config.console_port)
    for name, (well, told) in (("queue", queue(config)), ("disk", disk(config))):
        yield well, name, told
    if not has_database(config):
        yield False, "database", f"none under {config.data}; another folder: --data, or KOMEK_DATA"
        return
    db = open_database(keyring.with_demo_keys(config))
    now = clock.clock_of(config.demo, config.data)()
    try:
        if faults := not_ready(db):
            yield False, "database", faults[0]
            return
        with db.read(now) as tx:
            beat, due = heartbeats.last_heartbeat(tx, "clock"), backlogs.backlog(tx)
            closed = not config.demo and launch.is_closed(tx)
        alive = heartbeats.is_alive(beat, now)
        yield alive, "clock", "alive" if alive else f"silent since {beat:%Y-%m-%d %H:%M} UTC" if beat else "never ran"
        in_time, told = work(due)
        yield in_time, "work", told
        yield not closed, "line", launch.NOT_OPEN if closed else "open to callers" if not config.demo else "a demo"
    except Unavailable as error:
        yield False, "database", advice(error)
    finally:
        db.dispose()


def _web(name: str, port: int) -> Line:
    """Ask a web of this machine whether it lives."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
    try:
        line.request("GET", "/health/live")
        ours = line.getresponse().read(8) == b"live"
    except http.client.HTTPException:  # what answers does not speak HTTP
        ours = False
    except OSError:
        return False, name, f"no answer on port {port}; `komek up` starts it"
    finally:
        line.close()
    return ours, name, f"answers on port {port}" if ours else f"another program answers on port {port}"


def work(due: Backlog) -> Found:
    """Return whether no row is late."""
    return due.oldest < OLDEST_SECONDS, f"{due.rows} rows due, the oldest for {due.oldest:.0f} s"


def queue(config: Config) -> Found:
    """Return whether Redis answers. Before `komek up` has started its own there is none to answer."""
    try:
        connect(config.queue_url).ping()
    except (RedisError, OSError, ValueError):
        expected = bool(config.redis_url) or config.socket.exists()
        return not expected, "Redis is unavailable; requests go on, only slower (the clock starts the jobs)"
    return True, "Redis answers"


def disk(config: Config) -> Found:
    """Return whether there is room where the data is, or will be."""
    place = next(each for each in (config.data, *config.data.absolute().parents) if each.exists())
    free = shutil.disk_usage(place).free
    enough = free > FREE_BYTES
    return enough, f"{free // 10**6} MB free under {place}{'' if enough else '; free some space'}"
