"""How the desks did in their daily drills: for coordinators, who ring whoever has not answered for days."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Response

from gateway.console.access import Endpoints
from gateway.console.context import Visit
from gateway.console.pages import draw
from helpline.casework import drill_results
from helpline.casework.drill_results import SILENT, practised
from helpline.request.model import Way
from helpline.staff import contacts
from helpline.staff.roles import Permission

HERE = "/drills"
SHOWN = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class DrillPages:
    """The page about drills. `hour`: when they begin; None where they are turned off."""

    hour: int | None

    def add_endpoints(self, endpoints: Endpoints) -> None:
        """Put this page behind its endpoint."""
        endpoints.add(HERE, self.show, Permission.ALL_CASES)

    def show(self, visit: Visit) -> Response:
        """Show each desk with its drills of the last fortnight, whoever is silent first."""
        console, now = visit.console, visit.console.now()
        with console.db.read() as tx:
            rows = drill_results.since(tx, now - SHOWN)
            names = {each.desk: each.name(visit.language) for each in contacts.of_kind(tx, "service", console.country)}
        found = practised(rows, now)
        return draw(
            visit, "drills.html", found=found, names=names, silent=SILENT.days, minutes=_minutes, hour=self.hour,
            dead=sum(bool(each.silent) for each in found), ways=list(Way),
        )  # fmt: skip


def _minutes(span: timedelta) -> int:
    """Give minutes, rounded up."""
    return -(-int(span.total_seconds()) // 60)
