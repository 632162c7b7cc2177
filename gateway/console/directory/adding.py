"""Add a service by form: fill it in, read what will change, save. It can be taken back until its telephone counts."""

from collections.abc import Mapping, Sequence
from functools import partial

from flask import Response, request

from gateway.console import forms
from gateway.console.access import Endpoints
from gateway.console.context import Visit
from gateway.console.directory.editing import FAULTS, choices_of, hours_text, typed_of
from gateway.console.directory.rows import edits_of
from gateway.console.directory.services import HERE
from gateway.console.pages import Fault, draw, explain, first_of, go
from helpline.core.languages import LANGUAGES
from helpline.directory.editing import Invalid, tells_where
from helpline.directory.hsds.profile import PROFILE
from helpline.directory.hsds.topics import Typed
from helpline.directory.new_service import ASKED, LACKS_HOURS, TAKEN, NewServices, may_take_back
from helpline.directory.opening_hours import DAYS
from helpline.staff.roles import Permission

NEW = f"{HERE}/new"
ALONE: Mapping[str, str] = {
    "organization": "add_organization", "phone": "phone", "phone_language": "phone_language", "kind": "edit_safety",
    "name": FAULTS["names"], "needs": FAULTS["needs"], "speaks": FAULTS["speaks"], "areas": FAULTS["areas"],
    "hours": FAULTS["hours"], "minimum": FAULTS["people"], "maximum": FAULTS["people"],
    "capacity": FAULTS["capacity"], "after": FAULTS["after"],
}  # fmt: skip
"""The text of `console.faults` for an error in each field, by the first word of its name."""
LABELS: Mapping[str, str] = {
    "organization": "add.organization", "phone": "directory.phone", "phone_language": "directory.phone_language",
    **{name: f"edit.topics.{name}" for name in ("needs", "speaks", "areas", "capacity")},
    **{name: f"edit.{name}" for name in ("kind", "sexes", "shows", "minimum_age", "maximum_age", "serves", "papers",
                                         "child", "hidden", "after")},
}  # fmt: skip
"""The text that names each field, except those of languages and days."""


def add_endpoints(endpoints: Endpoints) -> None:
    """Register these pages. Adding needs a second factor just before: it asks for a telephone that gets numbers."""
    needed = Permission.DIRECTORY
    endpoints.add(NEW, show, needed, sudo=True)
    endpoints.add(NEW, send, needed, ("POST",), sudo=True)
    endpoints.add(f"{HERE}/<id>/remove", remove, needed, ("POST",))


def show(visit: Visit) -> Response:
    """Show the empty form, or what was typed before the session ended."""
    return _form(visit, forms.typed(visit, NEW))


def send(visit: Visit) -> Response:
    """Show what will change, go back to the form, or save."""
    step = first_of(request.form, "step", 10)
    with visit.console.db.read() as tx:
        typed = typed_of(_new_services(visit).shown(tx))
    if step == "change":
        return _form(visit, forms.Typed(request.form))
    try:
        with visit.console.db.read() as tx:
            doubts = _new_services(visit).check(tx, typed)
        if step == "save" and (not doubts or first_of(request.form, "sure", 5) == "yes"):
            with visit.console.db.write(visit.console.now()) as tx:
                id = _new_services(visit).add(tx, typed, visit.person.id)
            return go(f"{HERE}/{id}?said=new")
    except Invalid as error:
        return _form(visit, forms.Typed(request.form), _faults(visit, error))
    number = edits_of(visit).ground.number(typed["phone"][0])
    return draw(visit, "add/check.html", typed=typed, about=_said(visit, typed), number=number, doubts=doubts,
                unsure=step == "save")  # fmt: skip


def remove(visit: Visit, id: str) -> Response:
    """Take a new service back."""
    with visit.console.db.write(visit.console.now()) as tx:
        if not may_take_back(tx, id):
            return explain(visit, "missing", 404)
        if first_of(request.form, "sure", 5) != "yes":
            return go(f"{HERE}/{id}?said=choose")
        _new_services(visit).take_back(tx, id, visit.person.id)
    return go(f"{HERE}?said=removed")


def _new_services(visit: Visit) -> NewServices:
    return NewServices(edits_of(visit), visit.console.phone_changes)


def _form(visit: Visit, typed: forms.Typed, faults: Sequence[Fault] = ()) -> Response:
    with visit.console.db.read() as tx:
        adding = _new_services(visit)
        shown, organizations = adding.shown(tx), adding.organizations(tx)
    order = list(shown)
    faults = sorted(faults, key=lambda each: order.index(each.field) if each.field in order else 0)
    boxes = typed.kept or request.method == "POST"
    return draw(
        visit, "add/form.html", faults, shown=shown, typed=typed, boxes=boxes, topics=ASKED,
        organizations=organizations, about=_said(visit, shown),
        named_in=", ".join(LANGUAGES[each].name for each in adding.named_in),
    )  # fmt: skip


def _said(visit: Visit, shown: Typed) -> dict[str, object]:
    """Return what both pages need to name languages, places and codes."""
    return {
        "choices": choices_of(visit, shown), "languages": LANGUAGES, "profile": PROFILE, "days": DAYS,
        "country": edits_of(visit).country, "texted": visit.console.case_context.wording.book.languages,
    }  # fmt: skip


def _faults(visit: Visit, error: Invalid) -> list[Fault]:
    """Return one error message per field with a fault. It names the field: several have the same text."""
    found = [(_text(field, flaw.what), field) for field, flaw in error.beside if not tells_where(flaw)]
    where = [("edit_where", field) for field, flaw in error.beside if tells_where(flaw)]
    return [Fault(text, field, _label(visit, field)) for text, field in dict.fromkeys([*where, *found])]


def _label(visit: Visit, field: str) -> str:
    """Return what the form calls a field."""
    say = partial(visit.console.texts.say, visit.language)
    what, _, rest = field.partition("_")
    if what == "name" and rest in LANGUAGES:
        return f"{say('edit.topics.names')}, {LANGUAGES[rest].name}"
    if what == "hours":
        return say(f"edit.days.{rest}")
    return say(LABELS[field]).rstrip("?") if field in LABELS else ""


def _text(field: str, what: str) -> str:
    if field == "phone" and (what == TAKEN.what or "also gets the texts" in what):
        return "phone_taken"
    if field.startswith("hours"):
        return "add_hours" if LACKS_HOURS in what else hours_text(what)
    return ALONE.get(field) or ALONE.get(field.partition("_")[0], "edit_safety")
