"""The results of the daily drills, for coordinators: they call services that have not answered for days."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Response

from gateway.console.access import Endpoints
from gateway.console.context import Visit
from gateway.console.pages import draw
from helpline.casework import drill_results
from helpline.casework.drill_results import SILENT, results
from helpline.request.model import Way
from helpline.staff import contacts
from helpline.staff.roles import Permission

HERE = "/drills"
SHOWN = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class DrillPages:
    """The page about drills."""

    hour: int | None
    """The hour at which drills begin; None if they are turned off."""

    def add_endpoints(self, endpoints: Endpoints) -> None:
        """Register this page."""
        endpoints.add(HERE, self.show, Permission.ALL_CASES)

    def show(self, visit: Visit) -> Response:
        """Show each service with its drills of the last fortnight, silent services first."""
        console, now = visit.console, visit.console.now()
        with console.db.read() as tx:
            rows = drill_results.since(tx, now - SHOWN)
            names = {each.desk: each.name(visit.language) for each in contacts.of_kind(tx, "service", console.country)}
        found = results(rows, now)
        return draw(
            visit, "drills.html", found=found, names=names, silent=SILENT.days, minutes=_minutes, hour=self.hour,
            dead=sum(bool(each.silent) for each in found), ways=list(Way),
        )  # fmt: skip


def _minutes(span: timedelta) -> int:
    """Return a time in minutes, rounded up."""
    return -(-int(span.total_seconds()) // 60)
