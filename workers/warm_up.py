"""Compile the statements that most jobs run, before a worker forks: otherwise each child compiles them again.

Everything is asked for ids that do not exist, or is undone with its transaction.
"""

from helpline.caller import blocks, conversations
from helpline.caller.conversations import Dialogue
from helpline.core.jobs import Job, Queue
from helpline.core.ports import Delivery
from helpline.request import requests, sealed_numbers
from helpline.staff import contacts, lost_phones
from helpline.store import arrivals, channel_states, exclusive, outbox, texts_out
from helpline.store.engine import Database, Tx
from helpline.store.outbox import Due

NOBODY = ""


def warm_up(db: Database) -> None:
    """Run the statements of the jobs once, and undo them."""
    with db.read() as tx:
        outbox.jobs_due(tx)
    with db.write() as tx:
        for job in Job:
            outbox.claim(tx, job)
        _read_a_text(tx)
        _send_a_text(tx)
        outbox.finish(tx, Due(0, NOBODY, NOBODY, 0, Queue.DEFAULT))
        with tx.begin_nested():  # several texts are read in one transaction
            pass
        tx.rollback()


def _read_a_text(tx: Tx) -> None:
    arrivals.get(tx, NOBODY)
    contacts.by_phone(tx, NOBODY)
    lost_phones.is_lost(tx, NOBODY)
    arrivals.close(tx, NOBODY)
    blocks.marks(tx)
    exclusive.telephone(tx, b"")
    sealed_numbers.without_line(tx, b"")
    conversations.dialogue_of(tx, b"")
    requests.of_session(tx, NOBODY)
    texts_out.void_of_dialogue(tx, NOBODY)
    conversations.put_dialogue(tx, b"", Dialogue(NOBODY, NOBODY, NOBODY, (), 0), tx.now)
    texts_out.add(tx, "caller", NOBODY, NOBODY, NOBODY, values={})


def _send_a_text(tx: Tx) -> None:
    arrivals.unread_stops(tx)
    arrivals.unread_stops(tx, b"")
    texts_out.about(tx, NOBODY)
    texts_out.get(tx, NOBODY)
    texts_out.begin(tx, NOBODY)
    texts_out.advance(tx, NOBODY, Delivery.SENT, NOBODY, NOBODY)
    channel_states.note_success(tx, NOBODY)
    texts_out.by_gateway_id(tx, NOBODY)
    for state in (Delivery.SENT, Delivery.DELIVERED):
        texts_out.advance(tx, NOBODY, state)
