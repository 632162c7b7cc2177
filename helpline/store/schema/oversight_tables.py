"""The tables that show what was done: the audit log, harm, figures, locks and blocks."""

import sqlalchemy as sa

from helpline.store.schema.columns import Instant, metadata

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

assent = sa.Table(
    "assent",
    metadata,
    sa.Column("what", sa.String(16), primary_key=True, comment="unlock, lift: what needs two people"),
    sa.Column("ref", sa.String(40), primary_key=True),
    sa.Column("by", sa.String(40), primary_key=True),
    sa.Column("at", Instant, nullable=False),
)

lock = sa.Table(
    "lock",
    metadata,
    sa.Column("name", sa.String(16), primary_key=True, comment="raid: no number is shown, nothing is exported"),
    sa.Column("since", Instant, nullable=False),
    sa.Column("by", sa.String(40), nullable=False),
    sa.Column("until", Instant, comment="when it ends by itself, unless it is confirmed; null: never"),
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
