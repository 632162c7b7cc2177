"""The rows of HSDS that the pages of the directory show and edit."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from gateway.console.context import Visit
from helpline.content.sources import ROOT, load_country
from helpline.directory.editing import TOPICS, Edits
from helpline.directory.hsds.ground import Ground, places_of
from helpline.directory.hsds.profile import terms_of
from helpline.directory.hsds.shelters import is_hidden
from helpline.directory.hsds.tables import as_text
from helpline.store.engine import Tx


def edits_of(visit: Visit) -> Edits:
    """Return the edits of this country, checked as of today."""
    console = visit.console
    today = console.now().astimezone(ZoneInfo(console.zone)).date()
    return Edits(
        Ground(console.country_data, today, console.demo, _places(console.country)),
        visit.console.case_context.cases.ctx.audit_key,
    )


@lru_cache(maxsize=4)
def _places(code: str) -> Mapping[str, frozenset[str]]:
    return places_of(ROOT, load_country(ROOT, code))


def typed_facts(visit: Visit, tx: Tx, service: str) -> Mapping[str, Any]:
    """Return what was typed about a service and its row in matching does not say; empty if it has no rows.

    These are its organization, its weekly hours by day, and whether its place is hidden: a shelter's always is (R41).
    """
    edits = edits_of(visit)
    if (draft := edits.draft(tx, service)) is None:
        return {}
    tables = draft.tables
    row = tables.get("service", service)
    whose = draft.rows.get("organization", {}).get(as_text(draft.row.get("organization_id")), {})
    return {
        "organization": as_text(whose.get("name")),
        "hours": {name.removeprefix("hours_"): day for name, (day,) in TOPICS["hours"].shown(draft).items() if day},
        "hidden": "yes" if row is not None and is_hidden(row, terms_of(tables, [], edits.ground.today)) else "no",
    }
