"""A database from before the queues, whose public process has a role of its own, after all later migrations.

The grants are those that database.md named then. An operator who updates and does not run the new ones must have a
service that works, and a role that may do no more than it needs.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy.exc import ProgrammingError

from helpline.core.phone_numbers import Hidden, msisdn
from helpline.core.ports import IncomingSms
from helpline.store import migrate
from helpline.store.connection import connect
from helpline.store.engine import Database
from helpline.store.schema import inbox, request
from tests.conftest import compiled_once
from tests.helpline.store.test_public_role import code_and_word
from tests.postgres import database
from tests.world import EN_WITHDRAW, OTHER, World, keys

pytestmark = pytest.mark.postgres

BEFORE_QUEUES = "0019"
ROLE = "komek_public_of_before"
GRANTS = """
revoke all on schema public from public;
grant usage on schema public to {role};
grant select (id, salt, mac, until) on block to {role};
grant select on alembic_version to {role};
grant select (id, country, facts) on service to {role};
grant select on term to {role};
grant select (session) on gone to {role};
grant select (session, shown, restart), insert, update (restart) on talk to {role};
grant select, insert, update (calls) on departure to {role};
grant select, insert on request to {role};
grant update (keys_seen, state, due, updated, language, "window", zone, place, need,
              others_may_answer, may_leave_message, may_name_us, may_sms, days, hour, since,
              age_band, risk, kind, cover, operator_sex, operator_language, sex, state_line, felt, other,
              ended, promised_from, promised_to, outcome, frozen_at) on request to {role};
grant insert (request, sealed), select (request), delete on vault to {role};
grant select, update (state, closed) on offer to {role};
grant select (id, kind, at, done), insert on inbox to {role};
grant select, delete on bridge to {role};
grant select (name) on lock to {role};
grant select (offer, state), insert, update (sealed, state, updated) on message to {role};
grant select (id, dedupe, state), insert, update (due, state, lease, error, failures), delete on outbox to {role};
grant usage on sequence outbox_id_seq to {role};
"""


@pytest.fixture
def updated(postgres: str) -> Iterator[tuple[World, Database]]:
    """Make such a database and update it. Return a service on it, and the database as its public process sees it."""
    with database(postgres, "komek_before_queues", "template0") as at:
        db = compiled_once(connect(at)).with_contact_key(keys()["contact_key"])
        config = migrate._config()
        with db.write() as tx:
            config.attributes["connection"] = tx.connection
            command.upgrade(config, BEFORE_QUEUES)
            tx.exec_driver_sql(f"create role {ROLE} login")
            for statement in filter(str.strip, GRANTS.format(role=ROLE).split(";")):
                tx.exec_driver_sql(statement)
        migrate.upgrade(db)
        world = World.on(db)
        address = db.engine.url.set(username=ROLE).render_as_string(hide_password=False)
        public = connect(address).timed_by(world.clock)
        world.public = replace(world.public, ctx=replace(world.public.ctx, db=public))
        yield world, public
        public.dispose()
        with db.write() as tx:
            tx.exec_driver_sql(f"drop owned by {ROLE}")
            tx.exec_driver_sql(f"drop role {ROLE}")
        db.dispose()


def test_r32_after_an_update_the_public_role_stores_requests_and_stops(updated: tuple[World, Database]) -> None:
    """A whole call, a withdrawal of what a service has claimed, and a STOP by SMS."""
    world, _ = updated
    code, word = code_and_word(world.ask(language="4"))
    assert [row.state for row in world.rows(request)] == ["waiting"]
    world.ask(OTHER)
    world.public.sms("at", IncomingSms("one", msisdn(OTHER), Hidden("STOP")))
    assert [row.kind for row in world.rows(inbox)] == ["sms"]
    world.run()
    assert sorted(str(row.state) for row in world.rows(request)) == ["offered", "paused"]
    to, offered = world.offered()
    world.text(to, f"YES {offered}")
    world.dial(OTHER).press(*EN_WITHDRAW, code, word)
    world.run()
    assert sorted(str(row.state) for row in world.rows(request)) == ["closed", "paused"]
    assert offered in world.inbox(to)[-1], "the service is told not to call"


REFUSED = (
    """insert into message (id, "to", recipient, notice, "values", language, state, attempts, updated)
       values ('m', 'service', 'kg-osh', 'to_ngo.number', '{}', '', 'queued', 0, 0)""",
    "update message set state = 'queued'",
    "update message set sealed = null",
    "select state from message",
    "update offer set mac = ''",
    "update offer set service = 'kg-osh'",
    "select agreed_at from offer",
    "select agreed_how from offer",
)


def test_r32_after_an_update_the_public_role_can_write_no_text(updated: tuple[World, Database]) -> None:
    """The migration takes the rights that it had, and to read when somebody can be met (R34)."""
    _, public = updated
    for statement in REFUSED:
        with pytest.raises(ProgrammingError, match="permission denied"), public.write() as tx:
            tx.execute(sa.text(statement))
