"""Sending one text: compose it in one transaction, send it outside of any, settle it in another."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from helpline.core.ports import Delivery, SendFailed
from helpline.messaging.outgoing import Letter, Outgoing
from helpline.referral import ending
from helpline.store import texts_out
from helpline.store.engine import Database
from helpline.store.outbox import Due, finish_leased
from helpline.store.texts_out import Message


@dataclass(frozen=True, slots=True)
class Sending:
    """Its fields are all it needs; its method is all it does. Raises `LostLease`."""

    db: Database
    outgoing: Outgoing
    now: Callable[[], datetime]
    log: Callable[[str, str], None]

    def send(self, due: Due) -> None:
        """Send the text of a row, if it is still true and allowed."""
        ready = self._compose(due)
        if ready is None:
            return
        message, letter = ready
        try:
            gateway_id, error = self.outgoing.sender.send(letter.to, letter.text.reveal()), None
        except SendFailed as failure:
            gateway_id, error = "", failure
            self.log("send_failed", failure.reason.replace(" ", "_"))
        with self.db.write() as tx:
            again = None
            if error is None:
                self.outgoing.settle(tx, message, gateway_id)
            else:
                again = self.outgoing.fail(tx, message, error, due.attempt)
            finish_leased(tx, due, again)

    def _compose(self, due: Due) -> tuple[Message, Letter] | None:
        """Make the words of a text that goes now; None where it does not, and then its row is done.

        A text with a number that was taken back before anybody tried to send it frees the window that it was for. Once
        it was tried it counts as sent: what a gateway made of it stands nowhere any more, and she may be rung (R11).
        """
        with self.db.write() as tx:
            message = texts_out.get(tx, due.ref)
            letter = None
            if message and message.to == "caller" and message.state is Delivery.SENDING:
                texts_out.advance(tx, message.id, Delivery.SENT)  # a worker died sending it; a second buzz can hurt
            elif message and texts_out.begin(tx, message.id):
                letter = self.outgoing.compose(tx, message)
                if letter is None:
                    self.outgoing.unsent(tx, message)
            elif message and message.state is Delivery.VOID and not message.attempts:
                ending.not_shown(tx, message)  # whoever took it back may not see which text held a number
            if message is None or letter is None:
                finish_leased(tx, due)
                return None
            return message, letter
