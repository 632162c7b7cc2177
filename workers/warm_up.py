"""Compile the statements that most jobs run, before a worker forks: otherwise each child compiles them again.

Everything is asked for ids that do not exist, or is undone with its transaction.
"""

from collections.abc import Callable
from functools import partial

from helpline.caller import blocks, conversations
from helpline.caller.conversations import Dialogue
from helpline.core.jobs import Job, Queue
from helpline.core.ports import Delivery
from helpline.request import requests, sealed_numbers
from helpline.staff import contacts, lost_phones
from helpline.store import arrivals, backlogs, channel_states, exclusive, outbox, texts_out
from helpline.store.engine import Database, Tx
from helpline.store.outbox import Due

NOBODY = ""
Act = Callable[[Tx], object]
READ_A_TEXT: tuple[Act, ...] = (
    lambda tx: arrivals.get(tx, NOBODY),
    lambda tx: contacts.by_phone(tx, NOBODY),
    lambda tx: lost_phones.is_lost(tx, NOBODY),
    lambda tx: arrivals.close(tx, NOBODY),
    blocks.marks,
    lambda tx: exclusive.telephone(tx, b""),
    lambda tx: sealed_numbers.without_line(tx, b""),
    lambda tx: conversations.dialogue_of(tx, b""),
    lambda tx: requests.of_session(tx, NOBODY),
    lambda tx: texts_out.void_of_dialogue(tx, NOBODY),
    lambda tx: conversations.put_dialogue(tx, b"", Dialogue(NOBODY, NOBODY, NOBODY, (), 0), tx.now),
    lambda tx: texts_out.add(tx, "caller", NOBODY, NOBODY, NOBODY, values={}),
)
SEND_A_TEXT: tuple[Act, ...] = (
    arrivals.unread_stops,
    lambda tx: arrivals.unread_stops(tx, b""),
    lambda tx: texts_out.about(tx, NOBODY),
    lambda tx: texts_out.get(tx, NOBODY),
    lambda tx: texts_out.begin(tx, NOBODY),
    lambda tx: texts_out.advance(tx, NOBODY, Delivery.SENT, NOBODY, NOBODY),
    lambda tx: channel_states.note_success(tx, NOBODY),
    lambda tx: texts_out.by_gateway_id(tx, NOBODY),
    lambda tx: texts_out.advance(tx, NOBODY, Delivery.SENT),
    lambda tx: texts_out.advance(tx, NOBODY, Delivery.DELIVERED),
    lambda tx: outbox.finish(tx, Due(0, NOBODY, NOBODY, 0, Queue.DEFAULT)),
)


def warm_up(db: Database) -> None:
    """Run the statements of the jobs once, and undo them.

    Each has a transaction of its own: on a busy machine it takes seconds to compile all of them, and on SQLite a
    caller's hop waits for whoever writes.
    """
    with db.read() as tx:
        backlogs.jobs_due(tx)
    claims: list[Act] = [partial(outbox.claim, job=job) for job in Job]
    for act in (*claims, *READ_A_TEXT, *SEND_A_TEXT, _savepoint):
        with db.write() as tx:
            act(tx)
            tx.rollback()


def _savepoint(tx: Tx) -> None:
    """Do as if several texts were read in one transaction."""
    with tx.begin_nested():
        pass
