"""Send texts: compose one in a transaction, send it outside of any, settle it in another.

On SQLite each commit waits for the disk, so the next text is composed in the transaction that settles one, and threads
that send side by side share transactions. On PostgreSQL that could end in a deadlock: composing a text locks the
telephone of its caller before anything else.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from helpline.core.jobs import Queue
from helpline.core.ports import Delivery, SendFailed
from helpline.messaging.outgoing import NOWHERE, Letter, Outgoing, Unsent
from helpline.store import channel_states, texts_out
from helpline.store.engine import Database, Tx, Unavailable, is_open
from helpline.store.outbox import Claim, Due, claim_nothing, finish_leased, wait_for_channel
from helpline.store.texts_out import Message

KIND = "send"
"""The kind of the rows of the outbox."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A text that goes now."""

    due: Due
    message: Message
    letter: Letter


@dataclass(frozen=True, slots=True)
class Posted:
    """What a gateway has answered."""

    ready: Ready
    gateway_id: str
    error: SendFailed | None


def _raise(_: Due, error: Exception) -> None:
    raise error


def send(
    db: Database,
    outgoing: Outgoing,
    due: Due,
    claim: Claim = claim_nothing,
    failed: Callable[[Due, Exception], None] = _raise,
) -> Due | None:
    """Send the text of a row, if it is still true and allowed; on SQLite also those of the rows that `claim` claims.

    Return the first claimed row that is no text. An error ends this, and `failed` is called with its row: `LostLease`
    means that another worker has it.
    """
    try:
        return _send(db, outgoing, due, claim, failed)
    finally:
        outgoing.in_flight.end(threading.get_ident())


def _send(
    db: Database, outgoing: Outgoing, due: Due, claim: Claim, failed: Callable[[Due, Exception], None]
) -> Due | None:
    step: Ready | Due | None = due
    while isinstance(step, Ready) or (step and step.kind == KIND):
        row = step.due if isinstance(step, Ready) else step
        known = _post(outgoing, step) if isinstance(step, Ready) else step
        try:
            step = _record(db, outgoing, known, claim)
        except Exception as error:  # noqa: BLE001  # whatever it is, its row is put back
            failed(row, error)
            return None
    return step


def _record(db: Database, outgoing: Outgoing, known: Posted | Due, claim: Claim) -> Ready | Due | None:
    """Settle a text that was posted, or compose the one of a row. On SQLite, also claim and compose the next one.

    If the database fails, a text that was posted is settled once more, by itself: its gateway has it already, and a
    text to a service that is not settled is sent again.
    """
    lane = threading.get_ident()
    try:
        return outgoing.together.write(db, lambda tx: _recorded(outgoing, tx, known, claim, lane))
    except Unavailable:
        if not isinstance(known, Posted):
            raise
    with db.write() as tx:
        return _recorded(outgoing, tx, known, claim_nothing, lane)


def _recorded(outgoing: Outgoing, tx: Tx, known: Posted | Due, claim: Claim, lane: int) -> Ready | Due | None:
    """Do the part of one lane: it may run in the thread of another one."""
    if isinstance(known, Posted):
        _settle(outgoing, tx, known)
    elif ready := _compose(outgoing, tx, known, lane):
        return ready
    return _next(outgoing, tx, claim, lane) if tx.dialect.name == "sqlite" else None


def _next(outgoing: Outgoing, tx: Tx, claim: Claim, lane: int) -> Ready | Due | None:
    """Claim rows until a text can go, while the transaction has time.

    A row that fails is returned as it was claimed, so that it fails in a transaction of its own.
    """
    while due := claim(tx):
        if due.kind != KIND:
            return due
        try:
            with tx.begin_nested():
                ready = _compose(outgoing, tx, due, lane)
        except Exception:  # whatever it is, it is raised again when the row is done by itself
            if not is_open(tx):
                raise
            return due
        if ready or not tx.has_time():
            return ready
    return None


def _post(outgoing: Outgoing, ready: Ready) -> Posted:
    """Pass a text to its gateway."""
    letter = ready.letter
    try:
        known = letter.way.route.sender.send(letter.to, letter.text.reveal(), ready.message.id, letter.way.code)
        return Posted(ready, known, None)
    except SendFailed as failure:
        error = failure
    except Exception as odd:  # noqa: BLE001  # nobody knows whether it has gone, and an endless job would repeat it
        error = SendFailed(type(odd).__name__, retry=False, unknown=True)
    outgoing.ctx.log("send_failed", error.reason.replace(" ", "_"))
    return Posted(ready, "", error)


def _settle(outgoing: Outgoing, tx: Tx, posted: Posted) -> None:
    """Settle a text after the gateway's answer. Raise `LostLease` if another worker has its row."""
    message, way, again = posted.ready.message, posted.ready.letter.way, None
    if posted.error is None:
        outgoing.settle(tx, message, way.route, posted.gateway_id)
    else:
        again = outgoing.fail(tx, message, way, posted.error, message.attempts + 1)
    finish_leased(tx, posted.ready.due, again)


def _compose(outgoing: Outgoing, tx: Tx, due: Due, lane: int) -> Ready | None:
    """Return a text that goes now, with its words. Else finish the row, or put it back, and return None."""
    message, letter = outgoing.settled(tx, due.ref), None
    may_have_gone = message is not None and outgoing.may_have_gone(message)
    address = outgoing.address_of(tx, message) if message and message.genuine else NOWHERE
    if message and address.way and not may_have_gone and not outgoing.in_flight.begin(lane, address.way.route.name):
        wait_for_channel(tx, due, address.way.route.name)
        return None
    if message and address.way and message.state is not Delivery.SENDING:
        channel = address.way.route.channel
        if until := channel_states.take_turn(tx, channel.name, channel.rate, urgent=due.queue is Queue.URGENT):
            finish_leased(tx, due, until)  # put back, so that this worker goes on with other channels
            return None
    if message and may_have_gone:
        texts_out.advance(tx, message.id, Delivery.SENT)  # a worker died sending it: a second text could harm
    elif message and texts_out.begin(tx, message.id):
        composed = outgoing.compose(tx, message, address)
        if isinstance(composed, Unsent):
            outgoing.unsent(tx, message, composed)
        else:
            letter = composed
    if message is None or letter is None:
        finish_leased(tx, due)
        return None
    return Ready(due, message, letter)
