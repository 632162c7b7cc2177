"""The tables. The same definitions serve SQLite and PostgreSQL. `migrations/` builds them; a test compares both.

Instants are whole microseconds since 1970 in UTC. Sealed numbers are only in `vault`, `inbox`, `message` and `bridge`.
No table has a caller's number in clear. `note` and `draft` hold sealed words of caseworkers.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from helpline.core.clock import instant, micros


class Instant(sa.types.TypeDecorator[datetime]):
    """An aware datetime, stored as whole microseconds since 1970, so that both engines compare it alike.

    Each value costs one function call: a page of the console reads ten thousand of them.
    """

    impl = sa.BigInteger
    cache_ok = True

    def bind_processor(self, dialect: Any) -> Callable[[datetime | None], int | None]:  # noqa: ARG002
        """Return the function that writes an aware datetime as microseconds."""
        return micros

    def result_processor(self, dialect: Any, coltype: Any) -> Callable[[int | None], datetime | None]:  # noqa: ARG002
        """Return the function that reads microseconds as an aware datetime."""
        return instant


def raw(column: sa.ColumnElement[datetime] | sa.ColumnElement[datetime | None]) -> sa.ColumnElement[int]:
    """Return a column of instants as numbers."""
    return sa.type_coerce(column, sa.BigInteger)


metadata = sa.MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_name)s", "uq": "uq_%(table_name)s_%(column_0_name)s"}
)

ENDED, HELD_BY_DESK = ("expired", "closed"), ("open", "claimed", "followed")
NOT_CLAIMED = ("waiting", "offered", "stranded")
OPEN, HELD = f"state not in {ENDED}", f"state in {HELD_BY_DESK}"
"""Lists read these few rows among all that have ended. Their indexes hold everything that the order depends on."""
REMINDED = "state = 'claimed' and reminded is not null"
"""Claims whose holder was asked how the call went."""
WHOLE = f"state in {ENDED} and draws >= 0"
"""Requests that have ended and are not yet reduced to what is counted (R34): `draws` is -1 afterwards."""
SENDING = "state = 'running' and recipient is not null"
"""Texts that a worker has claimed."""

request = sa.Table(
    "request",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("session", sa.String(32), unique=True, comment="keyed hash of channel and session"),
    sa.Column("keys_seen", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("due", Instant, nullable=False),
    sa.Column("created", Instant, nullable=False),
    sa.Column("updated", Instant, nullable=False),
    sa.Column("expires", Instant, nullable=False),
    sa.Column(
        "content",
        sa.String(32),
        nullable=False,
        comment="digest of the content that the caller read: consent's version",
    ),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("short_form", sa.Boolean, nullable=False),
    sa.Column("window", sa.String(16), nullable=False),
    sa.Column("days", sa.String(7), nullable=False, comment="digits, 1 is Monday; empty: every day"),
    sa.Column("zone", sa.String(40), nullable=False, comment="empty until the caller's time abroad is known (R3)"),
    sa.Column(
        "hour", sa.String(2), nullable=False, comment="what the caller's clock showed abroad; `zone` comes from it"
    ),
    sa.Column("since", Instant, nullable=False, comment="when the caller chose the window"),
    sa.Column("chosen", sa.String(24), comment="window and days of the caller, where a service has left out some"),
    sa.Column("narrowed_at", Instant, comment="when it did; it counts while `since` is the same"),
    sa.Column("place", sa.String(16), nullable=False),
    sa.Column("need", sa.String(16), nullable=False),
    sa.Column("others_may_answer", sa.String(8), nullable=False),
    sa.Column("may_leave_message", sa.String(8), nullable=False),
    sa.Column("may_name_us", sa.String(8), nullable=False),
    sa.Column("may_sms", sa.String(8), nullable=False),
    sa.Column("age_band", sa.String(8), nullable=False),
    sa.Column("risk", sa.String(8), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("cover", sa.String(16), nullable=False),
    sa.Column("operator_sex", sa.String(8), nullable=False),
    sa.Column("operator_language", sa.String(8), nullable=False),
    sa.Column("felt", sa.String(8), nullable=False, comment="whether the call was all right, as the caller says (R46)"),
    sa.Column("other", sa.String(32), comment="mark of another telephone; only its own session can make the same mark"),
    sa.Column("alarmed", Instant, comment="when a coordinator was told about danger"),
    sa.Column("code_mac", sa.String(32), unique=True, comment="keyed hash of code and word (R6)"),
    sa.Column("word", sa.Integer, nullable=False),
    sa.Column("ours", sa.Integer, nullable=False),
    sa.Column("draws", sa.Integer, nullable=False, comment="counter of the draw of code and words (R6)"),
    sa.Column("ended", Instant, comment="when the END screen was shown"),
    sa.Column("promised_from", Instant),
    sa.Column("promised_to", Instant),
    sa.Column("reveals", sa.Integer, nullable=False),
    sa.Column("outcome", sa.String(16)),
    sa.Column("sex", sa.String(8), nullable=False, server_default="not_said", comment="the caller's, if said (R42)"),
    sa.Column(
        "state_line", sa.String(8), nullable=False, server_default="no", comment="whether a state line may call (R21)"
    ),
    sa.Column("handed_to", sa.String(36), comment="the service to ask first, or that took over"),
    sa.Column(
        "frozen_at", Instant, comment="when its line was frozen, until the caller returns or two people lift it (R8)"
    ),
    sa.Column(
        "more_services",
        sa.Integer,
        nullable=False,
        server_default="0",
        comment="how many services more may get the number, because the caller said so later (R30)",
    ),
    sa.Column("more_agreed", Instant, comment="when the caller last said so"),
    sa.Index("ix_request_created", "created"),
    sa.Index(
        "ix_request_listed",
        *("id", "state", "kind", "risk", "window", "days", "zone", "since", "created", "expires"),
        sqlite_where=sa.text(OPEN),
        postgresql_where=sa.text(OPEN),
    ),
    sa.Index(
        "ix_request_kind",
        *("state", "risk", "window", "days", "zone", "expires", "promised_to", "reveals", "kind"),
        *("created", "updated", "since", "id"),
        sqlite_where=sa.text(OPEN),
        postgresql_where=sa.text(OPEN),
    ),
    sa.Index("ix_request_whole", "updated", sqlite_where=sa.text(WHOLE), postgresql_where=sa.text(WHOLE)),
)

vault = sa.Table(
    "vault",
    metadata,
    sa.Column("request", sa.String(32), primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("caller", sa.LargeBinary, index=True, comment="keyed hash of the number, made by a worker"),
    sa.Column("line", sa.String(32), comment="random; the requests of one telephone share it (R27)"),
    sa.Index(
        "ix_vault_known_line",
        "line",
        sqlite_where=sa.text("line is not null"),
        postgresql_where=sa.text("line is not null"),
    ),
)

bridge = sa.Table(
    "bridge",
    metadata,
    sa.Column("call", sa.String(32), primary_key=True, comment="keyed hash of a session that is not stored"),
    sa.Column("offer", sa.String(32), nullable=False, index=True),
    sa.Column("request", sa.String(32), nullable=False),
    sa.Column(
        "sealed", sa.LargeBinary, nullable=False, comment="the caller's number, under a key made from that session"
    ),
    sa.Column("language", sa.String(8), nullable=False, comment="of the telephone that is called"),
    sa.Column("made", Instant, nullable=False),
    sa.Column("until", Instant, nullable=False, comment="two minutes; deleted as soon as it is answered"),
)

offer = sa.Table(
    "offer",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("request", sa.String(32), nullable=False),
    sa.Column("line", sa.String(32), nullable=False),
    sa.Column("service", sa.String(36), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("draws", sa.Integer, nullable=False, comment="counter of the draw of its five-digit code"),
    sa.Column("opened", Instant, nullable=False),
    sa.Column("until", Instant, comment="when it lapses; set when the gateway accepted the text"),
    sa.Column("closed", Instant),
    sa.Column("shown_in", Instant, comment="start of the window in which the number was last sent (R32)"),
    sa.Column("claimed", Instant, comment="when it was claimed; kept when the claim ends"),
    sa.Column("reminded", Instant, comment="when its holder was last reminded to report an outcome"),
    sa.Column(
        "shown_at", Instant, comment="when the number was last sent; the caller was called then or soon after (R11)"
    ),
    sa.Column("left_at", Instant, comment="when the number first left to this desk, whatever a receipt says (R30)"),
    sa.Column("override", sa.String(16), comment="why a coordinator may get the number beyond the consent (R29)"),
    sa.Column("owner", sa.String(32), comment="the account of the colleague who does it; null: any of the service"),
    sa.Column(
        "mac",
        sa.String(64),
        nullable=False,
        server_default="",
        comment="code of the contact key; without it no offer",
    ),
    sa.UniqueConstraint("request", "seq"),
    sa.Index(
        "one_open_offer_a_line",
        "line",
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    ),
    sa.Index(
        "one_claim_a_line",
        "line",
        unique=True,
        sqlite_where=sa.text("state = 'claimed'"),
        postgresql_where=sa.text("state = 'claimed'"),
    ),
    sa.Index("ix_offer_line", "line"),
    sa.Index("ix_offer_service", "service", "state"),
    sa.Index(
        "ix_offer_held",
        *("service", "state", "request", "id", "until", "shown_in"),
        sqlite_where=sa.text(HELD),
        postgresql_where=sa.text(HELD),
    ),
    sa.Index(
        "ix_offer_live",
        *("request", "id", "state", "service", "until", "claimed", "shown_in", "reminded"),
        sqlite_where=sa.text(HELD),
        postgresql_where=sa.text(HELD),
    ),
    sa.Index("ix_offer_reminded", "request", sqlite_where=sa.text(REMINDED), postgresql_where=sa.text(REMINDED)),
)

waitlist = sa.Table(
    "waitlist",
    metadata,
    sa.Column("request", sa.String(32), primary_key=True),
    sa.Column("service", sa.String(36), primary_key=True, comment="a desk that fits and was full"),
    sa.Index("ix_waitlist_service", "service"),
)

IS_OPEN = request.c.state.not_in([sa.literal_column(f"'{each}'") for each in ENDED])
IS_WHOLE = sa.and_(
    request.c.state.in_([sa.literal_column(f"'{each}'") for each in ENDED]), request.c.draws >= sa.literal_column("0")
)
IS_UNCLAIMED = request.c.state.in_([sa.literal_column(f"'{each}'") for each in NOT_CLAIMED])
IS_HELD = offer.c.state.in_([sa.literal_column(f"'{each}'") for each in HELD_BY_DESK])
"""In exactly these words, so that both engines see that the small indexes have all that is needed."""

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("ref", sa.String(40), nullable=False),
    sa.Column("dedupe", sa.String(80), nullable=False, unique=True),
    sa.Column("queue", sa.String(8), nullable=False, server_default="default", comment="urgent, default or low"),
    sa.Column("due", Instant, nullable=False),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("lease", Instant),
    sa.Column("attempts", sa.Integer, nullable=False, comment="also the fencing token"),
    sa.Column("failures", sa.Integer, nullable=False, comment="in a row"),
    sa.Column("error", sa.String(64), comment="class name only"),
    sa.Column("recipient", sa.String(36), comment="of a text: its recipient, who gets texts in their order"),
    sa.Column("channel", sa.String(32), comment="of a text: the slow channel that it waits for"),
    sa.Index("ix_outbox_queue", "state", "queue", "due"),
    sa.Index("ix_outbox_kind", "state", "queue", "kind", "due"),
    sa.Index(
        "ix_outbox_recipient",
        "recipient",
        sqlite_where=sa.text(SENDING),
        postgresql_where=sa.text(SENDING),
    ),
    sqlite_autoincrement=True,  # a reused id would make an old fencing token valid again
)

message = sa.Table(
    "message",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("to", sa.String(16), nullable=False, comment="service, coordinator or caller"),
    sa.Column(
        "recipient", sa.String(36), nullable=False, comment="id of a service or coordinator, or of a caller's dialogue"
    ),
    sa.Column("sealed", sa.LargeBinary, comment="a caller's number, until sent"),
    sa.Column("notice", sa.String(40), nullable=False),
    sa.Column("offer", sa.String(32), index=True),
    sa.Column("request", sa.String(32)),
    sa.Column("values", sa.JSON, nullable=False, comment="instants, codes and names of texts; never words of a caller"),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("gateway_id", sa.String(80), index=True),
    sa.Column("channel", sa.String(32), comment="the channel that it was passed to"),
    sa.Column("poll_id", sa.Text, comment="the gateway's own id, where receipts are asked for; without a number in it"),
    sa.Column("refused_by", sa.Text, comment="the channels that certainly did not take it, with commas"),
    sa.Column("updated", Instant, nullable=False),
    sa.Column(
        "mac",
        sa.String(64),
        nullable=False,
        server_default="",
        comment="code of the contact key; without it not sent",
    ),
)

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("kind", sa.String(8), nullable=False, comment="sms, stop or receipt"),
    sa.Column("gateway_id", sa.String(200), nullable=False, comment="the gateway's id, or a hash of the session"),
    sa.Column("sealed", sa.LargeBinary, comment="number and text, until read"),
    sa.Column("status", sa.String(12), nullable=False),
    sa.Column(
        "category",
        sa.String(8),
        nullable=False,
        server_default="stop",
        comment="stop, danger, order or other, until read",
    ),
    sa.Column("at", Instant, nullable=False),
    sa.Column("done", Instant),
    sa.Column("channel", sa.String(32), nullable=False, server_default="", comment="the channel that it came by"),
    sa.Column("code", sa.String(20), nullable=False, server_default="", comment="the code that a text was sent to"),
    sa.UniqueConstraint("kind", "gateway_id", "status"),
    sa.Index(
        "ix_inbox_unread",
        "category",
        "at",
        sqlite_where=sa.text("done is null"),
        postgresql_where=sa.text("done is null"),
    ),
)

channel = sa.Table(
    "channel",
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("tokens", sa.Float, nullable=False, comment="how many texts may go at once, when last counted"),
    sa.Column("filled", Instant, nullable=False, comment="when that was"),
    sa.Column("booked", Instant, comment="from when on no waiting text has its turn"),
    sa.Column("sent", sa.Integer, nullable=False),
    sa.Column("failed", sa.Integer, nullable=False),
    sa.Column("in_a_row", sa.Integer, nullable=False, comment="faults since the last success"),
    sa.Column("rests_until", Instant, comment="until when other channels go first"),
    sa.Column("last_success", Instant),
    sa.Column("last_failure", Instant),
    sa.Column("balance", sa.Float, comment="what the gateway said is left"),
    sa.Column("balance_at", Instant),
)

talk = sa.Table(
    "talk",
    metadata,
    sa.Column("session", sa.String(32), primary_key=True),
    sa.Column("shown", sa.Integer, primary_key=True, comment="keys pressed when a consent screen was shown"),
    sa.Column("restart", sa.Integer, comment="keys pressed when home was shown because nothing could be saved"),
    sa.Column("until", Instant, nullable=False),
)

dialogue = sa.Table(
    "dialogue",
    metadata,
    sa.Column("caller", sa.LargeBinary, primary_key=True),
    sa.Column("session", sa.String(32), nullable=False),
    sa.Column("start", sa.String(40), nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("keys", sa.JSON, nullable=False),
    sa.Column("replies", sa.Integer, nullable=False),
    sa.Column("until", Instant, nullable=False),
    sa.Column("heard", Instant, comment="when a stop or a call for help came in; texts from before are not answered"),
    sa.Column(
        "content", sa.String(32), nullable=False, server_default="", comment="digest of the last question's content"
    ),
)

cry = sa.Table(
    "cry",
    metadata,
    sa.Column("id", sa.String(32), nullable=False),
    sa.Column("caller", sa.LargeBinary, primary_key=True),
    sa.Column("since", Instant, nullable=False, comment="when the first dialogue in danger of the day began"),
    sa.Column("dialogues", sa.Integer, nullable=False, comment="dialogues in danger since then"),
    sa.Column("texts", sa.Integer, nullable=False, comment="cries that coordinators were not told of yet"),
    sa.Column("told", Instant, comment="when coordinators were last told"),
    sa.Column("until", Instant, nullable=False),
)

sa.Index("ix_cry_id", cry.c.id, unique=True)

gone = sa.Table(
    "gone",
    metadata,
    sa.Column("session", sa.String(32), primary_key=True, comment="kept for a day after the request (R34)"),
    sa.Column("until", Instant, nullable=False),
)

service = sa.Table(
    "service",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("country", sa.String(2), nullable=False),
    sa.Column("facts", sa.JSON, nullable=False, comment="what matching and promises need; the public process reads it"),
)

contact = sa.Table(
    "contact",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("kind", sa.String(12), nullable=False, comment="service or coordinator"),
    sa.Column("country", sa.String(2), nullable=False),
    sa.Column("phone", sa.String(20), nullable=False, unique=True, comment="a work telephone"),
    sa.Column("names", sa.JSON, nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("accepts_numbers_by_sms", sa.Boolean, nullable=False),
    sa.Column("service", sa.String(36), nullable=False, server_default="", comment="whose phone; empty: a coordinator"),
    sa.Column("on_duty", sa.Boolean, nullable=False, server_default=sa.true(), comment="texts go to this one"),
    sa.Column(
        "mac",
        sa.String(64),
        nullable=False,
        server_default="",
        comment="code of the contact key; without it no contact",
    ),
    sa.Index("ix_contact_service", "service"),
)

contact_change = sa.Table(
    "contact_change",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("country", sa.String(2), nullable=False),
    sa.Column("wanted", sa.JSON, nullable=False, comment="the contact that is asked for"),
    sa.Column("replaces", sa.String(36), nullable=False, comment="contact that it replaces; empty: none"),
    sa.Column("by", sa.String(40), nullable=False, comment="who asked: an account, or import"),
    sa.Column("at", Instant, nullable=False),
    sa.Column(
        "agreed_by", sa.String(40), nullable=False, server_default="", comment="the second person; empty: nobody yet"
    ),
    sa.Column("mac", sa.String(64), nullable=False, comment="code of the contact key over all of it"),
)

attempt = sa.Table(
    "attempt",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("request", sa.String(32), nullable=False, index=True),
    sa.Column("offer", sa.String(32), nullable=False, index=True),
    sa.Column("service", sa.String(36), nullable=False),
    sa.Column("actor", sa.String(36), nullable=False, comment="whose telephone or account reported it"),
    sa.Column(
        "outcome", sa.String(24), nullable=False, comment="attempt.outcome of the rules, or claim, pass, done, handed"
    ),
    sa.Column("at", Instant, nullable=False),
    sa.Column("shown_in", Instant, comment="start of the window in which the number was shown"),
    sa.Column("was_request", sa.String(16), nullable=False, comment="states before, for UNDO"),
    sa.Column("was_offer", sa.String(16), nullable=False),
    sa.Column("undone", Instant),
    sa.Column("shown_at", Instant, comment="when the number that was called had been sent, however late the report is"),
    # written by the version before only; `request.chosen` has taken its place
    sa.Column("hours", sa.String(48), comment="the caller's own hours, and those that a service has set"),
    sa.Index("ix_attempt_actor", "actor", "at"),
)

review_mark = sa.Table(
    "review_mark",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("text", sa.String(64), nullable=False),
    sa.Column("language", sa.String(16), nullable=False),
    sa.Column("reviewer", sa.String(80), nullable=False, comment="who read it: a name, as in reviews.yaml"),
    sa.Column("on", sa.String(10), nullable=False),
    sa.Column("hash", sa.String(16), nullable=False, comment="of the very words that were read (R13)"),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("by", sa.String(32), nullable=False, comment="whose account set it"),
    sa.Column("at", Instant, nullable=False),
    sa.Column("undone", Instant),
)

note = sa.Table(
    "note",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("request", sa.String(32), nullable=False, index=True),
    sa.Column("service", sa.String(36), nullable=False, comment="whose note; no other service reads it"),
    sa.Column("by", sa.String(32), nullable=False, comment="whose account"),
    sa.Column("at", Instant, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False, comment="with the session key; only the console reads it"),
)

desk = sa.Table(
    "desk",
    metadata,
    sa.Column("service", sa.String(36), primary_key=True),
    sa.Column("full_until", Instant, comment="takes nothing more until then"),
)

desk_code = sa.Table(
    "desk_code",
    metadata,
    sa.Column("desk", sa.String(36), primary_key=True, comment="a service, or a coordinator"),
    sa.Column("draws", sa.Integer, nullable=False, comment="how often its codes were redrawn"),
    sa.Column("wrong", sa.Integer, nullable=False, comment="wrong digits from its telephones since `since`"),
    sa.Column("since", Instant, nullable=False, comment="when the first of them came in"),
)

lost_phone = sa.Table(
    "lost_phone",
    metadata,
    sa.Column("phone", sa.String(20), primary_key=True, comment="a work telephone that was lost"),
    sa.Column("at", Instant, nullable=False),
)

term = sa.Table(
    "term",
    metadata,
    sa.Column("country", sa.String(2), primary_key=True),
    sa.Column("term", sa.String(40), primary_key=True, comment="what matching narrows by, as need:wages, speaks:ky"),
    sa.Column("service", sa.String(36), primary_key=True),
    sa.Index("ix_term_service", "service"),
)

hsds = sa.Table(
    "hsds",
    metadata,
    sa.Column("country", sa.String(2), primary_key=True),
    sa.Column("entity", sa.String(32), primary_key=True, comment="a table of HSDS 3.0"),
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False, comment="its place in the imported directory"),
    sa.Column("body", sa.JSON, nullable=False, comment="the row as it came; an export writes it again"),
)

test_call = sa.Table(
    "test_call",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("service", sa.String(36), nullable=False, index=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("by", sa.String(40), nullable=False),
    sa.Column("answered", sa.Boolean, nullable=False),
    sa.Column("language", sa.String(8), nullable=False, comment="heard there; empty if nobody answered"),
)

harm = sa.Table(
    "harm",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("request", sa.String(32), nullable=False),
    sa.Column("source", sa.String(12), nullable=False, comment="caller, service or coordinator"),
    sa.Column("what", sa.String(24), nullable=False, comment="call, wrong_person, message_seen"),
    sa.Column("reviewed", Instant),
    sa.Column("by", sa.String(40)),
    sa.Column("service", sa.String(36), nullable=False, server_default="", comment="whose call or text; empty: ours"),
    sa.Column("did", sa.String(16), nullable=False, server_default="", comment="what was done when it was reviewed"),
)

lock = sa.Table(
    "lock",
    metadata,
    sa.Column("name", sa.String(16), primary_key=True, comment="raid: no number is shown, nothing is exported"),
    sa.Column("since", Instant, nullable=False),
    sa.Column("by", sa.String(40), nullable=False),
    sa.Column("until", Instant, comment="when it ends by itself, unless it is confirmed; null: never"),
)

assent = sa.Table(
    "assent",
    metadata,
    sa.Column("what", sa.String(16), primary_key=True, comment="unlock, lift: what needs two people"),
    sa.Column("ref", sa.String(40), primary_key=True),
    sa.Column("by", sa.String(40), primary_key=True),
    sa.Column("at", Instant, nullable=False),
)

block = sa.Table(
    "block",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("salt", sa.LargeBinary, nullable=False),
    sa.Column(
        "mac", sa.LargeBinary, nullable=False, comment="slow, salted hash of the number; deleted when the block ends"
    ),
    sa.Column("until", Instant, nullable=False, index=True),
    sa.Column("reason", sa.String(200), nullable=False),
    sa.Column("by", sa.String(40), nullable=False),
    sa.Column("at", Instant, nullable=False),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("actor", sa.String(40), nullable=False),
    sa.Column("action", sa.String(24), nullable=False),
    sa.Column("ref", sa.String(40), nullable=False),
    sa.Column("mac", sa.String(64), nullable=False, comment="chained to the row before"),
    sa.Index("ix_audit_actor", "actor", "action", "at"),
    sa.Index("ix_audit_ref", "ref"),
    sa.Index("ix_audit_action", "action", "seq"),
)

figure = sa.Table(
    "figure",
    metadata,
    sa.Column("month", sa.String(7), primary_key=True, comment="2026-11; counted once, after its end"),
    sa.Column("service", sa.String(36), primary_key=True, comment="of which service; empty: of all"),
    sa.Column("body", sa.JSON, nullable=False, comment="what may be published, with small counts hidden (R36)"),
)

departure = sa.Table(
    "departure",
    metadata,
    sa.Column("month", sa.String(7), primary_key=True),
    sa.Column("screen", sa.String(60), primary_key=True, comment="the screen where calls without a request ended"),
    sa.Column("calls", sa.Integer, nullable=False, comment="how many; deleted once the month is counted"),
)

beat = sa.Table(
    "beat",
    metadata,
    sa.Column("name", sa.String(16), primary_key=True),
    sa.Column("at", Instant, nullable=False),
)

person = sa.Table(
    "person",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("name", sa.String(60), nullable=False, comment="as colleagues see it"),
    sa.Column("login", sa.String(64), nullable=False, unique=True),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("service", sa.String(36), nullable=False, comment="their service; empty: none"),
    sa.Column("password", sa.String(200), nullable=False, comment="argon2id"),
    sa.Column("totp", sa.LargeBinary, comment="the app's secret, sealed with the session key; NULL: deleted"),
    sa.Column("totp_last", sa.BigInteger, nullable=False, comment="step of the last code; no code is valid twice"),
    sa.Column("disabled", Instant),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("zone", sa.String(40), nullable=False, comment="empty: the country's"),
    sa.Column("created", Instant, nullable=False),
    sa.Column("created_by", sa.String(40), nullable=False),
    sa.Column(
        "contact", sa.String(36), nullable=False, server_default="", comment="the coordinator contact that is theirs"
    ),
    sa.Column(
        "mac",
        sa.String(64),
        nullable=False,
        server_default="",
        comment="code of the contact key; without it nobody can sign in",
    ),
)

passkey = sa.Table(
    "passkey",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("person", sa.String(32), nullable=False, index=True),
    sa.Column("credential", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("public_key", sa.LargeBinary, nullable=False),
    sa.Column("sign_count", sa.BigInteger, nullable=False),
    sa.Column("name", sa.String(60), nullable=False),
    sa.Column("created", Instant, nullable=False),
    sa.Column("used", Instant),
)

recovery = sa.Table(
    "recovery",
    metadata,
    sa.Column("code", sa.String(64), primary_key=True, comment="keyed hash; deleted once used"),
    sa.Column("person", sa.String(32), nullable=False, index=True),
)

invitation = sa.Table(
    "invitation",
    metadata,
    sa.Column("token", sa.String(64), primary_key=True, comment="keyed hash"),
    sa.Column("person", sa.String(32), nullable=False, comment="the account to reset; empty: a new account"),
    sa.Column("keeps_password", sa.Boolean, nullable=False),
    sa.Column("name", sa.String(60), nullable=False),
    sa.Column("login", sa.String(64), nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("service", sa.String(36), nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("totp", sa.LargeBinary, nullable=False, comment="the app's secret, sealed with the session key"),
    sa.Column("invited_by", sa.String(40), nullable=False),
    sa.Column("expires", Instant, nullable=False),
    sa.Column("used", Instant),
)

web_session = sa.Table(
    "web_session",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("token", sa.String(64), nullable=False, unique=True, comment="keyed hash"),
    sa.Column("person", sa.String(32), nullable=False, index=True),
    sa.Column("created", Instant, nullable=False),
    sa.Column("seen", Instant, nullable=False),
    sa.Column("until", Instant, nullable=False),
    sa.Column("proved", Instant, comment="when a second factor was last given; NULL: only the password so far"),
    sa.Column("network", sa.String(48), nullable=False, comment="coarse: /16 or /32"),
    sa.Column("agent", sa.String(40), nullable=False, comment="Firefox, Linux"),
    sa.Column("challenge", sa.String(120), nullable=False, comment="what a passkey must sign; empty: nothing"),
    sa.Column("revoked", Instant),
)

login_try = sa.Table(
    "login_try",
    metadata,
    sa.Column("key", sa.String(32), primary_key=True, comment="keyed hash of a login or an address"),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("last", Instant, nullable=False, index=True),
)

draft = sa.Table(
    "draft",
    metadata,
    sa.Column("person", sa.String(32), primary_key=True),
    sa.Column("place", sa.String(200), primary_key=True, comment="the path that the form is sent to"),
    sa.Column("sealed", sa.LargeBinary, nullable=False, comment="what was typed when a session had ended"),
    sa.Column("until", Instant, nullable=False, index=True),
)

spent = sa.Table(
    "spent",
    metadata,
    sa.Column("form", sa.String(32), primary_key=True, comment="a form that was sent; it counts once"),
    sa.Column("until", Instant, nullable=False, index=True),
)
