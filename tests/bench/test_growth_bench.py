"""The growth bench fills a database and does the work of the night on it. These tests do not judge speed."""

import sqlalchemy as sa

from helpline.store.engine import Database
from helpline.store.schema import request, vault
from tests.bench import growth


def test_bench_growth_does_all_the_work_of_the_night(db: Database) -> None:
    costs = {cost.what: cost.rows for cost in growth.run(db, still_open=6, closed=250, overdue=120)}
    assert costs["fill"] == 250
    assert costs["erase overdue numbers"] == 120
    assert costs["count two months"] >= 256
    assert costs["check the audit log"] >= 10
    with db.read() as tx:
        left = tx.execute(sa.select(sa.func.count()).select_from(vault)).scalar_one()
        whole = tx.execute(
            sa.select(sa.func.count()).where(request.c.state == "closed", request.c.draws >= 0)
        ).scalar_one()
    assert left < 10
    assert costs["reduce requests to counts"] + whole >= 250
