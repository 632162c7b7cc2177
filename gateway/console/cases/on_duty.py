"""Duty: which telephone of a service gets its texts, and whether the service takes more."""

from dataclasses import dataclass

from flask import Response, request

from gateway.console.access import Doors
from gateway.console.cases.case_context import CaseRoom
from gateway.console.cases.list_and_case import said_after
from gateway.console.context import Visit
from gateway.console.pages import draw, explain, first_of, go
from helpline.casework.console_actions import NotTheirs
from helpline.matching import candidates
from helpline.staff import contacts
from helpline.staff.roles import Permission

DAYS = ("1", "2", "3", "5", "7", "14")


@dataclass(frozen=True, slots=True)
class DutyPages:
    """The pages about one's own desk."""

    room: CaseRoom

    def open_doors(self, doors: Doors) -> None:
        """Put these pages behind their doors."""
        mine, post = Permission.DUTY, ("POST",)
        doors.open("/duty", self.duty, mine)
        doors.open("/duty/full", self.full, mine, post)
        doors.open("/duty/open", self.again, mine, post)
        doors.open("/duty/phone", self.phone, mine, post)

    def duty(self, visit: Visit) -> Response:
        """Show who gets the texts of one's own service, and whether it takes more."""
        with visit.desk.db.read() as tx:
            phones, until = contacts.phones(tx, visit.who.service), candidates.full_until(tx, visit.who.service)
        full = until if until and until > visit.desk.now() else None
        tongue = self.room.wording.tongue(visit.language)
        return draw(visit, "cases/duty.html", phones=phones, full=full, days=DAYS, tongue=tongue, said=said_after())

    def full(self, visit: Visit) -> Response:
        """Let nothing more be asked of one's own service for some days."""
        days = first_of(request.form, "days", 3)
        if days not in DAYS:
            return go("/duty")
        with visit.desk.db.write() as tx:
            return go(f"/duty?said={self.room.cases.full(tx, visit.who, days, visit.desk.now())}")

    def again(self, visit: Visit) -> Response:
        """End the pause."""
        with visit.desk.db.write() as tx:
            return go(f"/duty?said={self.room.cases.open(tx, visit.who, visit.desk.now())}")

    def phone(self, visit: Visit) -> Response:
        """Put another telephone of one's own service on duty."""
        with visit.desk.db.write() as tx:
            try:
                said = self.room.cases.duty(tx, visit.who, first_of(request.form, "phone", 40), visit.desk.now())
            except NotTheirs:
                return explain(visit, "missing", 404)
        return go(f"/duty?said={said}")
