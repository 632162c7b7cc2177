"""Questions to gateways that do not report by themselves: what became of texts, and how much money is left.

The clock asks, in a thread of its own. No row of the outbox is needed: a question that is lost is asked again.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from helpline.core.ports import SendFailed
from helpline.messaging.outgoing import Outgoing
from helpline.messaging.routes import Route
from helpline.store import channel_states, texts_out
from helpline.store.engine import Database

BALANCE_EVERY = timedelta(minutes=15)
ASKED_FOR = timedelta(days=2)
"""After so long without a word from the gateway, it is not asked about a text any more."""
MOST = 100
"""The texts that are asked about in one round, for each channel."""


@dataclass(slots=True)
class GatewayQuestions:
    """Asks all channels that can be asked. It remembers when it last asked for each balance."""

    db: Database
    outgoing: Outgoing
    asked: dict[str, datetime] = field(default_factory=dict)

    def ask(self) -> None:
        """Ask each channel in turn. A channel that does not answer keeps no other one from being asked."""
        for route in self.outgoing.routes:
            for question in (self._receipts, self._balance):
                try:
                    question(route)
                except SendFailed as failure:
                    self.outgoing.ctx.log("gateway_silent", f"{route.name}:{failure.reason.replace(' ', '_')}")

    def _receipts(self, route: Route) -> None:
        if route.poller is None:
            return
        with self.db.read() as tx:
            waiting = texts_out.to_poll(tx, route.name, tx.now - ASKED_FOR, MOST)
        if not waiting:
            return
        for receipt in route.poller.poll(waiting):
            with self.db.write() as tx:  # each by itself: callers' hops write in between
                self.outgoing.answered(tx, route.name, receipt)

    def _balance(self, route: Route) -> None:
        if route.purse is None:
            return
        with self.db.read() as tx:
            now = tx.now
        if now < self.asked.get(route.name, now - BALANCE_EVERY) + BALANCE_EVERY:
            return
        self.asked[route.name] = now
        balance = route.purse.balance()
        with self.db.write() as tx:
            channel_states.note_balance(tx, route.name, balance)
