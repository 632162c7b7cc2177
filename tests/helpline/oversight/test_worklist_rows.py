"""How the rows of the lists are read."""

import sqlalchemy as sa

from helpline.oversight import worklist_rows
from helpline.store.engine import Database


def plan(db: Database, statement: sa.Select[tuple[object, ...]]) -> str:
    """Return how SQLite runs a statement."""
    ran = statement.compile(dialect=db.engine.dialect, compile_kwargs={"literal_binds": True})
    with db.engine.connect() as connection:
        return "\n".join(row[3] for row in connection.exec_driver_sql(f"explain query plan {ran}"))


def test_requests_are_counted_by_kind_without_sorting(clean_sqlite: Database) -> None:
    """Sorting 100,000 of them, or reading more than their index, takes several times as long."""
    ran = plan(clean_sqlite, worklist_rows._KINDS.params(now=0))
    assert ran == "SCAN request USING COVERING INDEX ix_request_kind"
