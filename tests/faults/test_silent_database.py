"""PostgreSQL falls silent while calls go on: the menus continue, also in a web that was restarted, and nothing is lost.

The negative control is a caller's request before and after: the same keys are saved, so the path is a true one.
"""

import http.client
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from helpline.store.schema import request
from tests.conftest import Databases
from tests.faults.phones import book, outside, shows
from tests.faults.relay import relay
from tests.faults.service import Service, running
from tests.faults.storm import to_the_morning
from tests.faults.test_degraded import ask, service_text
from tests.others import until
from tests.world import HOME

pytestmark = [
    pytest.mark.faults,
    pytest.mark.nightly,
    pytest.mark.postgres,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc"),
]


def saved(service: Service) -> int:
    """Count the requests in the database."""
    db = service.database()
    with db.read() as tx:
        found = tx.execute(sa.select(sa.func.count()).select_from(request)).scalar()
    db.dispose()
    return found or 0


def test_a_restarted_web_shows_its_menus_while_the_database_is_silent(tmp_path: Path, new_postgres: Databases) -> None:
    """Every hop is answered with a screen. What could not be saved is said, and later the same call is saved."""
    own = new_postgres()
    with outside() as gateway, relay(own.engine.url) as (network, address):
        with running(tmp_path, africastalking_url=gateway.url, database_url=address) as service:
            to_the_morning(service)
            assert shows(book(), "callback.kept", ask(service, "before").partition(" ")[2])
            network.silence()
            assert ask(service, "silent") == f"END {service_text('start.not_stored')}"
            (web,) = service.pids()["web"]
            os.kill(web, signal.SIGKILL)
            until(lambda: service.pids().get("web", [web]) != [web], "another web")
            assert service.hop("menus", "+996000111009", "*".join(HOME)).startswith("CON ")
            assert ask(service, "restarted") == f"END {service_text('start.not_stored')}"
            network.speak()

            def is_saved() -> bool:
                with suppress(OSError, http.client.HTTPException):
                    return shows(book(), "callback.kept", ask(service, "after").partition(" ")[2]) is not None
                return False

            until(is_saved, "a saved request")
        with own.read() as tx:
            assert tx.execute(sa.select(sa.func.count()).select_from(request)).scalar() == 2
