"""An SMS that came in. A worker reads it once: a caller continues their dialogue, staff give an order."""

from dataclasses import dataclass

from helpline.caller.sms_dialogue import SmsDialogue
from helpline.casework.sms_orders import Orders
from helpline.core.phone_numbers import Hidden, Msisdn, is_possible, msisdn
from helpline.keys.sealing import Opening
from helpline.staff import contacts, lost_phones
from helpline.store import arrivals, exclusive, outbox
from helpline.store.arrivals import Arrived
from helpline.store.engine import Tx
from menus.keywords import Category


@dataclass(frozen=True, slots=True)
class Inbound:
    """Opens the texts that came in and passes each to the part that answers it."""

    opening: Opening
    dialogue: SmsDialogue
    orders: Orders

    def read(self, tx: Tx, arrived: Arrived) -> None:
        """Read one text and do what it says, once. Raise `CannotOpen` if it was sealed for somebody else.

        A lost work telephone is not answered: somebody else may have it.

        A caller's text that looks like an order ("1") waits for the older texts of callers, unless their dialogue is
        open: it may answer a question that they have not been asked yet.
        """
        if arrived.sealed is None:
            return
        sender, _, text = self.opening.open(arrived.id, arrived.sealed).reveal().partition("\n")
        contact = contacts.by_phone(tx, sender)
        if contact is None and lost_phones.is_lost(tx, sender):
            arrivals.close(tx, arrived.id)
            return
        if contact is None:
            caller = self.dialogue.hashing.caller(msisdn(sender))
            exclusive.telephone(tx, caller)  # before its row, as all code does that applies a stop
            if arrived.category is Category.DANGER:
                self.dialogue.stops.settle_telephone(tx, caller)  # while this is unread: a later stop then silences it
        if contact is None and arrived.category is Category.ORDER and not self.dialogue.is_open(tx, msisdn(sender)):
            arrivals.demote(tx, arrived.id)
            outbox.wake(tx, "sms", arrived.id, arrived.at)
        elif not arrivals.close(tx, arrived.id):
            return
        elif contact is None:
            self._caller(tx, msisdn(sender), Hidden(text), arrived)
        else:
            self.orders.obey(tx, contact, text)

    def _caller(self, tx: Tx, number: Msisdn, text: Hidden, arrived: Arrived) -> None:
        """Pass on the text of a caller. The log says which channel brings senders that are no telephones."""
        if not is_possible(number, self.dialogue.ctx.made_up):
            self.orders.ctx.log("text_from_no_telephone", arrived.channel)
        self.dialogue.read(tx, number, text, arrived)
