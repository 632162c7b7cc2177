"""Somebody sets the machine's clock while requests are open, and sets it back: nothing ends, lapses or is deleted.

The control is the same service without the protection: then requests end.
"""

import json
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from helpline.store.schema import offer, request, vault
from tests.faults import checks
from tests.faults.events import told
from tests.faults.phones import Outside, book, outside, shows
from tests.faults.service import ROOT, Service, a_copy, running
from tests.faults.storm import to_the_morning
from tests.faults.wrong_clock import CAN, WrongClock, wrong_clock
from tests.others import until
from tests.world import CALL_ME

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3600), CAN]
PATIENCE_SECONDS = 240.0
"""Several processes start, perhaps on a busy machine."""
WRONG_SECONDS = 4.0
"""How long the clock is wrong: the clock process looks twenty times meanwhile."""
DAYS, HOURS = timedelta(days=20), timedelta(hours=2, minutes=30)
"""Longer than a consent lasts, and longer than an offer."""
CALLERS = 6
MOST_SCREENS = 40
"""A caller who has seen so many without being saved gives up."""


def ask(service: Service, number: int) -> None:
    """Ask for a call as one of several callers, and call again if the machine is too busy to save it."""
    shown = list[str]()
    while not any(shows(book(), "callback.kept", screen) for screen in shown):
        shown += screens(service, number, f"caller {number}, after {len(shown)} screens")
        assert len(shown) < MOST_SCREENS, shown


def screens(service: Service, number: int, call: str) -> list[str]:
    """Call once. Return what is shown."""
    keys, shown = list[str](), [""]
    for pressed in (*CALL_ME, "drawn", "1", "0"):
        keys.append(shown[-1].split("\n")[-1][:1] if pressed == "drawn" else pressed)
        shown.append(service.hop(call, f"+99600011{number:04}", "*".join(keys)).partition(" ")[2])
    return shown


def states(service: Service) -> dict[str, str]:
    """Return the state of each request and of each offer, and whether the number is stored."""
    db = service.database()
    with db.read(service.clock()) as tx:
        requests = {row.id: row.state for row in tx.execute(sa.select(request.c.id, request.c.state))}
        offers = {row.id: row.state for row in tx.execute(sa.select(offer.c.id, offer.c.state))}
        numbers = {f"the number of {id}": "stored" for id in tx.execute(sa.select(vault.c.request)).scalars()}
    db.dispose()
    return requests | offers | numbers


def newer(service: Service, before: Mapping[str, str]) -> set[str]:
    """Return the states of all that was not there before."""
    return {state for what, state in states(service).items() if what not in before}


def all_offered(service: Service) -> bool:
    """Whether each caller's request is offered to a service, and no work is left."""
    db = service.database()
    with db.read(service.clock()) as tx:
        offered = tx.execute(sa.select(sa.func.count()).where(request.c.state == "offered")).scalar() == CALLERS
        done = offered and not checks.left_to_do(tx)
    db.dispose()
    return done


def seen_jumps(service: Service) -> object:
    """Return since when the clock goes evenly, as the processes have noted it."""
    return json.loads((service.data / "clock-watch.json").read_text())["even_since"]


def has_ended(service: Service, before: Mapping[str, str]) -> bool:
    """Whether a request has been closed, or a number erased."""
    now = states(service)
    return any(now.get(what, "gone") in {"closed", "gone"} for what in before)


def jump(service: Service, clock: WrongClock, ahead: timedelta, harm: Callable[[], bool] | None = None) -> None:
    """Set the clock ahead, wait until the service has seen it, and set it right after a few seconds.

    With `harm`, it is set right only once that has happened: on a busy machine it may take longer.
    """
    for by in (ahead, timedelta()):
        before = seen_jumps(service)
        clock.set(by)
        until(lambda before=before: seen_jumps(service) != before, "a jump that was seen", PATIENCE_SECONDS)  # type: ignore[misc]
        if by:
            time.sleep(WRONG_SECONDS)
            if harm:
                until(harm, "a request that ends too early", PATIENCE_SECONDS)


def faults(folder: Path, gateway: Outside, tree: Path, *, unguarded: bool = False) -> list[str]:
    """Run a service while the clock jumps twice. Return what changed that should not, with the story of each.

    An `unguarded` service is given the time to do harm.
    """
    clock = wrong_clock(folder / "clock")
    with running(folder, tree=tree, environ=clock.environ, gateway_url=gateway.url, grace_seconds=0,
                 requests_a_day=99) as service:  # fmt: skip
        to_the_morning(service)
        for number in range(CALLERS):
            ask(service, number)
        until(lambda: all_offered(service), "offers", PATIENCE_SECONDS)
        before, texts = states(service), len(gateway.phones.taken)
        jump(service, clock, DAYS, (lambda: has_ended(service, before)) if unguarded else None)
        jump(service, clock, HOURS)
        ask(service, CALLERS)
        until(lambda: "offered" in newer(service, before), "an offer after all that", PATIENCE_SECONDS)
        after = states(service)
        changed = [f"{what} was {was}, is {after.get(what, 'gone')}"
                   for what, was in before.items() if after.get(what) != was]  # fmt: skip
        sent = len(gateway.phones.taken) - texts
        db = service.database()
        with db.read(service.clock()) as tx:
            lines = told(tx, changed)
        db.dispose()
        return [*lines, *([f"{sent} texts were sent"] if sent > 1 else [])]


def test_a_clock_that_jumps_and_comes_back_ends_nothing(tmp_path: Path) -> None:
    """By twenty days for four seconds, and by two and a half hours: no request ends and no offer lapses."""
    with outside() as gateway:
        found = faults(tmp_path, gateway, ROOT)
        assert found == [], "\n".join(found)


@pytest.mark.nightly
def test_without_the_protection_the_same_jumps_end_requests(tmp_path: Path) -> None:
    """The control: a check that cannot fail proves nothing."""
    with outside() as gateway:
        found = faults(tmp_path / "run", gateway, a_copy(tmp_path / "tree", "trusting_clock.patch"), unguarded=True)
    print(*found, sep="\n")
    assert any("offered, is closed" in each or "is gone" in each for each in found)
