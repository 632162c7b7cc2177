"""How each channel is doing: successes, failures, and how many texts may go now.

The rows are in the database, because a worker runs each job in a new process. Only workers write them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from helpline.store.engine import Tx
from helpline.store.fixed import Fixed
from helpline.store.schema import channel
from helpline.store.sql import insert_if_new

FAULTS_IN_A_ROW = 3
REST = timedelta(seconds=60)
"""After three faults in a row, other channels go first for so long."""

OLD_BALANCE = timedelta(hours=2)
"""The clock asks every 15 minutes. After so long, what was left then may be gone."""
MOST_AHEAD = timedelta(minutes=5)
"""So far ahead a text is put back: those before it may become void, and then the channel would rest."""
EARLY = 0.2
"""So much of a text's turn may be missing when it is taken up: a worker is never there at the very moment. A text that
missed its turn by that would go to the end of the line. What is missing is taken from the next one, so the rate holds.
"""
RESTING = Fixed(sa.select(channel.c.name).where(channel.c.rests_until > sa.bindparam("now")))
SUCCESS = Fixed(
    sa.update(channel)
    .where(channel.c.name == sa.bindparam("of"))
    .values(sent=channel.c.sent + 1, in_a_row=0, rests_until=None, last_success=sa.bindparam("when"))
)


@dataclass(frozen=True, slots=True)
class ChannelState:
    """How one channel is doing."""

    name: str
    sent: int
    failed: int
    last_success: datetime | None
    last_failure: datetime | None
    rests_until: datetime | None
    balance: float | None
    """What the gateway said is left."""
    balance_at: datetime | None

    def has_old_balance(self, now: datetime) -> bool:
        """Whether the gateway once said how much money is left, and has not said it again for long."""
        return self.balance_at is not None and now - self.balance_at > OLD_BALANCE

    def is_resting(self, now: datetime) -> bool:
        """Whether other channels go first."""
        return self.rests_until is not None and self.rests_until > now


def take_turn(tx: Tx, name: str, rate: float | None, *, urgent: bool = False) -> datetime | None:
    """Take one of the texts that may go now. Return None if there was one, else when to try again.

    A channel may send `rate` texts a second, and after a pause as many at once as in one second, one at least. Each
    text that must wait gets a later time than the one before, so that each is taken up about twice, however many wait.
    An urgent one goes as soon as any may.
    """
    if rate is None:
        return None
    row = _held(tx, name)
    most = max(1.0, rate)
    since = (tx.now - row.filled).total_seconds()
    tokens = min(most, row.tokens + since * rate) if since >= 0 else most  # the clock was ahead when it was filled
    if tokens >= 1 - EARLY:
        _change(tx, name, tokens=tokens - 1, filled=tx.now)
        return None
    soonest = tx.now + timedelta(seconds=(1 - tokens) / rate)
    if urgent:
        return soonest
    booked = row.booked if row.booked and row.booked <= tx.now + 2 * MOST_AHEAD else soonest
    turn = min(max(soonest, booked), tx.now + MOST_AHEAD)
    _change(tx, name, booked=turn + timedelta(seconds=1 / rate))
    return turn


def note_success(tx: Tx, name: str) -> None:
    """Note that a channel took a text."""
    values = {"of": name, "when": tx.now}
    if not tx.execute(SUCCESS, values).rowcount:
        _held(tx, name)
        tx.execute(SUCCESS, values)


def note_failure(tx: Tx, name: str, *, fault: bool) -> bool:
    """Note that a channel did not take a text. `fault`: because of itself, and not of this text or its receiver.

    Return whether it rests now.
    """
    in_a_row = _held(tx, name).in_a_row + 1 if fault else 0
    rest = {"rests_until": tx.now + REST} if in_a_row >= FAULTS_IN_A_ROW else {}
    _change(tx, name, failed=channel.c.failed + 1, in_a_row=in_a_row, last_failure=tx.now, **rest)
    return bool(rest)


def note_balance(tx: Tx, name: str, balance: float) -> None:
    """Note how much money is left."""
    _held(tx, name)
    _change(tx, name, balance=balance, balance_at=tx.now)


def resting(tx: Tx) -> frozenset[str]:
    """Return the channels that failed several times in a row lately."""
    return frozenset(tx.execute(RESTING, {"now": tx.now}).scalars())


def everyone(tx: Tx) -> list[ChannelState]:
    """Return the state of each channel that was ever used."""
    return [
        ChannelState(
            row.name, row.sent, row.failed, row.last_success, row.last_failure, row.rests_until,
            row.balance, row.balance_at,
        )
        for row in tx.execute(sa.select(channel).order_by(channel.c.name))
    ]  # fmt: skip


def _held(tx: Tx, name: str) -> Any:
    """Return a channel's row, locked. Make it if there is none."""
    of = sa.select(channel).where(channel.c.name == name).with_for_update()
    row = tx.execute(of).first()
    if row is None:
        new = {"name": name, "tokens": 1.0, "filled": tx.now, "sent": 0, "failed": 0, "in_a_row": 0}
        insert_if_new(tx, channel, new)
        row = tx.execute(of).one()
    return row


def _change(tx: Tx, name: str, **values: Any) -> bool:
    """Change a channel's row. Return False if there is none."""
    return tx.execute(sa.update(channel).where(channel.c.name == name).values(**values)).rowcount == 1
