"""Which locks of PostgreSQL are asked for. `test_telephones_at_once` shows there what they do."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from helpline.store import exclusive
from helpline.store.engine import Tx


def asked(kind: str) -> tuple[Tx, list[Any]]:
    """Return a transaction on a kind of database that runs nothing, and the list of the locks that it is asked for."""
    given: list[Any] = []
    tx = SimpleNamespace(dialect=SimpleNamespace(name=kind), execute=lambda _, values: given.append(values))
    return cast(Tx, tx), given


def test_r48_each_telephone_is_locked_by_its_keyed_hash() -> None:
    tx, locks = asked("postgresql")
    exclusive.telephone(tx, b"\xff\xff\xff\xfe and more")
    exclusive.telephone(tx, b"\x00\x00\x00\x07 and more")
    assert locks == [{"kind": exclusive.TELEPHONE, "of": -2}, {"kind": exclusive.TELEPHONE, "of": 7}]


def test_r49_desks_are_locked_in_one_order() -> None:
    """Whatever order they are named in: otherwise two transactions could wait for each other."""
    locked = []
    for ids in (["kg-a", "kg-b", "kg-c"], ["kg-c", "kg-b", "kg-a", "kg-a"]):
        tx, locks = asked("postgresql")
        exclusive.desks(tx, ids)
        locked.append([each["of"] for each in locks])
    assert len(locked[0]) == 3
    assert locked[0] == locked[1]


def test_r19_a_busy_desk_is_not_waited_for() -> None:
    """A hop may wait for the transaction. So it only tries, and never begins to wait for the lock."""
    statements: list[str] = []

    def execute(statement: object, _: object) -> Any:
        statements.append(str(statement))
        return SimpleNamespace(scalar_one=lambda: False)

    tx = SimpleNamespace(dialect=SimpleNamespace(name="postgresql"), execute=execute)
    assert not exclusive.desks_if_free(cast(Tx, tx), ["kg-a", "kg-b"])
    assert len(statements) > 1
    assert all("pg_try_advisory_xact_lock" in each for each in statements)


@pytest.mark.parametrize("ids", [[], ["kg-a"]])
def test_sqlite_has_one_writer_and_no_locks(ids: list[str]) -> None:
    tx, locks = asked("sqlite")
    exclusive.telephone(tx, b"12345678")
    exclusive.desks(tx, ids)
    assert exclusive.desks_if_free(tx, ids)
    assert locks == []
