"""A theft: somebody writes rows, and a caseworker who helps them texts orders and uses the console (R32).

The statements are drawn from a grammar. After each, workers and clock run.
"""

import re
from contextlib import suppress
from dataclasses import dataclass, field

import sqlalchemy as sa
from hypothesis import strategies as st
from sqlalchemy.exc import SQLAlchemyError

from helpline.casework.console_actions import Cases, NotTheirs
from helpline.reveal.revealing import Revealed
from helpline.staff import people
from helpline.staff.roles import Person, Role
from helpline.store import audit_log
from helpline.store.engine import Database
from helpline.store.schema import audit, offer, request
from tests.steps.forger import ACCOMPLICE, forger
from tests.world import CALLER, OTHER, World

HOLDER = "kg-country"
"""The service that has claimed the caller's request, or is asked about it."""
CASEWORKER = Person("p1", "Somebody", "somebody", Role.CASEWORKER, ACCOMPLICE, "en", "")
REF = "(select id from {} order by id limit 1 offset :at)"
ALL_OF = "where :at >= 0"
INSERT_TEXT = f"""
insert into message (id, "to", recipient, notice, offer, request, "values", language, state, attempts, updated)
select 'forged' || :at, 'service', '{ACCOMPLICE}', 'to_ngo.number', id, request, '{{"phone": "{ACCOMPLICE}"}}', '',
'queued', 0, opened from offer where state = 'claimed'"""
STATEMENTS = (
    f"update offer set service = '{ACCOMPLICE}' {ALL_OF}",
    f"update offer set state = 'claimed', claimed = opened {ALL_OF}",
    f"update offer set state = 'open', until = null {ALL_OF}",
    f"update offer set state = 'claimed' {ALL_OF}",
    f"update offer set state = 'void' {ALL_OF}",
    f"update offer set shown_in = null, shown_at = null {ALL_OF}",
    f"update offer set shown_at = (select max(at) from audit) {ALL_OF}",
    f"update offer set mac = (select max(mac) from offer) {ALL_OF}",
    f"update offer set mac = '' {ALL_OF}",
    "update offer set request = (select max(id) from request), seq = 80 where id = " + REF.format("offer"),
    "update offer set request = (select min(id) from request), seq = 81 where id = " + REF.format("offer"),
    f"update offer set draws = 0, line = (select max(line) from vault) {ALL_OF}",
    f"""insert into offer (id, request, line, service, seq, state, draws, opened, claimed, mac)
        select 'forged' || :at, request, 'line' || :at, '{ACCOMPLICE}', 90 + :at, 'claimed', draws, opened, opened,
        mac from offer limit 1""",
    f"update request set state = 'waiting' {ALL_OF}",
    f"update request set state = 'offered' {ALL_OF}",
    f"update request set state = 'claimed' {ALL_OF}",
    f"""update request set "window" = 'any', zone = 'Asia/Bishkek', days = '' {ALL_OF}""",
    f"update request set handed_to = '{ACCOMPLICE}' {ALL_OF}",
    f"update request set reveals = 0, frozen_at = null {ALL_OF}",
    "update vault set request = (select max(id) from request) where request = (select min(request) from vault)",
    INSERT_TEXT,
    f"""update message set recipient = '{ACCOMPLICE}', "values" = '{{"phone": "{ACCOMPLICE}"}}' {ALL_OF}""",
    f"update message set notice = 'to_ngo.number' {ALL_OF}",
    f"update message set state = 'queued', offer = (select min(id) from offer) {ALL_OF}",
    "delete from lock where :at >= 0",
)
KINDS = ("send", "tell", "bridge", "taken", "attend", "silent", "lapse", "next", "place", "stop", "sweep")
WAKE = (
    "insert into outbox (kind, ref, dedupe, queue, due, state, attempts, failures)"
    " select '{kind}', {ref}, '{kind}:' || {ref}, 'urgent', 0, 'ready', 0, 0 from {table}"
)
SEND = WAKE.format(kind="send", ref="id", table="message") + " where state = 'queued'"
WOKEN = (
    SEND,
    *(WAKE.format(kind=kind, ref="id", table=table) for kind in KINDS for table in ("message", "offer", "request")),
    WAKE.format(kind="tell", ref="'card:' || id", table="offer"),
    *(f"update outbox set state = 'ready', due = 0, kind = '{kind}' where :at >= 0" for kind in ("send", "attend")),
)
ORDERS = ("YES", "NUMBER", "NO", "REACHED", "AGAIN", "LIST", "UNDO")

Step = tuple[str, str, int]
"""Its kind, the statement or order, and a number that both may use."""

statements = st.sampled_from(STATEMENTS) | st.sampled_from(STATEMENTS) | st.sampled_from(WOKEN)
sql = st.tuples(statements, st.integers(0, 3)).map(lambda drawn: ("sql", *drawn))
order = st.tuples(st.sampled_from(ORDERS), st.integers(0, 5)).map(lambda drawn: ("order", *drawn))
steps = st.lists(
    sql | sql | order | st.just(("console", "", 0)) | st.sampled_from([("wait", "", 20), ("wait", "", 1440)]),
    min_size=1, max_size=10,
)  # fmt: skip
OF_ANOTHER: list[Step] = [("sql", STATEMENTS[0], 0), ("console", "", 0), ("order", "LIST", 0), ("order", "NUMBER", 0)]
"""The claim of another service becomes the accomplice's."""
INSERTED: list[Step] = [("sql", INSERT_TEXT, 0), ("sql", SEND, 0)]
"""A text with the number is inserted."""


@dataclass(slots=True)
class Theft:
    """A caller's request and another one, a forger, and their accomplice in a service."""

    world: World
    public: Database
    """The database as the forger writes it."""
    phones: dict[str, str] = field(default_factory=dict)
    """The telephone of each service that is watched."""
    genuine: set[tuple[str, str]] = field(default_factory=set)
    """Request and service of each offer that a worker has made."""
    told: set[str] = field(default_factory=set)
    """The services whose people saw the number at the console."""

    def begin(self, *, claimed: bool) -> str:
        """Ask, offer, and perhaps claim. Return the id of the caller's request."""
        forger(self.world)
        self.phones = {desk: self.world.phone(desk) for desk in (HOLDER, ACCOMPLICE)}
        with self.world.db.write() as tx:
            people.add(tx, CASEWORKER, "", b"", tx.now, "test")
        self.world.ask()
        self.work()
        to, code = self.world.offered()
        (asked,) = self.world.rows(request)
        if claimed:
            self.world.text(to, f"YES {code}")
        self.world.ask(OTHER)
        self.work()
        return str(asked.id)

    def work(self, minutes: int = 0) -> None:
        """Do what is due, and note which offers came of it."""
        before = {str(row.id) for row in self.world.rows(offer)}
        self.world.wait(minutes=minutes)
        made = [row for row in self.world.rows(offer) if str(row.id) not in before]
        self.genuine |= {(str(row.request), str(row.service)) for row in made}

    def take(self, kind: str, what: str, at: int) -> None:
        """Take one step. A statement that the database refuses does nothing."""
        if kind == "sql":
            with suppress(SQLAlchemyError), self.public.write() as tx:
                tx.execute(sa.text(what), {"at": at})
        elif kind == "order":
            phone = self.phones[ACCOMPLICE]
            codes = re.findall(r"\b[0-9]{5}\b", " ".join(self.world.inbox(phone)))
            self.world.text(phone, f"{what} {codes[at % len(codes)]}" if codes else what)
        elif kind == "console":
            self.press_button()
        self.work(at if kind == "wait" else 0)

    def press_button(self) -> None:
        """Ask for the number of every offer at the console, as an account of the accomplice's service."""
        cases = Cases.of(self.world.work.ctx, self.world.work.outgoing.opening)
        for row in self.world.rows(offer):
            with suppress(NotTheirs), self.world.db.write() as tx:
                answer = cases.number(tx, CASEWORKER, str(row.id))
                if isinstance(answer, Revealed) and answer.number.reveal() == CALLER:
                    self.told.add(ACCOMPLICE)

    def check(self, asked: str) -> None:
        """The service that got the number was offered the request by a worker, has claimed it, and is in the audit log."""
        texted = {to for to, text in self.world.gateway.sent if CALLER in text}
        assert texted <= set(self.phones.values())
        told = self.told | {desk for desk, phone in self.phones.items() if phone in texted}
        with self.world.db.read() as tx:
            assert audit_log.broken_at(tx, self.world.work.ctx.audit_key) is None
            rows = tx.execute(sa.select(audit).where(audit.c.ref == asked)).all()
            for desk in told:
                assert (asked, desk) in self.genuine
                actors = people.ids_of_desk(tx, desk)
                assert {row.action for row in rows if row.actor in actors} >= {"claim", "reveal"}


def try_to_steal(theft: Theft, taken: list[Step], *, claimed: bool) -> None:
    """Take all steps, and check after each."""
    asked = theft.begin(claimed=claimed)
    for step in taken:
        theft.take(*step)
        theft.check(asked)
