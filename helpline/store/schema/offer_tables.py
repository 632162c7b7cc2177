"""The tables of an offer: which service is asked, what it reported, and a call that connects both."""

import sqlalchemy as sa

from helpline.store.schema.columns import Instant, metadata

HELD_BY_DESK = ("open", "claimed", "followed")
HELD = f"state in {HELD_BY_DESK}"
"""Lists read these few rows among all that have ended. Their indexes hold everything that the order depends on."""
REMINDED = "state = 'claimed' and reminded is not null"
"""Claims whose holder was asked how the call went."""

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
    sa.Column("agreed_at", Instant, comment="the next contact that was agreed on with a caller who was reached"),
    sa.Column("agreed_how", sa.String(8), comment="who calls or comes then"),
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

IS_HELD = offer.c.state.in_([sa.literal_column(f"'{each}'") for each in HELD_BY_DESK])
"""In exactly these words, so that both engines see that the small indexes have all that is needed."""

waitlist = sa.Table(
    "waitlist",
    metadata,
    sa.Column("request", sa.String(32), primary_key=True),
    sa.Column("service", sa.String(36), primary_key=True, comment="a desk that fits and was full"),
    sa.Index("ix_waitlist_service", "service"),
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
