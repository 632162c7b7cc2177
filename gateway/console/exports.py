"""What a coordinator may take away as a file: the directory, and what of cases may leave. Each is audited."""

from flask import Response

from gateway.console.access import Endpoints, Form
from gateway.console.context import Visit
from gateway.console.figures import file
from gateway.console.pages import draw
from helpline.oversight.exports import Exports, TellsWhere, packed
from helpline.staff.roles import Permission

HERE = "/exports"


def add_endpoints(endpoints: Endpoints) -> None:
    """Put these pages behind their endpoints. The same file may be taken as often as one likes."""
    endpoints.add(HERE, show, Permission.EXPORT)
    for what, give in (("directory", directory), ("cases", cases)):
        endpoints.add(f"{HERE}/{what}", give, Permission.EXPORT, ("POST",), sudo=True, form=Form.OURS, exports=True)


def show(visit: Visit) -> Response:
    """Say what there is to take, and what is in it."""
    return draw(visit, "exports.html")


def directory(visit: Visit) -> Response:
    """Give the directory, packed: JSON and CSV."""
    try:
        with visit.console.db.write() as tx:
            tables = _exports(visit).directory(tx, visit.person.id, visit.console.now())
    except TellsWhere:
        return draw(visit, "exports.html", status=409, tells_where=True)
    return file(packed(tables), f"komek-directory-{visit.console.now():%Y-%m-%d}.zip", "application/zip")


def cases(visit: Visit) -> Response:
    """Give what the standard for cases may hold."""
    with visit.console.db.write() as tx:
        made = _exports(visit).cases(tx, visit.person.id, visit.console.now())
    return file(made.encode(), f"komek-htcds-{visit.console.now():%Y-%m-%d}.json", "application/json")


def _exports(visit: Visit) -> Exports:
    return Exports(visit.console.country, visit.console.entrance.audit_key)
