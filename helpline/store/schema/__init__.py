"""The tables. The same definitions serve SQLite and PostgreSQL. `migrations/` builds them; a test compares both.

Instants are whole microseconds since 1970 in UTC. Sealed numbers are only in `vault`, `inbox`, `message` and `bridge`.
No table has a caller's number in clear. `note` and `draft` hold sealed words of caseworkers.
"""

from helpline.store.schema.account_tables import (
    draft,
    invitation,
    login_try,
    passkey,
    person,
    recovery,
    spent,
    web_session,
)
from helpline.store.schema.columns import Instant, metadata, raw
from helpline.store.schema.directory_tables import (
    contact,
    contact_change,
    desk,
    desk_code,
    hsds,
    lost_phone,
    service,
    term,
    test_call,
)
from helpline.store.schema.message_tables import channel, cry, dialogue, inbox, message, outbox
from helpline.store.schema.offer_tables import IS_HELD, attempt, bridge, offer, waitlist
from helpline.store.schema.oversight_tables import (
    assent,
    audit,
    beat,
    block,
    departure,
    figure,
    harm,
    lock,
    review_mark,
)
from helpline.store.schema.request_tables import (
    IS_OPEN,
    IS_UNCLAIMED,
    IS_WHOLE,
    gone,
    note,
    request,
    talk,
    vault,
)

__all__ = [
    "IS_HELD",
    "IS_OPEN",
    "IS_UNCLAIMED",
    "IS_WHOLE",
    "Instant",
    "assent",
    "attempt",
    "audit",
    "beat",
    "block",
    "bridge",
    "channel",
    "contact",
    "contact_change",
    "cry",
    "departure",
    "desk",
    "desk_code",
    "dialogue",
    "draft",
    "figure",
    "gone",
    "harm",
    "hsds",
    "inbox",
    "invitation",
    "lock",
    "login_try",
    "lost_phone",
    "message",
    "metadata",
    "note",
    "offer",
    "outbox",
    "passkey",
    "person",
    "raw",
    "recovery",
    "request",
    "review_mark",
    "service",
    "spent",
    "talk",
    "term",
    "test_call",
    "vault",
    "waitlist",
    "web_session",
]
