"""Accounts of the console: people, what they sign in with, and their sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this migration."""
    op.create_table(
        "draft",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False, comment="the path that the form is sent to"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False, comment="what was typed when a session had ended"),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person", "place"),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_until"), ["until"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("token", sa.String(length=64), nullable=False, comment="keyed hash"),
        sa.Column("person", sa.String(length=32), nullable=False, comment="the account to reset; empty: a new account"),
        sa.Column("keeps_password", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("service", sa.String(length=36), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("totp", sa.LargeBinary(), nullable=False, comment="the app's secret, sealed with the session key"),
        sa.Column("invited_by", sa.String(length=40), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("token"),
    )
    op.create_table(
        "login_try",
        sa.Column("key", sa.String(length=32), nullable=False, comment="keyed hash of a login or an address"),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    with op.batch_alter_table("login_try", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_try_last"), ["last"], unique=False)

    op.create_table(
        "passkey",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("credential", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("credential", name=op.f("uq_passkey_credential")),
    )
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passkey_person"), ["person"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False, comment="as colleagues see it"),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("service", sa.String(length=36), nullable=False, comment="their service; empty: none"),
        sa.Column("password", sa.String(length=200), nullable=False, comment="argon2id"),
        sa.Column(
            "totp",
            sa.LargeBinary(),
            nullable=True,
            comment="the app's secret, sealed with the session key; NULL: deleted",
        ),
        sa.Column(
            "totp_last", sa.BigInteger(), nullable=False, comment="step of the last code; no code is valid twice"
        ),
        sa.Column("disabled", sa.BigInteger(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False, comment="empty: the country's"),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("login", name=op.f("uq_person_login")),
    )
    op.create_table(
        "recovery",
        sa.Column("code", sa.String(length=64), nullable=False, comment="keyed hash; deleted once used"),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    with op.batch_alter_table("recovery", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_person"), ["person"], unique=False)

    op.create_table(
        "spent",
        sa.Column("form", sa.String(length=32), nullable=False, comment="a form that was sent; it counts once"),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("form"),
    )
    with op.batch_alter_table("spent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spent_until"), ["until"], unique=False)

    op.create_table(
        "web_session",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False, comment="keyed hash"),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column(
            "proved",
            sa.BigInteger(),
            nullable=True,
            comment="when a second factor was last given; NULL: only the password so far",
        ),
        sa.Column("network", sa.String(length=48), nullable=False, comment="coarse: /16 or /32"),
        sa.Column("agent", sa.String(length=40), nullable=False, comment="Firefox, Linux"),
        sa.Column(
            "challenge", sa.String(length=120), nullable=False, comment="what a passkey must sign; empty: nothing"
        ),
        sa.Column("revoked", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token", name=op.f("uq_web_session_token")),
    )
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_web_session_person"), ["person"], unique=False)


def downgrade() -> None:
    """Revert this migration."""
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_web_session_person"))

    op.drop_table("web_session")
    with op.batch_alter_table("spent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_spent_until"))

    op.drop_table("spent")
    with op.batch_alter_table("recovery", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recovery_person"))

    op.drop_table("recovery")
    op.drop_table("person")
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passkey_person"))

    op.drop_table("passkey")
    with op.batch_alter_table("login_try", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_try_last"))

    op.drop_table("login_try")
    op.drop_table("invitation")
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_until"))

    op.drop_table("draft")
