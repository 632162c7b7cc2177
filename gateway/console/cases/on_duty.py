"""Which telephone of a service receives its texts, and whether the service takes more requests."""

from dataclasses import dataclass

from flask import Response, request

from gateway.console.access import Endpoints
from gateway.console.cases.case_context import CaseContext
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
    """The pages about the duty of the person's own service."""

    context: CaseContext

    def add_endpoints(self, endpoints: Endpoints) -> None:
        """Register these pages."""
        needed, post = Permission.DUTY, ("POST",)
        endpoints.add("/duty", self.duty, needed)
        endpoints.add("/duty/full", self.full, needed, post)
        endpoints.add("/duty/open", self.resume, needed, post)
        endpoints.add("/duty/phone", self.phone, needed, post)

    def duty(self, visit: Visit) -> Response:
        """Show who receives the texts of the person's service, and whether it takes more requests."""
        with visit.console.db.read() as tx:
            phones, until = (
                contacts.of_service(tx, visit.person.service),
                candidates.full_until(tx, visit.person.service),
            )
        full = until if until and until > visit.console.now() else None
        tongue = self.context.wording.tongue(visit.language)
        return draw(visit, "cases/duty.html", phones=phones, full=full, days=DAYS, tongue=tongue, said=said_after())

    def full(self, visit: Visit) -> Response:
        """Pause offers to the person's service for some days."""
        days = first_of(request.form, "days", 3)
        if days not in DAYS:
            return go("/duty")
        with visit.console.db.write() as tx:
            return go(f"/duty?said={self.context.cases.full(tx, visit.person, days)}")

    def resume(self, visit: Visit) -> Response:
        """End the pause of offers."""
        with visit.console.db.write() as tx:
            return go(f"/duty?said={self.context.cases.open(tx, visit.person)}")

    def phone(self, visit: Visit) -> Response:
        """Put another telephone of the person's service on duty."""
        with visit.console.db.write() as tx:
            try:
                said = self.context.cases.duty(tx, visit.person, first_of(request.form, "phone", 40))
            except NotTheirs:
                return explain(visit, "missing", 404)
        return go(f"/duty?said={said}")
