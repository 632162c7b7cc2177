"""The form that changes when the caller of a case may be called."""

from functools import partial

from flask import Response, request

from gateway.console.access import Endpoints
from gateway.console.cases.one_case import do
from gateway.console.cases.said import HERE
from gateway.console.context import Visit
from gateway.console.pages import first_of
from helpline.casework import call_hours
from helpline.staff.roles import Permission

OUTSIDE = -1
"""In place of an hour that the form cannot send."""


def add_endpoints(endpoints: Endpoints) -> None:
    """Register this form, about cases of the person's own service."""
    endpoints.add(f"{HERE}/<id>/hours", change, Permission.OWN_CASES, ("POST",))


def change(visit: Visit, id: str) -> Response:
    """Set the hours and the days on which the caller may be called."""
    first, last = (_number(first_of(request.form, name, 2)) for name in ("first", "last"))
    days = {_number(day[:2]) for day in request.form.getlist("day")} - {OUTSIDE}
    return do(visit, id, partial(call_hours.change, first=first, last=last, weekdays=days))


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdecimal() else OUTSIDE
