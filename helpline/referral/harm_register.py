"""The register of harm (R46): entries by callers and coordinators, and their review.

There is no field for a story: what happened is asked on the telephone. The audit log names who acted.
"""

import re

from helpline.referral import harms, pass_on
from helpline.referral.context import Context
from helpline.request import requests
from helpline.store import audit_log
from helpline.store.engine import Tx

ID, SHORT = re.compile("[0-9a-f]{32}"), re.compile("[0-9a-f]{6}")
DID = ("talked", "paused", "changed", "nothing")
"""What was done: talked with the person who called; service asked no more; procedure changed; nothing possible."""


class NotEntered(Exception):
    """An entry has an invalid value; `field` names which."""

    def __init__(self, field: str) -> None:
        super().__init__(f"no such {field}")
        self.field = field


def add_from_caller(ctx: Context, tx: Tx, id: str) -> None:
    """Enter that a caller reported harm by a call, and tell a coordinator."""
    if not harms.add(tx, id, "caller", harms.CALL):
        return
    audit_log.append(tx, ctx.audit_key, tx.now, "caller", "harm", id)
    ctx.log("harm", id)
    pass_on.tell_coordinator(ctx, tx, "to_ngo.harm", request=id)


def enter(
    tx: Tx, request: str, service: str, what: str, by: str, audit_key: bytes,
    services: frozenset[str],
) -> str:  # fmt: skip
    """Enter what a coordinator heard of. Return its id, or "" if the same waits already. Raise `NotEntered`.

    `request` is its id or its short code, or empty if it is not known; then the service must be named.
    """
    if what not in harms.WHAT:
        raise NotEntered("what")
    if request and not ID.fullmatch(request):
        request = _by_short_code(tx, request)
    if (service and service not in services) or not (service or request):
        raise NotEntered("service")
    id = harms.add(tx, request, "coordinator", what, service)
    if id:
        audit_log.append(tx, audit_key, tx.now, by, "add_harm", id)
    return id


def _by_short_code(tx: Tx, typed: str) -> str:
    """Return the id of the only request with a short code. Raise `NotEntered` if there is none, or more than one."""
    code = typed.removeprefix("№").strip().lower()
    found = requests.of_short_code(tx, code) if SHORT.fullmatch(code) else []
    if len(found) != 1:
        raise NotEntered("request")
    return found[0]


def review(tx: Tx, id: str, did: str, by: str, audit_key: bytes) -> bool:
    """Store the review of an entry and what was done. Return False if it was reviewed before. Raise `NotEntered`."""
    if did not in DID:
        raise NotEntered("did")
    done = harms.mark_reviewed(tx, id, by, did)
    if done:
        audit_log.append(tx, audit_key, tx.now, by, "review_harm", id)
    return done
