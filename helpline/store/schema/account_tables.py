"""The tables of those who sign in to the console, and of their sessions."""

import sqlalchemy as sa

from helpline.store.schema.columns import Instant, metadata

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
