"""The forms that change when the caller of a case may be called, and when the next contact is."""

from functools import partial

from flask import Response, request

from gateway.console.access import Endpoints
from gateway.console.cases.contact_form import chosen
from gateway.console.cases.one_case import do
from gateway.console.cases.said import HERE
from gateway.console.context import Visit
from gateway.console.pages import first_of
from helpline.casework import call_hours, next_contact
from helpline.staff.roles import Permission

OUTSIDE = -1
"""In place of an hour that the form cannot send."""


def add_endpoints(endpoints: Endpoints) -> None:
    """Register these forms, about cases of the person's own service."""
    endpoints.add(f"{HERE}/<id>/hours", change, Permission.OWN_CASES, ("POST",))
    endpoints.add(f"{HERE}/<id>/agreed", agree, Permission.OWN_CASES, ("POST",))


def change(visit: Visit, id: str) -> Response:
    """Set the hours and the days on which the caller may be called."""
    first, last = (_number(first_of(request.form, name, 2)) for name in ("first", "last"))
    days = {_number(day[:2]) for day in request.form.getlist("day")} - {OUTSIDE}
    return do(visit, id, partial(call_hours.change, first=first, last=last, weekdays=days))


def agree(visit: Visit, id: str) -> Response:
    """Store the next contact that was agreed on with a caller who was reached."""
    at, how = chosen(visit, request.form)
    return do(visit, id, partial(next_contact.agree, at=at, how=how))


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdecimal() else OUTSIDE
