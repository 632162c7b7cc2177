"""Rows of HSDS, several telephones of a service, outcomes of calls, locks, and approvals by two people."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this migration."""
    op.create_table(
        "assent",
        sa.Column("what", sa.String(length=16), nullable=False, comment="unlock, lift: what needs two people"),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("what", "ref", "by"),
    )
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("request", sa.String(length=32), nullable=False),
        sa.Column("offer", sa.String(length=32), nullable=False),
        sa.Column("service", sa.String(length=36), nullable=False),
        sa.Column("actor", sa.String(length=36), nullable=False, comment="whose telephone or account reported it"),
        sa.Column(
            "outcome",
            sa.String(length=24),
            nullable=False,
            comment="attempt.outcome of the rules, or claim, pass, done, handed",
        ),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column(
            "shown_in", sa.BigInteger(), nullable=True, comment="start of the window in which the number was shown"
        ),
        sa.Column("was_request", sa.String(length=16), nullable=False, comment="states before, for UNDO"),
        sa.Column("was_offer", sa.String(length=16), nullable=False),
        sa.Column("undone", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_request"), ["request"], unique=False)

    op.create_table(
        "block",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column(
            "mac",
            sa.LargeBinary(),
            nullable=False,
            comment="slow, salted hash of the number; deleted when the block ends",
        ),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("block", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_block_until"), ["until"], unique=False)

    op.create_table(
        "desk",
        sa.Column("service", sa.String(length=36), nullable=False),
        sa.Column("full_until", sa.BigInteger(), nullable=True, comment="takes nothing more until then"),
        sa.PrimaryKeyConstraint("service"),
    )
    op.create_table(
        "harm",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("request", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False, comment="caller, service or coordinator"),
        sa.Column("what", sa.String(length=24), nullable=False, comment="call, wrong_person, message_seen"),
        sa.Column("reviewed", sa.BigInteger(), nullable=True),
        sa.Column("by", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "hsds",
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("entity", sa.String(length=32), nullable=False, comment="a table of HSDS 3.0"),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False, comment="its place in the imported directory"),
        sa.Column("body", sa.JSON(), nullable=False, comment="the row as it came; an export writes it again"),
        sa.PrimaryKeyConstraint("country", "entity", "id"),
    )
    op.create_table(
        "lock",
        sa.Column(
            "name", sa.String(length=16), nullable=False, comment="raid: no number is shown, nothing is exported"
        ),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    # A new database begins with a closed line (`helpline.store.launch`). One that had this table before stays open. So
    # the row is made here, with its table, although the gate is younger: a later migration cannot tell a new database
    # from one in use, and would close a line that people call.
    op.execute("""insert into lock (name, since, "by") values ('closed', 0, 'komek')""")
    op.create_table(
        "term",
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column(
            "term", sa.String(length=40), nullable=False, comment="what matching narrows by, as need:wages, speaks:ky"
        ),
        sa.Column("service", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("country", "term", "service"),
    )
    with op.batch_alter_table("term", schema=None) as batch_op:
        batch_op.create_index("ix_term_service", ["service"], unique=False)

    op.create_table(
        "test_call",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("service", sa.String(length=36), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False, comment="heard there; empty if nobody answered"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("test_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_test_call_service"), ["service"], unique=False)

    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "service",
                sa.String(length=36),
                server_default="",
                nullable=False,
                comment="whose phone; empty: a coordinator",
            )
        )
        batch_op.add_column(
            sa.Column("on_duty", sa.Boolean(), server_default=sa.true(), nullable=False, comment="texts go to this one")
        )
        batch_op.create_index("ix_contact_service", ["service"], unique=False)
    op.execute("update contact set service = id where kind = 'service'")

    op.add_column(
        "offer",
        sa.Column("claimed", sa.BigInteger(), nullable=True, comment="when it was claimed; kept when the claim ends"),
    )
    op.add_column(
        "offer",
        sa.Column(
            "reminded",
            sa.BigInteger(),
            nullable=True,
            comment="when its holder was last reminded to report an outcome",
        ),
    )
    # for an old claim, the last change of its row counts as the time of the claim
    op.execute("update offer set claimed = closed where state = 'claimed'")

    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "sex",
                sa.String(length=8),
                server_default="not_said",
                nullable=False,
                comment="the caller's, if said (R42)",
            )
        )
        batch_op.add_column(
            sa.Column(
                "state_line",
                sa.String(length=8),
                server_default="no",
                nullable=False,
                comment="whether a state line may call (R21)",
            )
        )
        batch_op.add_column(
            sa.Column(
                "handed_to", sa.String(length=36), nullable=True, comment="the service to ask first, or that took over"
            )
        )

    if op.get_bind().dialect.name == "sqlite":  # on PostgreSQL, the role of the processes has no right to do so
        for what in ("update", "delete"):
            op.execute(
                f"create trigger audit_no_{what} before {what} on audit"
                " begin select raise(abort, 'the audit log only grows'); end"
            )


def downgrade() -> None:
    """Revert this migration."""
    if op.get_bind().dialect.name == "sqlite":
        for what in ("update", "delete"):
            op.execute(f"drop trigger audit_no_{what}")

    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.drop_column("handed_to")
        batch_op.drop_column("state_line")
        batch_op.drop_column("sex")

    op.drop_column("offer", "reminded")
    op.drop_column("offer", "claimed")

    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index("ix_contact_service")
        batch_op.drop_column("on_duty")
        batch_op.drop_column("service")

    with op.batch_alter_table("test_call", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_test_call_service"))

    op.drop_table("test_call")
    with op.batch_alter_table("term", schema=None) as batch_op:
        batch_op.drop_index("ix_term_service")

    op.drop_table("term")
    op.drop_table("lock")
    op.drop_table("hsds")
    op.drop_table("harm")
    op.drop_table("desk")
    with op.batch_alter_table("block", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_block_until"))

    op.drop_table("block")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempt_request"))

    op.drop_table("attempt")
    op.drop_table("assent")
