"""What a coordinator may take away as a file: the directory, and what of cases may leave. Each is audited."""

from flask import Response

from gateway.console.access import Doors, Form
from gateway.console.context import Visit
from gateway.console.figures import file
from gateway.console.pages import draw
from helpline.oversight.exports import Exports, TellsWhere, packed
from helpline.staff.roles import Permission

HERE = "/exports"


def open_doors(doors: Doors) -> None:
    """Put these pages behind their doors. The same file may be taken as often as one likes."""
    doors.open(HERE, show, Permission.EXPORT)
    for what, give in (("directory", directory), ("cases", cases)):
        doors.open(f"{HERE}/{what}", give, Permission.EXPORT, ("POST",), sudo=True, form=Form.OURS, exports=True)


def show(visit: Visit) -> Response:
    """Say what there is to take, and what is in it."""
    return draw(visit, "exports.html")


def directory(visit: Visit) -> Response:
    """Give the directory, packed: JSON and CSV."""
    try:
        with visit.desk.db.write() as tx:
            tables = _exports(visit).directory(tx, visit.who.id, visit.desk.now())
    except TellsWhere:
        return draw(visit, "exports.html", status=409, tells_where=True)
    return file(packed(tables), f"komek-directory-{visit.desk.now():%Y-%m-%d}.zip", "application/zip")


def cases(visit: Visit) -> Response:
    """Give what the standard for cases may hold."""
    with visit.desk.db.write() as tx:
        made = _exports(visit).cases(tx, visit.who.id, visit.desk.now())
    return file(made.encode(), f"komek-htcds-{visit.desk.now():%Y-%m-%d}.json", "application/json")


def _exports(visit: Visit) -> Exports:
    return Exports(visit.desk.country, visit.desk.entrance.audit_key)
