"""Every address of the console that shows a page is checked by axe and at 360 px, in one of these tests."""

from pathlib import Path

from gateway.console.hsds_openapi import LISTS
from tests.conftest import Databases
from tests.gateway.console.office import Office

HERE = Path(__file__)
PLACES = {
    "test_browser.py": (
        "/login", "/second", "/again", "/away", "/welcome", "/account", "/account/app", "/cases", "/duty", "/help", "/figures", "/exports",
    ),
    "test_coordinator.py": ("/requests", "/requests/<id>", "/requests/tonight"),
    "test_directory_browser.py": (
        "/directory", "/directory/<id>", "/directory/<id>/edit/<topic>", "/directory/<id>/edit/safety", "/directory/new",
        "/people",
    ),
    "test_every_template.py": (
        "/audit", "/reviews", "/reviews/texts", "/reviews/mark", "/machine", "/lock", "/harm", "/harm/<id>", "/drills",
        "/requests/blocks", "/requests/find", "/directory/lost", "/people/<id>/sure/<act>", "/colleagues",
        "/cases/<id>/hand", "/cases/shift", "/components",
    ),
    "test_live.py": ("/cases/<id>",),
}  # fmt: skip
"""The pages that each test checks with axe."""
NO_PAGES = {
    "/", "/cases/bell", "/cases/beside", "/cases/danger", "/cases/find", "/cases/now", "/requests/bell", "/requests/danger", "/requests/now", "/figures/report.csv", "/figures/report-<language>.pdf", "/static/<name>", "/metrics",
    "/health/live", "/health/ready", "/idle", "/stay", "/hsds/", "/hsds/openapi.json", *(f"/hsds/{name}" for name in LISTS),
    *(f"/hsds/{name}/<id>" for name in LISTS),
}  # fmt: skip
"""Redirects, files, fragments, what programs read, and a second address of the list of cases."""


def test_every_page_is_checked_by_axe(new_sqlite: Databases) -> None:
    """A new page belongs in `PLACES`. `test_every_template.py` opens one of each template."""
    there = {rule.rule for rule in Office.on(new_sqlite()).app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    looked = {place for places in PLACES.values() for place in places}
    assert there - NO_PAGES - looked == set()
    assert looked | NO_PAGES <= there
    for file, places in PLACES.items():
        text = HERE.with_name(file).read_text()
        assert [place for place in places if place.partition("<")[0].rstrip("/") not in text] == [], file
        assert "check_accessibility(" in text or "check_with_axe(" in text
