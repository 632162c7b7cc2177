"""A new service, typed into a form at the console. It is offered requests no sooner than an imported one.

The form becomes rows of HSDS. The whole directory is checked with them, as an import checks it. The service was never
checked, so nobody is referred to it before a test call (R40). Its telephone waits for a second person and some days.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from helpline.core.languages import base_of
from helpline.core.typed_text import strip_invisible
from helpline.directory import pending_phones, records, services
from helpline.directory.doubts import doubts
from helpline.directory.editing import SAFETY, TOPICS, Edits, Invalid
from helpline.directory.hsds.draft import Bodies, Draft
from helpline.directory.hsds.made import Made
from helpline.directory.hsds.making import NEVER
from helpline.directory.hsds.tables import Body, Flaw, as_text
from helpline.directory.hsds.topics import ANSWERS, SHORT_NAME, Typed, first
from helpline.directory.phone_changes import PhoneChanges
from helpline.directory.service import ACTIVE
from helpline.staff import contacts
from helpline.store import audit_log, outbox
from helpline.store.engine import Tx
from helpline.store.sql import new_id

ASKED = ("names", "runs", "needs", "speaks", "areas", "hours", "people", "capacity", "safety")
"""The topics of the form, in its order. Its other fields are `OWN`."""
OWN = ("organization", "phone", "phone_language")
LACKS_HOURS = "row in schedule"
LACKS: Mapping[str, str] = {
    "kind:": "kind", "need:": "needs", "row in language": "speaks", LACKS_HOURS: "hours_MO",
    "row in service_area": "areas", "gets our texts": "phone", "also gets the texts": "phone",
    "texts to it": "phone_language",
}  # fmt: skip
"""Parts of a flaw that names what a service lacks, with the field in which it is typed."""
TAKEN = Flaw("phone", "number", "somebody else has this telephone")
EMPTY = Flaw("service", "", "this field is empty")
NO_HOURS = Flaw("service", "", f"it is never open: give it a {LACKS_HOURS}")
UNANSWERED = Flaw("service", "attributes", "a question about safety has no answer")


@dataclass(frozen=True, slots=True)
class NewServices:
    """Adds services to the directory of one country, and takes one back that nobody was referred to."""

    edits: Edits
    changes: PhoneChanges

    def shown(self, tx: Tx) -> Typed:
        """Return the fields of an empty form. No answer about safety is chosen beforehand (R1)."""
        draft = self._draft(self.edits.rows(tx), {})
        listed: dict[str, tuple[str, ...]] = dict.fromkeys(OWN, ("",))
        for topic in ASKED:
            listed |= {name: tuple(values) for name, values in TOPICS[topic].shown(draft).items()}
        return listed | dict.fromkeys(ANSWERS, ("",))

    def organizations(self, tx: Tx) -> list[str]:
        """Return the names of the organizations that are known."""
        return sorted({as_text(body.get("name")) for body in self.edits.rows(tx).get("organization", {}).values()})

    def check(self, tx: Tx, typed: Typed) -> list[str]:
        """Return what a person must confirm before it is saved. Raise `Invalid` if it could not be saved."""
        rows = self.edits.rows(tx)
        draft = self._filled(rows, typed)
        made = self._made(tx, rows, draft, typed)
        return doubts(next(each for each in made.services if each.id == draft.service), self.edits.ground)

    def add(self, tx: Tx, typed: Typed, by: str) -> str:
        """Save the service and ask for its telephone. Return the service's id. Raise `Invalid`."""
        rows = self.edits.rows(tx, to_change=True)
        draft = self._filled(rows, typed)
        made, country = self._made(tx, rows, draft, typed), self.edits.country
        records.replace(tx, country, draft.rows)
        added = next(each for each in made.services if each.id == draft.service)
        services.write(tx, country, replace(added, reached=False))
        audit_log.append(tx, self.edits.audit_key, tx.now, by, "added_service", added.id)
        for contact in (each for each in made.contacts if each.service == added.id):
            self.changes.ask(tx, replace(contact, id=""), by)
        outbox.wake(tx, "listed", country, tx.now)
        return added.id

    def take_back(self, tx: Tx, id: str, by: str) -> bool:
        """Remove a service with all its rows and call its telephones off. Return False if it may not be removed."""
        rows = self.edits.rows(tx, to_change=True)
        if not may_take_back(tx, id):
            return False
        for each in self.changes.waiting(tx, id):
            self.changes.call_off(tx, each.id, by)
        records.replace(tx, self.edits.country, _without(rows, id))
        services.delete(tx, id)
        audit_log.append(tx, self.edits.audit_key, tx.now, by, "removed_service", id)
        outbox.wake(tx, "listed", self.edits.country, tx.now)
        return True

    def _draft(self, rows: Bodies, service: Body) -> Draft:
        id = new_id()
        draft = Draft.of(rows, id, self.edits.ground, new_id)
        draft.rows.setdefault("service", {})[id] = {"id": id, **service, "status": ACTIVE}
        return draft

    def _filled(self, rows: Bodies, typed: Typed) -> Draft:
        """Return the rows with those of the new service."""
        draft = self._draft(rows, {})
        for topic in ASKED:
            TOPICS[topic].edit(draft, typed if topic != SAFETY else {**typed, **_answered(typed)})
        names = [name for base in self.edits.ground.bases if (name := draft.terms("short_name").get(base))]
        draft.rows["service"][draft.service] = {
            **draft.row,
            "organization_id": _organization(draft, _line(typed, "organization")),
            "name": next(iter(names), draft.service),
        }
        number = self.edits.ground.number(_line(typed, "phone")) or _line(typed, "phone")
        phone = {"service_id": draft.service, "number": number, "type": "cell"}
        id = draft.write("phone", phone, "phone") if number else ""
        if id and (language := first(typed, "phone_language")):
            draft.write("language", {"phone_id": id, "code": language}, "phone_language")
        return draft

    def _made(self, tx: Tx, rows: Bodies, draft: Draft, typed: Typed) -> Made:
        """Return the whole directory with the new service. Raise `Invalid` with everything that is wrong."""
        numbers = [row.text("number") for row in draft.of_service("phone")]
        wanted = {each.wanted.phone for each in pending_phones.waiting(tx, self.edits.country)}
        taken = [number for number in numbers if number in wanted or contacts.by_phone(tx, number)]
        own = [("phone", TAKEN)] if taken else []
        own += [(name, UNANSWERED) for name in ANSWERS if not first(typed, name)]
        own += [(name, EMPTY) for name in self._needed() if not first(typed, name).strip()]
        if not any(first(typed, name).strip() for name in typed if name.startswith("hours_")):
            own.append(("hours_MO", NO_HOURS))
        try:
            made = self.edits.checked(rows, draft, _beside)
        except Invalid as error:
            raise Invalid([*error.beside, *own]) from None
        if own:
            raise Invalid(own)
        return made

    @property
    def named_in(self) -> Sequence[str]:
        """The languages in which a name is needed."""
        return list(dict.fromkeys(map(base_of, self.edits.ground.country.own_languages)))

    def _needed(self) -> Sequence[str]:
        """Return the fields that must be filled in.

        The check of the whole directory says nothing of what is lacking in a table while a row of it has a fault. A
        form that told its faults one after the other would never seem to end.
        """
        names = (f"name_{base}" for base in self.named_in)
        return ["organization", "phone", "phone_language", "kind", *names, "needs", "speaks", "areas"]


def may_take_back(tx: Tx, id: str) -> bool:
    """Whether a service was added by form and had no request: never checked, and no telephone of it counts."""
    service = services.service_by_id(tx, id)
    if service is None or service.assured != NEVER or contacts.of_service(tx, id):
        return False
    return bool(audit_log.search(tx, ref=id, action="added_service"))


def _answered(typed: Typed) -> Typed:
    """Return the answers about safety. A missing one is "no" here, and an error of its own."""
    return {name: (first(typed, name) or "no",) for name in ANSWERS}


def _line(typed: Typed, name: str) -> str:
    return " ".join(strip_invisible(first(typed, name)).split())


def _organization(draft: Draft, name: str) -> str:
    """Return the id of an organization: the one with this name, else a new one; empty without a name."""
    listed = draft.rows.get("organization", {})
    known = (id for id, body in listed.items() if as_text(body.get("name")).casefold() == name.casefold())
    found = next(known, "") if name else ""
    return found or (draft.write("organization", {"name": name, "description": name}, "organization") if name else "")


def _beside(flaw: Flaw) -> str:
    """Return the field beside which a flaw of the service as a whole is shown."""
    if language := SHORT_NAME.search(flaw.what):
        return f"name_{language[1]}"
    if flaw.field in {"organization_id", "minimum_age", "maximum_age"}:
        return flaw.field.removesuffix("_id")
    return next((field for part, field in LACKS.items() if part in flaw.what), "organization")


def _without(rows: Bodies, service: str) -> Bodies:
    """Return the rows without a service and what links only to it."""
    draft = {table: dict(listed) for table, listed in rows.items()}
    gone = {service}
    draft["service"].pop(service)
    for table, listed in draft.items():
        of_it = [id for id, body in listed.items() if body.get("service_id") == service]
        gone |= {*of_it} if table in {"phone", "schedule"} else set()
        for id in of_it:
            listed.pop(id)
    for table, field in (("language", "phone_id"), ("attribute", "link_id"), ("metadata", "resource_id")):
        listed = draft.get(table, {})
        for id in [id for id, body in listed.items() if body.get(field) in gone]:
            listed.pop(id)
    return draft
