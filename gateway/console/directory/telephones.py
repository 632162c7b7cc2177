"""Telephones of services at the console: asking for one, saying the second yes, calling one off, taking one out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Response, request
from sqlalchemy.engine import Connection

from gateway.console.access import Endpoints
from gateway.console.context import Visit
from gateway.console.directory.services import HERE, ServicePages
from gateway.console.pages import Fault, explain, first_of, go
from helpline.directory import services
from helpline.directory.hsds.ground import Ground
from helpline.directory.service import Contact
from helpline.staff import contacts
from helpline.staff.roles import Permission


@dataclass(frozen=True, slots=True)
class TelephonePages:
    """The forms about telephones. What is wrong with one is said on the page of its service, which `listing` draws."""

    listing: ServicePages

    def add_endpoints(self, endpoints: Endpoints) -> None:
        """Put these pages behind their endpoints. What lets a telephone count asks for a second factor just before."""
        needed, post = Permission.DIRECTORY, ("POST",)
        endpoints.add(f"{HERE}/<id>/telephone", self.telephone, needed, post, sudo=True)
        endpoints.add(f"{HERE}/<id>/out", self.out, needed, post, sudo=True)
        endpoints.add(f"{HERE}/waiting/<id>/agree", self.agree, needed, post, sudo=True)
        endpoints.add(f"{HERE}/waiting/<id>/off", self.off, needed, post)

    def telephone(self, visit: Visit, id: str) -> Response:
        """Ask for a telephone, one more or in place of another."""
        console, form = visit.console, request.form
        number = Ground(console.land, self.listing.checkups(visit).today, console.demo).number(
            first_of(form, "phone", 40)
        )
        with console.db.write() as tx:
            if services.service_by_id(tx, id) is None:
                return explain(visit, "missing", 404)
            present = contacts.of_service(tx, id)
            replaces, language = first_of(form, "replaces", 40), first_of(form, "language", 20)
            if faults := self._faults(tx, number, language, replaces, present):
                return self.listing.page(visit, id, faults)
            wanted = Contact("", "service", number, self._called(tx, id, present), language,
                             any(each.accepts_numbers_by_sms for each in present), id)  # fmt: skip
            self.listing.changes.ask(tx, wanted, visit.person.id, console.now(), replaces)
        return go(f"{HERE}/{id}?said=asked")

    def out(self, visit: Visit, id: str) -> Response:
        """Let a telephone count no more, at once."""
        with visit.console.db.write() as tx:
            contact = first_of(request.form, "contact", 40)
            if contact not in {each.id for each in contacts.of_service(tx, id)}:
                return explain(visit, "missing", 404)
            if first_of(request.form, "sure", 5) != "yes":
                return go(f"{HERE}/{id}?said=choose")
            self.listing.changes.take_out(tx, contact, visit.person.id, visit.console.now())
        return go(f"{HERE}/{id}?said=out")

    def agree(self, visit: Visit, id: str) -> Response:
        """Say yes to a telephone that somebody else asked for."""
        with visit.console.db.write() as tx:
            said = self.listing.changes.agree(tx, id, visit.person.id, visit.console.now())
        return go(f"{HERE}?said={said}")

    def off(self, visit: Visit, id: str) -> Response:
        """Call a telephone off."""
        with visit.console.db.write() as tx:
            done = self.listing.changes.call_off(tx, id, visit.person.id, visit.console.now())
        return go(f"{HERE}?said={'off' if done else 'gone'}")

    def _faults(
        self, tx: Connection, number: str, language: str, replaces: str, present: Sequence[Contact]
    ) -> list[Fault]:
        """Name all that is wrong with a telephone that is asked for."""
        holder = contacts.by_phone(tx, number) if number else None
        faults = [] if number else [Fault("phone", "phone")]
        faults += [Fault("phone_taken", "phone")] if holder else []
        faults += (
            [] if language in self.listing.context.wording.book.languages else [Fault("phone_language", "language")]
        )
        return faults + ([] if replaces in {"", *(each.id for each in present)} else [Fault("phone_gone", "replaces")])

    def _called(self, tx: Connection, id: str, present: Sequence[Contact]) -> Mapping[str, str]:
        """Give the names of a service: as its telephones have them, else those that wait, else its id."""
        known = [*present, *(each.wanted for each in self.listing.changes.waiting(tx, id))]
        return known[0].names if known else {"en": id}
