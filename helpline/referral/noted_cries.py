"""Count the cries of a telephone, and have coordinators alerted to them (R12). Neither needs a key."""

from dataclasses import replace
from datetime import timedelta

from helpline.core.jobs import Queue
from helpline.request import cries
from helpline.request.cries import Cries
from helpline.store import outbox
from helpline.store.engine import Tx

DIALOGUES_A_DAY = 3
"""So many dialogues in danger a telephone may begin in a day. After that coordinators are alerted instead."""
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ONE, DIGEST = "cry", "cries"


def may_begin_dialogue(tx: Tx, caller: bytes) -> bool:
    """Count a dialogue in danger of a telephone. Return False if it has had its share of today."""
    known = cries.of_caller(tx, caller)
    if known.since + DAY <= tx.now:
        known = replace(known, since=tx.now, dialogues=0)
    if known.dialogues >= DIALOGUES_A_DAY:
        return False
    put(tx, replace(known, dialogues=known.dialogues + 1))
    return True


def note(tx: Tx, caller: bytes, *, at_once: bool = False) -> None:
    """Count a cry of a telephone, and have coordinators alerted: `at_once`, or at most hourly."""
    known = cries.of_caller(tx, caller)
    put(tx, replace(known, texts=known.texts + 1, told=None if at_once else known.told))
    outbox.wake(tx, ONE, known.id, tx.now, Queue.URGENT)


def put(tx: Tx, known: Cries) -> None:
    """Store the cries of a telephone until a day after the last."""
    cries.put(tx, known, max(known.since, known.told or known.since, tx.now) + DAY)
