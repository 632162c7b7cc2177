"""PostgreSQL plans a statement for its values, except in a short-lived worker, where it may keep a plan."""

import pytest

from helpline.store.connection import connect, share_plans
from helpline.store.engine import Database
from tests.conftest import Databases

pytestmark = pytest.mark.postgres


def mode(db: Database) -> str:
    """Return how the server plans the statements of a new connection."""
    with db.read() as tx:
        return str(tx.exec_driver_sql("show plan_cache_mode").scalar())


def test_only_a_process_that_says_so_shares_plans(new_postgres: Databases) -> None:
    """All other options stay: without its limits a statement could keep a caller waiting."""
    url = new_postgres().engine.url.render_as_string(hide_password=False)
    usual, worker = connect(url), connect(url)
    share_plans(worker)
    assert (mode(usual), mode(worker)) == ("force_custom_plan", "auto")
    with worker.read() as tx:
        assert tx.exec_driver_sql("show statement_timeout").scalar() == "10s"
        assert tx.exec_driver_sql("show jit").scalar() == "off"
    usual.dispose()
    worker.dispose()
