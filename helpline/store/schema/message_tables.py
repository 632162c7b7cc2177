"""The tables of what comes in and goes out: due jobs, texts, channels, and dialogues by SMS."""

import sqlalchemy as sa

from helpline.store.schema.columns import Instant, metadata

SENDING = "state = 'running' and recipient is not null"
"""Texts that a worker has claimed."""

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
