"""Store what comes in for a worker: a text, a stop, a delivery receipt. Each is stored once, sealed.

The public process cannot open what it has sealed. Before it seals a text it sorts it by its words, so that workers read
stops and danger first, however many other texts wait. Only the category is stored beside the sealed text.
"""

from datetime import datetime

from helpline.caller.caller_context import CallerContext
from helpline.core.jobs import Queue
from helpline.core.phone_numbers import Hidden, Msisdn
from helpline.request import requests
from helpline.store import arrivals, outbox
from helpline.store.arrivals import Source
from helpline.store.engine import Tx
from helpline.store.sql import new_id
from menus.keywords import Category


def pause(ctx: CallerContext, source: str, caller: Msisdn) -> None:
    """Store *do not call me*: a worker pauses all open requests of this telephone, once for each `source` (R48)."""
    id = new_id()
    sealed = ctx.sealing.seal(id, caller)
    with ctx.db.write() as tx:
        if arrivals.add_stop(tx.at(_after_all_requests(tx)), id, source, sealed):
            outbox.wake(tx, "stop", id, tx.now)


def receive(ctx: CallerContext, source: Source, sender: Msisdn, text: Hidden, category: Category) -> None:
    """Store a text sealed, for a worker to read. The same gateway id again changes nothing."""
    id = new_id()
    sealed = ctx.sealing.seal(id, Hidden(f"{sender.reveal()}\n{text.reveal()}"))

    def store(tx: Tx) -> None:
        if arrivals.add_text(tx.at(_after_all_requests(tx)), id, source, sealed, category):
            queue = Queue.URGENT if category in (Category.STOP, Category.DANGER) else Queue.DEFAULT
            outbox.wake(tx, "order" if category is Category.ORDER else "sms", id, tx.now, queue)

    ctx.together.write(ctx.db.behind_hops(), store)


def guessing(ctx: CallerContext) -> None:
    """Make a worker raise the alarm that somebody guesses codes (R49)."""
    with ctx.db.write() as tx:
        outbox.wake(tx, "guessing", "codes", tx.now)


def receipt(ctx: CallerContext, gateway_id: str, status: str) -> None:
    """Store a delivery receipt, for a worker to match: it may come before our own commit."""
    id = new_id()

    def store(tx: Tx) -> None:
        if arrivals.add_receipt(tx, id, gateway_id, status):
            outbox.wake(tx, "receipt", id, tx.now)

    ctx.together.write(ctx.db.behind_hops(), store)


def _after_all_requests(tx: Tx) -> datetime:
    """Return the time of an arrival: after every request that exists, even if the clock was set back since (R48)."""
    return max(tx.now, requests.newest(tx) or tx.now)
