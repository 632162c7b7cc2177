"""The number access lock: one person locks at once; two coordinators unlock, each with a fresh second factor."""

from collections.abc import Mapping

from flask import Response, request

from gateway.console.access import Endpoints
from gateway.console.context import Visit
from gateway.console.pages import draw, first_of, go
from helpline.staff import raid_lock
from helpline.staff.people import display_name
from helpline.staff.raid_lock import Way
from helpline.staff.roles import Permission

HERE = "/lock"
SAID = frozenset({"tick", "on", "agreed", "off"})
"""The names of texts in `console.lock.said` that the page may show after a form."""
WAYS: Mapping[Way, str] = {Way.ACCOUNT: "by_account", Way.TEXT: "by_text", Way.SHELL: "by_shell"}
"""The texts for how somebody agreed to unlock."""


def add_endpoints(endpoints: Endpoints) -> None:
    """Register this page. Locking asks for no second factor: somebody may be at the endpoint."""
    endpoints.add(HERE, show, Permission.LOCK)
    endpoints.add(f"{HERE}/on", lock, Permission.LOCK, ("POST",))
    endpoints.add(f"{HERE}/off", unlock, Permission.LOCK, ("POST",), sudo=True)


def show(visit: Visit) -> Response:
    """Show whether number access is locked, since when, until when, who locked it, and who has agreed to unlock."""
    said = request.args.get("said", "")
    with visit.console.db.read() as tx:
        on, ends = raid_lock.since(tx), raid_lock.until(tx)
        agreed = [(display_name(tx, by, visit.language), way) for way in Way for by in raid_lock.agreed(tx, way)]
        has_agreed = visit.person.id in raid_lock.agreed(tx, Way.ACCOUNT)
        by = display_name(tx, on[1], visit.language) if on else ""
    said = said if said in SAID else ""
    return draw(
        visit, "lock/state.html", on=on, ends=ends, by=by, agreed=agreed, has_agreed=has_agreed, said=said, ways=WAYS
    )


def lock(visit: Visit) -> Response:
    """Lock number access at once, or confirm a lock that came by SMS."""
    if first_of(request.form, "sure", 5) != "yes":
        return go(f"{HERE}?said=tick")
    console = visit.console
    with console.db.write() as tx:
        raid_lock.lock(tx, visit.person.id, console.sign_in.audit_key, console.country, Way.ACCOUNT)
    return go(f"{HERE}?said=on")


def unlock(visit: Visit) -> Response:
    """Agree to unlock. The second account to agree unlocks."""
    if first_of(request.form, "sure", 5) != "yes":
        return go(f"{HERE}?said=tick")
    console = visit.console
    with console.db.write() as tx:
        off = raid_lock.unlock(tx, visit.person.id, console.sign_in.audit_key, Way.ACCOUNT)
    return go(f"{HERE}?said={'off' if off else 'agreed'}")
