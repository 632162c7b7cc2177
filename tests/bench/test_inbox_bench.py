"""The inbox bench fills a database, asks for each page, and says what it took. How fast it was is not judged here."""

import pytest

from helpline.store.database import Database
from tests.bench import inbox
from tests.conftest import Databases


def test_inbox_measures_each_page_on_each_kind_of_database(db: Database, capsys: pytest.CaptureFixture[str]) -> None:
    pages, weight = inbox.measure(db, still_open=120, over=50, rounds=2)
    assert [page.name for page in pages] == ["first page", "last page", "one case", "all requests"]
    assert 1_000 < weight < inbox.BAR_BYTES


def test_a_list_of_many_takes_no_more_statements_than_a_list_of_few(new_sqlite: Databases) -> None:
    """No line of a page is asked for by itself."""
    few, _ = inbox.measure(new_sqlite(), still_open=4, over=0, rounds=2)
    many, _ = inbox.measure(new_sqlite(), still_open=120, over=0, rounds=2)
    assert [page.statements for page in many[:2]] == [page.statements for page in few[:2]]
