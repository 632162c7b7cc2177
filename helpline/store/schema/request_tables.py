"""The tables of a request: what the caller wants, their number, and where their conversation is."""

import sqlalchemy as sa

from helpline.store.schema.columns import Instant, metadata

ENDED = ("expired", "closed")
NOT_CLAIMED = ("waiting", "offered", "stranded")
OPEN = f"state not in {ENDED}"
"""Lists read these few rows among all that have ended. Their indexes hold everything that the order depends on."""
WHOLE = f"state in {ENDED} and draws >= 0"
"""Requests that have ended and are not yet reduced to what is counted (R34): `draws` is -1 afterwards."""

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

IS_OPEN = request.c.state.not_in([sa.literal_column(f"'{each}'") for each in ENDED])
IS_WHOLE = sa.and_(
    request.c.state.in_([sa.literal_column(f"'{each}'") for each in ENDED]), request.c.draws >= sa.literal_column("0")
)
IS_UNCLAIMED = request.c.state.in_([sa.literal_column(f"'{each}'") for each in NOT_CLAIMED])
"""In exactly these words, so that both engines see that the small indexes have all that is needed."""

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

talk = sa.Table(
    "talk",
    metadata,
    sa.Column("session", sa.String(32), primary_key=True),
    sa.Column("shown", sa.Integer, primary_key=True, comment="keys pressed when a consent screen was shown"),
    sa.Column("restart", sa.Integer, comment="keys pressed when home was shown because nothing could be saved"),
    sa.Column("until", Instant, nullable=False),
)

gone = sa.Table(
    "gone",
    metadata,
    sa.Column("session", sa.String(32), primary_key=True, comment="kept for a day after the request (R34)"),
    sa.Column("until", Instant, nullable=False),
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
