"""Files that a coordinator may download: the directory, and the HTCDS export of cases. Each download is audited."""

from flask import Response

from gateway.console.access import Endpoints, Form
from gateway.console.context import Visit
from gateway.console.figures import file
from gateway.console.pages import draw
from helpline.oversight.exports import Exports, as_zip
from helpline.oversight.public_directory import ShelterAddressFound
from helpline.staff.roles import Permission

HERE = "/exports"


def add_endpoints(endpoints: Endpoints) -> None:
    """Register these pages. A file may be downloaded as often as somebody likes."""
    endpoints.add(HERE, show, Permission.EXPORT)
    for name, view in (("directory", directory), ("cases", cases)):
        endpoints.add(f"{HERE}/{name}", view, Permission.EXPORT, ("POST",), sudo=True, form=Form.OURS, exports=True)


def show(visit: Visit) -> Response:
    """Show which files there are, and what they contain."""
    return draw(visit, "exports.html")


def directory(visit: Visit) -> Response:
    """Send the directory as a ZIP file with JSON and CSV."""
    try:
        with visit.console.db.write() as tx:
            tables = _exports(visit).directory(tx, visit.person.id)
    except ShelterAddressFound:
        return draw(visit, "exports.html", status=409, tells_where=True)
    return file(as_zip(tables), f"komek-directory-{visit.console.now():%Y-%m-%d}.zip", "application/zip")


def cases(visit: Visit) -> Response:
    """Send the cases in the HTCDS format."""
    try:
        with visit.console.db.write() as tx:
            made = _exports(visit).cases(tx, visit.person.id)
    except ShelterAddressFound:
        return draw(visit, "exports.html", status=409, tells_where=True)
    return file(made.encode(), f"komek-htcds-{visit.console.now():%Y-%m-%d}.json", "application/json")


def _exports(visit: Visit) -> Exports:
    return Exports(visit.console.country, visit.console.sign_in.audit_key)
