"""Send one text: compose it in one transaction, send it outside of any, settle it in another."""

from helpline.core.jobs import Queue
from helpline.core.ports import Delivery, SendFailed
from helpline.messaging.outgoing import NOWHERE, Letter, Outgoing, Unsent
from helpline.store import channel_states, texts_out
from helpline.store.engine import Database
from helpline.store.outbox import Due, finish_leased
from helpline.store.texts_out import Message


def send(db: Database, outgoing: Outgoing, due: Due) -> None:
    """Send the text of a row, if it is still true and allowed. Raise `LostLease` if another worker has the row."""
    ready = _compose(db, outgoing, due)
    if ready is None:
        return
    message, letter = ready
    route = letter.way.route
    try:
        gateway_id, error = route.sender.send(letter.to, letter.text.reveal(), message.id, letter.way.code), None
    except SendFailed as failure:
        gateway_id, error = "", failure
    except Exception as odd:  # noqa: BLE001  # nobody knows whether it has gone, and an endless job would repeat it
        gateway_id, error = "", SendFailed(type(odd).__name__, retry=False, unknown=True)
    if error is not None:
        outgoing.ctx.log("send_failed", error.reason.replace(" ", "_"))
    with db.write() as tx:
        again = None
        if error is None:
            outgoing.settle(tx, message, route, gateway_id)
        else:
            again = outgoing.fail(tx, message, letter.way, error, message.attempts + 1)
        finish_leased(tx, due, again)


def _compose(db: Database, outgoing: Outgoing, due: Due) -> tuple[Message, Letter] | None:
    """Return a text that goes now, with its words. Else finish the row and return None."""
    with db.write() as tx:
        message, letter = outgoing.settled(tx, due.ref), None
        may_have_gone = message is not None and outgoing.may_have_gone(message)
        address = outgoing.address_of(tx, message) if message and message.genuine else NOWHERE
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
        return message, letter
