"""What `komek up` does before it starts its processes."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from helpline.commands.operate import up
from helpline.content.sources import countries
from helpline.core import clock
from helpline.core.config import Config
from helpline.matching import ranking
from helpline.matching.candidates import candidates
from helpline.matching.criteria import Criteria
from helpline.request import requests
from helpline.staff import people
from helpline.store.connection import connect
from helpline.store.schema import request
from tests.world import contents


def test_a_start_goes_on_if_the_database_cannot_be_opened(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Callers then see the menus and the emergency numbers instead of a closed port."""
    config = Config(data=tmp_path)
    (tmp_path / "komek.sqlite3").mkdir()
    up.prepare_if_possible(config, contents(config))
    assert "database  unavailable (OperationalError)" in capsys.readouterr().out


def test_a_start_ends_if_a_migration_fails(tmp_path: Path) -> None:
    """That is a fault of ours, and no disk or network heals it."""
    config = Config(data=tmp_path)
    db = connect(config.sql_url)
    with db.write() as tx:
        tx.exec_driver_sql("create table alembic_version (version_num text)")
        tx.exec_driver_sql("insert into alembic_version values ('0000')")
    db.dispose()
    with pytest.raises(Exception, match="0000"):
        up.prepare_if_possible(config, contents(config))


def test_the_demo_begins_with_one_request_unless_somebody_has_asked(tmp_path: Path) -> None:
    """Nobody who looks at the console first finds an empty list. It is made once, from a number that cannot ring."""
    config = Config(data=tmp_path)
    up.prepare(config, contents(config), empty=True)
    db = connect(config.sql_url)
    with db.read() as tx:
        assert tx.execute(sa.select(request)).all() == []
    for _ in range(2):
        up.prepare(config, contents(config), empty=False)
        with db.read() as tx:
            rows = tx.execute(sa.select(request.c.state, request.c.need, request.c.kind)).all()
        assert [tuple(row) for row in rows] == [("waiting", "wages", "self")]
    db.dispose()


@pytest.mark.parametrize("country", countries())
def test_the_request_of_the_demo_is_offered_to_the_demos_caseworker_first(tmp_path: Path, country: str) -> None:
    """In each country, whatever the hour: the accounts of a service see its own list only."""
    config = Config(data=tmp_path, country=country)
    texts = contents(config)
    up.prepare(config, texts, empty=False)
    db, now = connect(config.sql_url), clock.clock_of(config.demo, config.data)()
    with db.read() as tx:
        (asked,) = (requests.get(tx, id) for id in tx.execute(sa.select(request.c.id)).scalars())
        assert asked is not None
        criteria = Criteria(asked, texts.matching, now, config.fresh_days)
        first = next(ranking.in_order(candidates(tx, texts.matching, asked), criteria))
        staff = [people.by_login(tx, login) for login in ("caseworker", "lead")]
    db.dispose()
    assert [each.service for each in staff if each] == [first.id, first.id]
