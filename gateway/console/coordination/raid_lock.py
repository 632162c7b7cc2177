"""The raid lock: one press and a tick lock at once; two coordinators unlock, each with a second factor just given."""

from collections.abc import Mapping

from flask import Response, request

from gateway.console.access import Doors
from gateway.console.context import Visit
from gateway.console.pages import draw, first_of, go
from helpline.staff import raid_lock
from helpline.staff.people import named
from helpline.staff.raid_lock import Way
from helpline.staff.roles import Permission

HERE = "/lock"
SAID = frozenset({"tick", "on", "agreed", "off"})
"""What the page may say after a form: a text of `console.lock.said` each."""
WAYS: Mapping[Way, str] = {Way.ACCOUNT: "by_account", Way.TEXT: "by_text", Way.SHELL: "by_shell"}
"""The words for how somebody agreed."""


def open_doors(doors: Doors) -> None:
    """Put this page behind its doors. Locking asks for no second factor: somebody may be at the door."""
    doors.open(HERE, show, Permission.LOCK)
    doors.open(f"{HERE}/on", lock, Permission.LOCK, ("POST",))
    doors.open(f"{HERE}/off", unlock, Permission.LOCK, ("POST",), sudo=True)


def show(visit: Visit) -> Response:
    """Show whether it is on, since when, by whom, and who has agreed to unlock."""
    said = request.args.get("said", "")
    with visit.desk.db.read() as tx:
        on = raid_lock.since(tx)
        agreed = [
            (named(tx, by, visit.language), way) for way in Way for by in raid_lock.agreed(tx, way, visit.desk.now())
        ]
        mine = visit.who.id in raid_lock.agreed(tx, Way.ACCOUNT, visit.desk.now())
        by = named(tx, on[1], visit.language) if on else ""
    said = said if said in SAID else ""
    return draw(visit, "lock/state.html", on=on, by=by, agreed=agreed, mine=mine, said=said, ways=WAYS)


def lock(visit: Visit) -> Response:
    """Lock at once."""
    if first_of(request.form, "sure", 5) != "yes":
        return go(f"{HERE}?said=tick")
    desk = visit.desk
    with desk.db.write() as tx:
        raid_lock.lock(tx, visit.who.id, desk.now(), desk.entrance.audit_key, desk.country, Way.ACCOUNT)
    return go(f"{HERE}?said=on")


def unlock(visit: Visit) -> Response:
    """Agree to unlock; the second account that does unlocks."""
    if first_of(request.form, "sure", 5) != "yes":
        return go(f"{HERE}?said=tick")
    desk = visit.desk
    with desk.db.write() as tx:
        off = raid_lock.unlock(tx, visit.who.id, desk.now(), desk.entrance.audit_key, Way.ACCOUNT)
    return go(f"{HERE}?said={'off' if off else 'agreed'}")
