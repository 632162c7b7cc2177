"""What a coordinator learns without loading a page again: that somebody is in danger, or that nobody is left to ask."""

import json
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from gateway.console.cases import live
from helpline.core.call_windows import NOW
from helpline.staff.roles import Role
from helpline.store.schema import request
from tests.gateway.console.cases_office import CaseOffice
from tests.gateway.console.office import Browser
from tests.gateway.console.test_watch import stranded
from tests.world import CALLER, OTHER


def endanger(office: CaseOffice, id: str) -> None:
    with office.world.db.write() as tx:
        tx.execute(sa.update(request).where(request.c.id == id).values(risk=NOW))


def heard(browser: Browser) -> dict[str, Any]:
    came = browser.get("/requests/bell").get_data(as_text=True)
    return dict(json.loads(came.split("data: ")[1]))


def test_a_coordinator_hears_of_danger_and_of_requests_that_nobody_takes(
    office: CaseOffice, coordinator: Browser
) -> None:
    left = stranded(office)
    first = heard(coordinator)
    assert (first["due"], first["danger"]) == ([left[: live.LETTERS]], 0)
    assert f'data-mark="{first["mark"]}"' in coordinator.get("/requests").get_data(as_text=True)
    office.world.ask(OTHER)
    office.world.run()
    assert heard(coordinator) == first, "a request that is asked about as usual is not urgent"
    (other,) = {row.id for row in office.world.rows(request)} - {left}
    endanger(office, other)
    second = heard(coordinator)
    assert (second["count"], second["danger"]) == (2, 1)
    assert second["mark"] != first["mark"]
    piece = coordinator.get("/requests/danger").get_data(as_text=True)
    assert "Requests in danger: 1" in piece
    assert 'href="/requests"' in piece
    assert "<html" not in piece


def test_no_other_role_hears_of_the_requests_of_a_country(office: CaseOffice) -> None:
    _, worker = office.worker("kg-osh")
    others = [office.office.signed_in(office.office.insider(role)) for role in (Role.AUDITOR, Role.OPERATOR)]
    for browser in (worker, *others):
        for name in ("bell", "danger", "now"):
            assert browser.get(f"/requests/{name}").status_code == 403
    assert all("/requests/bell" not in browser.get("/account").get_data(as_text=True) for browser in (worker, *others))


def test_the_signal_reads_only_what_is_urgent(office: CaseOffice, coordinator: Browser) -> None:
    """It costs the same few statements, and none of them reads all open requests of the country."""
    for _ in range(3):
        office.world.ask(CALLER)
    told: list[str] = []

    def tells(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        told.append(statement)

    listened: Callable[..., None] = tells
    sa.event.listen(sa.engine.Engine, "before_cursor_execute", listened)
    try:
        heard(coordinator)
    finally:
        sa.event.remove(sa.engine.Engine, "before_cursor_execute", listened)
    assert len([each for each in told if "FROM request" in each]) == 1
