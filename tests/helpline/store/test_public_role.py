"""The public process on PostgreSQL with the role of docs/database.md: it works, and can read or obtain no number.

The script is taken from the page itself, so that tests run what operators run.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import ProgrammingError

from helpline.core.phone_numbers import Hidden, msisdn
from helpline.core.ports import Delivery, IncomingSms, Receipt
from helpline.request import offers
from helpline.store.connection import connect
from helpline.store.engine import Database
from helpline.store.migrate import not_ready
from helpline.store.schema import bridge, inbox, metadata, request, vault
from helpline.store.schema import offer as offer_table
from tests.conftest import Databases
from tests.postgres import empty
from tests.steps.bridge import Caseworker
from tests.steps.by_day import examples
from tests.steps.theft import INSERTED, OF_ANOTHER, Step, Theft, steps, try_to_steal
from tests.world import CALLER, EN_CALL_ME, EN_HOME, EN_SEE, EN_STOPPED, EN_WITHDRAW, OTHER, Call, World

pytestmark = pytest.mark.postgres

PAGE = Path(__file__).parents[3] / "docs" / "database.md"
ROLE = "komek_public"


@dataclass(frozen=True, slots=True)
class Split:
    """A service whose public process uses the role, and whose workers own the tables.

    `faults` are the database's refusals.
    """

    world: World
    public: Database
    faults: list[str]

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Keep hypothesis from printing all that the engines know for each example."""
        del cycle
        printer.text("Split")


@pytest.fixture
def split(new_postgres: Databases) -> Iterator[Split]:
    """Create the role as the page says, and use it for the public process."""
    db, faults = new_postgres(), list[str]()
    with db.engine.begin() as tx:
        tx.exec_driver_sql(f"create role {ROLE} login")
        for statement in script():
            tx.exec_driver_sql(statement)
    world = World.on(db, bridge=True)
    address = db.engine.url.set(username=ROLE).render_as_string(hide_password=False)
    public = connect(address).timed_by(world.clock)
    world.public = replace(world.public, ctx=replace(world.public.ctx, db=public), log=faults.append)
    yield Split(world, public, faults)
    public.dispose()
    with db.engine.begin() as tx:
        tx.exec_driver_sql(f"drop owned by {ROLE}")
        tx.exec_driver_sql(f"drop role {ROLE}")


def script() -> list[str]:
    """Return the statements of the page that define the role's rights."""
    blocks = re.findall(r"```sql\n(.*?)```", PAGE.read_text(), re.DOTALL)
    (grants,) = (block for block in blocks if "grant " in block)
    return [statement.strip() for statement in re.sub(r"--.*", "", grants).split(";") if statement.strip()]


def code_and_word(call: Call) -> tuple[str, str]:
    """Return the code that a call was shown, and the digit of its word."""
    shown = re.search(r"Code (\d{6})\b.* you answer ([A-Z]+)", "\n".join(call.seen))
    assert shown
    words = [word for _, word in call.world.public.ctx.book.locals["en"].lists["words"]]
    return shown[1], str(words.index(shown[2]) + 1)


def states(world: World) -> list[str]:
    """Return the state of each request, sorted."""
    return sorted(str(row.state) for row in world.rows(request))


def test_the_role_can_serve_a_whole_call(split: Split) -> None:
    """Every question is answered and each hop sent twice.

    Then the request is offered and claimed, and its number shown.
    """
    world = split.world
    call = world.dial().press(*EN_CALL_ME).agree()
    asked, wishes = "1111111112111", ("1", "1", "2", "1", "3", "3", "1", "9")
    for key in (*asked, *wishes, "3", "996000222333", "1", "1", "0"):
        call.press(key)
        call.show()
    assert call.reply.last
    world.run()
    to, code = world.offered()
    world.text(to, f"ДА {code}")
    world.text(to, f"НОМЕР {code}")
    assert "+996000222333" in world.inbox(to)[-1]
    assert states(world) == ["claimed"]
    assert not split.faults


def test_the_role_can_show_and_withdraw_a_request(split: Split) -> None:
    """With code and word: status, then never call me. The service with the claim is told, and the number erased."""
    world = split.world
    call = world.ask(language="4")
    world.run()
    to, offer = world.offered()
    world.text(to, f"YES {offer}")
    code, word = code_and_word(call)
    assert "A helper will call" in world.dial().press(*EN_SEE, code, word).text
    assert "deleted" in world.dial(OTHER).press(*EN_WITHDRAW, code, word).text
    world.run()
    assert "do not call" in world.inbox(to)[-1]
    assert states(world) == ["closed"]
    assert not world.rows(vault)
    assert not split.faults


def test_r33_the_role_can_withdraw_after_the_caller_was_reached(split: Split) -> None:
    """What the service and the caller agreed on is the workers' to delete: this role can neither set nor clear it."""
    world = split.world
    call = world.ask(language="4")
    world.run()
    to, offer = world.offered()
    for order in ("YES", "NUMBER", "REACHED"):
        world.text(to, f"{order} {offer}")
    (followed,) = world.rows(offer_table)
    with world.db.write() as tx:
        offers.agree(tx, str(followed.id), tx.now + timedelta(hours=2), "comes")
    code, word = code_and_word(call)
    assert "deleted" in world.dial(OTHER).press(*EN_WITHDRAW, code, word).text
    assert states(world) == ["closed"]
    assert not world.rows(vault)
    world.run()
    (ended,) = world.rows(offer_table)
    assert (ended.state, ended.agreed_at, ended.agreed_how) == ("void", None, None)
    assert not split.faults


def test_r03_the_role_has_a_service_that_reached_the_caller_told_other_hours(split: Split) -> None:
    """The caller changes them with code and word. A worker sends the text, which this role cannot write."""
    world = split.world
    call = world.ask(language="4")
    world.run()
    to, offer = world.offered()
    for order in ("YES", "NUMBER", "REACHED"):
        world.text(to, f"{order} {offer}")
    code, word = code_and_word(call)
    before = len(world.inbox(to))
    assert world.dial().press(*EN_HOME, "9", "2", "2", "1", code, word).reply.last
    world.run()
    (text,) = world.inbox(to)[before:]
    assert text.startswith(f"{offer}: ")
    assert states(world) == ["reached"]
    assert not split.faults


def test_the_role_can_withdraw_an_open_offer(split: Split) -> None:
    """The offer is void, and the other request of that phone gets its turn."""
    world = split.world
    world.ask(language="4")
    world.clock.at += timedelta(seconds=1)  # the newest request goes first
    code, word = code_and_word(world.ask(language="4"))
    world.run()
    _, offer = world.offered()
    world.dial().press(*EN_WITHDRAW, code, word)
    world.run()
    assert world.offered()[1] != offer
    assert states(world) == ["closed", "offered"]
    assert not split.faults


def test_the_role_can_withdraw_consent(split: Split) -> None:
    """Yes, a time, then home and no: the request of this call is withdrawn."""
    world = split.world
    call = world.dial().press(*EN_CALL_ME).agree().press("1")
    world.wait(minutes=5)
    assert states(world) == ["offered"]
    call.press("00", "2", "0")
    world.run()
    assert states(world) == ["closed"]
    assert not split.faults


def test_the_role_can_pause_requests(split: Split) -> None:
    """Do not call me: by key, and as an opt-out of the gateway."""
    world = split.world
    world.ask(language="4")
    world.dial().press(*EN_STOPPED)
    world.ask(OTHER, language="4")
    world.public.optout("at", msisdn(OTHER))
    world.run()
    assert states(world) == ["paused", "paused"]
    assert not split.faults


@pytest.mark.parametrize("stopped", ["paused", "frozen"])
def test_r08_the_role_can_resume_a_stopped_request(split: Split, stopped: str) -> None:
    """With code, word and another time, after the caller's stop or after a stranger answered."""
    world = split.world
    code, word = code_and_word(world.ask(language="4"))
    world.run()
    to, offer = world.offered()
    if stopped == "paused":
        world.dial().press(*EN_STOPPED)
    else:
        for text in ("YES", "NUMBER", "STRANGER"):
            world.text(to, f"{text} {offer}")
    world.run()
    assert states(world) == [stopped]
    call = world.dial().press(*EN_HOME, "9", "2", "2", "1", code, word)
    assert call.reply.last
    assert not split.faults
    assert [(row.state, row.frozen_at) for row in world.rows(request)] == [("waiting", None)]


def test_the_role_can_join_a_caseworker_to_the_caller(split: Split) -> None:
    """With the session alone, and never after a stop."""
    worker = Caseworker.of(split.world)
    worker.calls = replace(worker.calls, db=split.public)
    worker.start_call()
    split.world.dial(OTHER).press(*EN_STOPPED)
    assert worker.join() == ""
    split.world.run()
    assert worker.join() == CALLER
    assert not split.world.rows(bridge)


def test_the_role_can_receive_texts_and_receipts(split: Split) -> None:
    """A text received twice is one text, and the role cannot read it afterwards."""
    world = split.world
    for _ in range(2):
        world.public.sms("at", IncomingSms("one", msisdn(CALLER), Hidden("help")))
    world.public.receipt("at", Receipt("gw-1", Delivery.DELIVERED))
    assert sorted(str(row.kind) for row in world.rows(inbox)) == ["receipt", "sms"]
    world.run()
    assert "call you" in world.inbox(CALLER)[-1]


def test_the_role_can_check_whether_the_database_is_up_to_date(split: Split) -> None:
    assert not_ready(split.public) == []


ALLOWED = {
    "alembic_version": "select", "service": "select", "term": "select", "gone": "select", "talk": "select insert update",
    "departure": "select insert update", "bridge": "select delete", "lock": "select", "request": "select insert update", "vault": "select insert delete", "offer": "select update",
    "inbox": "select insert", "block": "select", "outbox": "select insert update delete",
}  # fmt: skip
RIGHTS = ("select", "insert", "update", "delete", "truncate", "references", "trigger")
REFUSED = (
    "select * from vault",
    "select sealed from vault",
    "select caller from vault",
    "update vault set line = 'x'",
    "select line from vault",
    "update talk set shown = 0",
    "select phone from contact",
    "select * from audit",
    "insert into audit (at, actor, action, ref, mac) values (0, '', '', '', '')",
    "select keys from dialogue",
    "select sealed from inbox",
    "update inbox set done = 0",
    "select state from message",
    "update message set state = 'queued'",
    """insert into message (id, "to", recipient, notice, "values", language, state, attempts, updated)
       values ('m', 'caller', '', 'to_caller.kept', '{}', 'ru', 'queued', 0, 0)""",
    "update offer set mac = ''",
    "update offer set claimed = 0",
    "select agreed_at from offer",
    "select agreed_how from offer",
    "update offer set agreed_at = 0",
    "select error from outbox",
    "select reason from block",
    "select by from lock",
    "insert into bridge values ('', '', '', '', '', 0, 0)",
    "delete from block",
    "update request set expires = 0",
    "update request set code_mac = ''",
    "update request set reveals = 0",
    "update offer set service = 'x'",
    "delete from request",
    "create table forged (id integer)",
)


def test_the_role_has_no_other_rights(split: Split) -> None:
    """No rights on any column beyond its needs, and none at all on contact, audit, dialogue and beat."""
    held: dict[str, str] = {}
    with split.public.read() as tx:
        for table in [*metadata.tables, "alembic_version"]:
            rights = [right for right in RIGHTS if tx.execute(sa.text(holds(table, right))).scalar()]
            held |= {table: " ".join(rights)} if rights else {}
    assert held == ALLOWED


def holds(table: str, right: str) -> str:
    """Whether the role has a right on a table or on any of its columns."""
    asked = "has_table_privilege" if right in ("delete", "truncate", "trigger") else "has_any_column_privilege"
    return f"select {asked}('{table}', '{right}')"


def test_the_role_cannot_read_or_write_these(split: Split) -> None:
    """Numbers, their hashes, services' phones, texts, the log, and the data that limits depend on."""
    split.world.ask()
    split.world.run()
    for statement in REFUSED:
        with pytest.raises(ProgrammingError, match="permission denied"), split.public.write() as tx:
            tx.exec_driver_sql(statement)


@settings(max_examples=1, deadline=None, suppress_health_check=list(HealthCheck))
@example(taken=OF_ANOTHER, claimed=True)
@example(taken=INSERTED, claimed=True)
@given(taken=steps, claimed=st.booleans())
def test_r32_the_public_role_makes_no_number_leave_without_a_genuine_claim(
    split: Split, taken: list[Step], claimed: bool
) -> None:
    """What its allowed statements can cause; the others are refused."""
    try_in(split, taken, claimed)


@pytest.mark.nightly
@settings(max_examples=examples(200), deadline=None, suppress_health_check=list(HealthCheck))
@given(taken=steps, claimed=st.booleans())
def test_r32_the_public_role_makes_no_number_leave_whatever_else_it_writes(
    split: Split, taken: list[Step], claimed: bool
) -> None:
    """The same with many more statements."""
    try_in(split, taken, claimed)


def try_in(split: Split, taken: list[Step], claimed: bool) -> None:
    """Take the steps of a thief who has the role, in an empty database."""
    empty(split.world.db)
    world = World.on(split.world.db)
    world.public = replace(world.public, ctx=replace(world.public.ctx, db=split.public))
    try_to_steal(Theft(world, split.public), taken, claimed=claimed)
