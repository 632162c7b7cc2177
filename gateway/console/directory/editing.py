"""Forms to edit a service: one topic per form, with error messages beside the fields."""

from collections.abc import Mapping, Sequence

from flask import Response, request

from gateway.console import forms
from gateway.console.access import AGAIN, Endpoints, with_next
from gateway.console.context import Visit
from gateway.console.directory.rows import edits_of
from gateway.console.directory.services import HERE, names_of
from gateway.console.pages import Fault, draw, explain, first_of, go
from helpline.core.languages import LANGUAGES
from helpline.directory.editing import SAFETY, TOPICS, Invalid, NeedsProof, Stale, tells_where
from helpline.directory.hsds.checks import STATUS
from helpline.directory.hsds.draft import Draft
from helpline.directory.hsds.edited_hours import exceptions, further, stretch_of
from helpline.directory.hsds.profile import NEEDS, PROFILE
from helpline.directory.hsds.tables import Flaw
from helpline.directory.hsds.topics import Topic, Typed, version
from helpline.directory.opening_hours import DAYS
from helpline.staff.roles import Permission

MANY = frozenset({"speaks", "needs", "after", "gone", "areas", "serves", "sexes"})
"""Fields of check boxes: no ticked box is a valid answer."""
OPEN = STATUS[0], STATUS[3]
"""The values of HSDS `service.status` on offer. Another value is kept if a sheet has it."""
LONGEST = 500
FAULTS = {
    "status": "edit_status", "hours": "edit_hours", "days": "edit_days", "capacity": "edit_capacity",
    "names": "edit_names", "speaks": "edit_speaks", "needs": "edit_needs", "safety": "edit_safety",
    "runs": "edit_safety", "areas": "edit_needs", "people": "edit_ages",
    "after": "edit_after",
}  # fmt: skip
"""The text of `console.faults` for an error in each form, and in a field that has its own."""
HOURS: Mapping[str, str] = {"never open": "edit_hours", "overlap": "edit_hours_overlap"}
"""The text for hours that can be read and are wrong, by a part of the flaw."""
STATUSES = {status: status.partition(" ")[0] for status in STATUS}
"""Each status with the name of its text in `console.edit.statuses`."""


def add_endpoints(endpoints: Endpoints) -> None:
    """Register these pages."""
    needed, place = Permission.DIRECTORY, f"{HERE}/<id>/edit"
    endpoints.add(f"{place}/<topic>", show, needed)
    endpoints.add(f"{place}/<topic>", change, needed, ("POST",))
    endpoints.add(f"{place}/{SAFETY}", show_safety, needed, sudo=True)
    endpoints.add(f"{place}/{SAFETY}", change_safety, needed, ("POST",), sudo=True)


def show(visit: Visit, id: str, topic: str) -> Response:
    """Show a form with the present values."""
    return _page(visit, id, TOPICS[topic]) if topic in TOPICS else explain(visit, "missing", 404)


def show_safety(visit: Visit, id: str) -> Response:
    """Show the safety form: who may be referred to the service."""
    return _page(visit, id, TOPICS[SAFETY])


def change(visit: Visit, id: str, topic: str) -> Response:
    """Save a form."""
    return _change(visit, id, TOPICS[topic]) if topic in TOPICS else explain(visit, "missing", 404)


def change_safety(visit: Visit, id: str) -> Response:
    """Save the safety form."""
    return _change(visit, id, TOPICS[SAFETY])


def _change(visit: Visit, id: str, topic: Topic) -> Response:
    edits = edits_of(visit)
    try:
        with visit.console.db.write() as tx:
            if (draft := edits.draft(tx, id)) is None:
                return explain(visit, "missing", 404)
            typed, was = typed_of(topic.shown(draft)), first_of(request.form, "was", 64)
            done = edits.edit(
                tx, id, topic, typed, was, visit.person.id, proven=visit.sudo
            )  # fmt: skip
    except NeedsProof:
        forms.keep(visit.console, visit.person, request)
        return go(with_next(AGAIN, request.path))
    except Stale:
        return _page(visit, id, topic, [Fault("edit_stale", topic.beside)])
    except Invalid as error:
        return _page(visit, id, topic, _faults(topic, error))
    return go(f"{HERE}/{id}?said={'changed' if done else 'same'}")


def _page(visit: Visit, id: str, topic: Topic, faults: Sequence[Fault] = ()) -> Response:
    edits, path = edits_of(visit), request.path
    with visit.console.db.read() as tx:
        draft, names = edits.draft(tx, id), names_of(tx, visit)
    if draft is None:
        return explain(visit, "missing", 404)
    shown = topic.shown(draft)
    now, typed = version(shown), forms.Typed(request.form) if faults else forms.typed(visit, path)
    stale = any(each.text == "edit_stale" for each in faults)
    return draw(
        visit, "edit.html", faults, id=id, name=names.get(id, id), topic=topic.name, shown=shown, days=DAYS,
        version=now if stale else typed.get("was", now), typed=typed, choices=choices_of(visit, shown),
        exceptions=_listed(draft), further=[(line, stretch_of(line)) for _, line in further(draft)],
        languages=LANGUAGES, profile=PROFILE, country=edits.country, boxes=typed.kept or bool(faults),
    )  # fmt: skip


def choices_of(visit: Visit, shown: Typed) -> Mapping[str, Mapping[str, str]]:
    """Return the values and labels of the fields whose labels are not console texts."""
    wording, tongue = visit.console.case_context.wording, visit.console.case_context.wording.tongue(visit.language)
    speaks = {code: each.name for code, each in LANGUAGES.items()} | {
        code: code for code in shown.get("speaks", ()) if code not in LANGUAGES
    }
    needs = {need: wording.book.notice(tongue, f"needs.{need}") for need in sorted(NEEDS)}
    country = visit.console.country_data
    codes = [*(each.code for each in country.regions), *(each.code for each in country.abroad)]
    known = dict.fromkeys(codes) | dict.fromkeys(each for each in shown.get("areas", ()) if each != country.code)
    return {
        "speaks": speaks,
        "needs": needs,
        "areas": {code: wording.place(code, tongue) for code in known},
        "status": {each: STATUSES[each] for each in [*OPEN, *shown.get("status", ())]},
    }


def _listed(draft: Draft) -> list[tuple[str, str, str, str, bool]]:
    """Return the exceptional days: row id, first and last day, hours, whether it is closed."""
    return [
        (row.id, f"{line.since:%d.%m.%Y}", f"{line.until:%d.%m.%Y}", stretch_of(line), line.closed)
        for row, line in exceptions(draft)
    ]


def typed_of(shown: Typed) -> Typed:
    """Return the form's values. A missing field keeps its value, except that check boxes may all be unticked."""
    return {
        name: tuple(each[:LONGEST] for each in request.form.getlist(name))
        if name in MANY or name in request.form
        else tuple(values)
        for name, values in shown.items()
    }


def hours_text(what: str) -> str:
    """Return the name of the text about hours, from what is wrong with them."""
    return next((text for part, text in HOURS.items() if part in what), "edit_hours_read")


def _text(topic: Topic, field: str, flaw: Flaw) -> str:
    if topic.name == "hours":
        return hours_text(flaw.what)
    return FAULTS["after" if field == "after" else topic.name]


def _faults(topic: Topic, error: Invalid) -> list[Fault]:
    """Return one error message per field with a fault."""
    found = [("edit_where" if tells_where(flaw) else _text(topic, field, flaw), field) for field, flaw in error.beside]
    return [Fault(text, field) for text, field in dict.fromkeys(found)]
