"""What a desk asks for itself: its list, a text once more, the menu of a code, a pause, who is on duty, help."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from zoneinfo import ZoneInfo

from helpline.casework.claims import Claims
from helpline.core.call_windows import instant
from helpline.matching import candidates
from helpline.referral import ending
from helpline.referral.referral import Referral
from helpline.request import offers, requests
from helpline.request.model import State
from helpline.request.offers import Offered, OfferState
from helpline.staff import contacts
from helpline.staff.contacts import Contact
from helpline.store import outbox
from helpline.store.engine import Tx

MOST_DAYS = 14
"""So long may a desk be full; then somebody must say so again."""
OPENS = time(8)
"""When a pause ends, on the clock of the country."""
MENUS: Mapping[OfferState, tuple[str, ...]] = {
    OfferState.OPEN: ("to_ngo.menu_open",),
    OfferState.CLAIMED: ("to_ngo.menu_claimed", "to_ngo.menu_more"),
    OfferState.FOLLOWED: ("to_ngo.menu_reached",),
    OfferState.CALLED: ("to_ngo.menu_called",),
}


@dataclass(frozen=True, slots=True)
class Desk:
    """Its field is all it needs; its methods are all it does."""

    claims: Claims

    @property
    def referral(self) -> Referral:
        """Give what moves requests on."""
        return self.claims.referral

    def held(self, tx: Tx, who: Contact) -> dict[str, Offered]:
        """Give all whose code means something to a contact, by these codes, the oldest first."""
        return {self.referral.words.offer_code(each.id, each.draws): each for each in offers.held(tx, who.desk)}

    def list_all(self, tx: Tx, who: Contact) -> None:
        """Answer with every code, what to do about it and when. The words are made when they are sent."""
        held = self.held(tx, who)
        self.claims.answer(tx, who, "to_ngo.list" if held else "to_ngo.none", "", desk=who.desk)

    def again(self, tx: Tx, who: Contact, code: str) -> None:
        """Send the last text about a request once more: the offer, the card, or what comes next."""
        offer = self.held(tx, who).get(code)
        if offer is None:
            return self.claims.wrong_code(tx, who, code)
        if offer.state is OfferState.CLAIMED:
            return ending.tell_card(tx, offer, who)
        notice = {OfferState.OPEN: "to_ngo.offer", OfferState.CALLED: self._called(tx, offer)}
        return ending.tell_service(tx, offer, notice.get(offer.state, "to_ngo.menu_reached"), who)

    def _called(self, tx: Tx, offer: Offered) -> str:
        request = requests.get(tx, offer.request)
        return "to_ngo.frozen" if request and request.state is State.FROZEN else "to_ngo.stranded"

    def menu(self, tx: Tx, who: Contact, code: str) -> None:
        """Answer a code that stands alone with the digits that it may be followed by."""
        offer = self.held(tx, who).get(code)
        if offer is None:
            return self.claims.wrong_code(tx, who, code)
        frozen = offer.state is OfferState.CALLED and self._called(tx, offer) == "to_ngo.frozen"
        for notice in ("to_ngo.frozen",) if frozen else MENUS[offer.state]:
            ending.tell_service(tx, offer, notice, who)
        return None

    def help(self, tx: Tx, who: Contact) -> None:
        """Say how to get a menu, and the words that need no code."""
        self.claims.answer(tx, who, "to_ngo.help", "")
        self.claims.answer(tx, who, "to_ngo.help_more", "")

    def full(self, tx: Tx, who: Contact, days: str) -> None:
        """Let nothing more be asked of this desk for so many days, until the next morning where none are said.

        What it was asked and has not answered goes on to the next.
        """
        if who.kind != "service":
            return self.claims.answer(tx, who, "to_ngo.help", "")
        if days and not int(days):
            return self.open(tx, who)
        zone = ZoneInfo(self.referral.country.zone)
        last = tx.now.astimezone(zone).date() + timedelta(days=min(int(days or 1), MOST_DAYS))
        until = instant(last, OPENS, zone)
        candidates.set_full(tx, who.desk, until)
        for offer in offers.live_of_service(tx, who.desk):
            if offer.state is OfferState.OPEN:
                self.referral.on_to_the_next(tx, offer, OfferState.PASSED)
        outbox.wake(tx, "waitlist", who.desk, tx.now)
        there = until.astimezone(zone)
        return self.claims.answer(tx, who, "to_ngo.full", "", **{"day": f"{there:%d.%m}", "from": f"{there:%H:%M}"})

    def open(self, tx: Tx, who: Contact) -> None:
        """End the pause of this desk."""
        if who.kind != "service":
            return self.claims.answer(tx, who, "to_ngo.help", "")
        candidates.set_full(tx, who.desk, None)
        outbox.wake(tx, "waitlist", who.desk, tx.now)
        return self.claims.answer(tx, who, "to_ngo.opened", "")

    def duty_on(self, tx: Tx, who: Contact) -> None:
        """Let this phone get the texts of its service, which the others are told; a coordinator is first in turn."""
        others = self._others(tx, who)
        contacts.put_on_duty(tx, who.id, [each.id for each in others])
        self.claims.answer(tx, who, "to_ngo.duty_on", "")
        for each in others:
            if each.on_duty and who.kind == "service":
                self.claims.answer(tx, each, "to_ngo.duty_other", "")

    def duty_off(self, tx: Tx, who: Contact) -> None:
        """Hand the texts to the other phone, which is told; refused where there is none."""
        others = self._others(tx, who)
        if not others:
            return self.claims.answer(tx, who, "to_ngo.duty_alone", "")
        if who.on_duty:
            contacts.put_on_duty(tx, others[0].id, [who.id])
            self.claims.answer(tx, others[0], "to_ngo.duty_on", "")
        return self.claims.answer(tx, who, "to_ngo.duty_off", "")

    def _others(self, tx: Tx, who: Contact) -> list[Contact]:
        country = self.referral.country.code
        colleagues = contacts.of_service(tx, who.desk) or contacts.of_kind(tx, "coordinator", country)
        return [each for each in colleagues if each.id != who.id]
