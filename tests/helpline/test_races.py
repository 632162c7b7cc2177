"""Workers at the same time, on PostgreSQL, where two transactions really run side by side."""

import threading
from collections.abc import Callable

import pytest

from helpline.store import directory, outbox
from helpline.store.schema import offer, request, vault
from helpline.store.schema import outbox as outbox_table
from tests.conftest import Databases
from tests.world import CALLER, STOPPED, World

pytestmark = pytest.mark.postgres


@pytest.fixture
def busy(new_postgres: Databases) -> World:
    """A service on PostgreSQL."""
    return World.on(new_postgres(), requests_a_day=100)


def at_once(*works: Callable[[], object]) -> list[object]:
    """Run everything at the same instant; give what each returned or raised."""
    start, results = threading.Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        start.wait()
        try:
            results.append(work())
        except Exception as error:  # noqa: BLE001  # the test looks at it
            results.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_r27_two_workers_find_one_line_for_one_telephone(busy: World) -> None:
    """Six requests of one phone, attended at once: one line, one open offer."""
    for _ in range(6):
        busy.ask()
    at_once(*[busy.work.step] * 6)
    busy.run()
    assert len({row.line for row in busy.rows(vault)}) == 1
    assert [row.state for row in busy.rows(offer)] == ["open"]


def test_two_services_claim_at_once_and_one_has_it(busy: World) -> None:
    """The first service's offer has just lapsed and the second's is open: both say yes in the same instant."""
    busy.ask()
    busy.run()
    first, code = busy.offered()
    who = []
    with busy.db.read() as tx:
        who.append(directory.contact_by_phone(tx, first))
    assert who[0] is not None

    def claim() -> None:
        with busy.db.write() as tx:
            busy.work.texts.claims.claim(tx, who[0], code, busy.clock())  # type: ignore[arg-type]

    at_once(claim, claim, claim, claim)
    busy.run()
    assert [row.state for row in busy.rows(offer)] == ["claimed"]
    assert busy.state() == "claimed"


def test_a_wake_is_not_lost_in_the_instant_a_row_is_finished(busy: World) -> None:
    """One worker finishes, another wakes the same thing: whatever the order, it is done again or still there."""
    for at in range(20):
        with busy.db.write() as tx:
            outbox.wake(tx, "next", f"line-{at}", busy.clock())
            due = outbox.claim(tx, busy.clock())
        assert due is not None

        def finish(due: outbox.Due = due) -> bool:
            with busy.db.write() as tx:
                return outbox.finish(tx, due)

        def wake(at: int = at) -> None:
            with busy.db.write() as tx:
                outbox.wake(tx, "next", f"line-{at}", busy.clock())

        at_once(finish, wake)
        left = [row for row in busy.rows(outbox_table) if row.ref == f"line-{at}"]
        assert [row.state for row in left] == ["ready"]
        with busy.db.write() as tx:
            outbox.drop(tx, "next", f"line-{at}")


def test_r48_a_stop_and_a_reveal_at_once(busy: World) -> None:
    """Whichever comes first: after the stop's screen nothing more leaves."""
    to, code = busy.claimed()
    busy.dial().press(*STOPPED)
    at_once(lambda: busy.text(to, f"NUMBER {code}"), busy.work.step, busy.work.step)
    busy.run()
    assert not any(CALLER in text for _, text in busy.gateway.sent)
    assert {row.state for row in busy.rows(request)} == {"paused"}
