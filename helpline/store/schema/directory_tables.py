"""The tables of the directory: services, their telephones and what they can take."""

import sqlalchemy as sa

from helpline.store.schema.columns import Instant, metadata

service = sa.Table(
    "service",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("country", sa.String(2), nullable=False),
    sa.Column("facts", sa.JSON, nullable=False, comment="what matching and promises need; the public process reads it"),
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

lost_phone = sa.Table(
    "lost_phone",
    metadata,
    sa.Column("phone", sa.String(20), primary_key=True, comment="a work telephone that was lost"),
    sa.Column("at", Instant, nullable=False),
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
