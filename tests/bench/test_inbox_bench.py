"""The inbox bench fills a database, requests each page and prints its times. These tests do not judge speed."""

from helpline.store.engine import Database
from tests.bench import inbox
from tests.conftest import Databases

PAGES = [
    "first page", "last page", "one case", "the bell", "shift", "duty", "all requests", "last of all", "middle of all",
    "middle page", "one request", "tonight", "directory", "figures", "audit log", "own figures", "narrowed list", "beside a case", "hand over", "awaiting a yes",
    "one service", "edit hours", "new service", "lost phones", "people", "harm", "blocks", "drills", "exports",
    "wordings", "lock", "help", "account", "machine", "sign in",
]  # fmt: skip
ONE = {"one case", "one request"}
"""Pages whose number of statements depends on the state of the request."""


def test_bench_inbox_measures_each_page_on_each_kind_of_database(db: Database) -> None:
    pages = inbox.measure(db, still_open=120, over=50, rounds=2, elsewhere=30)
    assert [page.name for page in pages] == PAGES
    assert all(0 < page.size < inbox.BAR_BYTES for page in pages)
    assert all(page.line.count("|") == inbox.HEAD.partition("\n")[0].count("|") - 2 for page in pages)


def test_a_long_list_needs_no_more_statements_than_a_short_one(new_sqlite: Databases) -> None:
    """No row of a page has a query of its own. The number for one case depends on its state.

    Among twelve one is in danger, as among many: what counts danger asks once more when there is any.
    """
    few = inbox.measure(new_sqlite(), still_open=12, over=0, rounds=2)
    many = inbox.measure(new_sqlite(), still_open=120, over=60, rounds=2)
    lists = [PAGES.index(name) for name in PAGES if name not in ONE]
    assert [PAGES[at] for at in lists if many[at].statements > few[at].statements] == []
