"""What a desk asks for itself: its list, a text once more, the menu of a code, a pause, who is on duty, help."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection

from helpline.casework.claims import Claims
from helpline.core.call_windows import instant
from helpline.directory.service import Contact
from helpline.matching import candidates
from helpline.referral import ending
from helpline.referral.referral import Referral
from helpline.request import offers, requests
from helpline.request.model import State
from helpline.request.offers import Offered, OfferState
from helpline.staff import contacts
from helpline.store import outbox

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

    def held(self, tx: Connection, who: Contact) -> dict[str, Offered]:
        """Give all whose code means something to a contact, by these codes, the oldest first."""
        return {self.referral.words.offer_code(each.id, each.draws): each for each in offers.held(tx, who.desk)}

    def list_all(self, tx: Connection, who: Contact, now: datetime) -> None:
        """Answer with every code, what to do about it and when. The words are made when they are sent."""
        held = self.held(tx, who)
        self.claims.answer(tx, who, "to_ngo.list" if held else "to_ngo.none", "", now, desk=who.desk)

    def again(self, tx: Connection, who: Contact, code: str, now: datetime) -> None:
        """Send the last text about a request once more: the offer, the card, or what comes next."""
        offer = self.held(tx, who).get(code)
        if offer is None:
            return self.claims.wrong_code(tx, who, code, now)
        if offer.state is OfferState.CLAIMED:
            return ending.tell_card(tx, offer, now, who)
        notice = {OfferState.OPEN: "to_ngo.offer", OfferState.CALLED: self._called(tx, offer)}
        return ending.tell_service(tx, offer, notice.get(offer.state, "to_ngo.menu_reached"), now, who)

    def _called(self, tx: Connection, offer: Offered) -> str:
        request = requests.get(tx, offer.request)
        return "to_ngo.frozen" if request and request.state is State.FROZEN else "to_ngo.stranded"

    def menu(self, tx: Connection, who: Contact, code: str, now: datetime) -> None:
        """Answer a code that stands alone with the digits that it may be followed by."""
        offer = self.held(tx, who).get(code)
        if offer is None:
            return self.claims.wrong_code(tx, who, code, now)
        frozen = offer.state is OfferState.CALLED and self._called(tx, offer) == "to_ngo.frozen"
        for notice in ("to_ngo.frozen",) if frozen else MENUS[offer.state]:
            ending.tell_service(tx, offer, notice, now, who)
        return None

    def help(self, tx: Connection, who: Contact, now: datetime) -> None:
        """Say how to get a menu, and the words that need no code."""
        self.claims.answer(tx, who, "to_ngo.help", "", now)
        self.claims.answer(tx, who, "to_ngo.help_more", "", now)

    def full(self, tx: Connection, who: Contact, days: str, now: datetime) -> None:
        """Let nothing more be asked of this desk for so many days, until the next morning where none are said.

        What it was asked and has not answered goes on to the next.
        """
        if who.kind != "service":
            return self.claims.answer(tx, who, "to_ngo.help", "", now)
        if days and not int(days):
            return self.open(tx, who, now)
        zone = ZoneInfo(self.referral.country.zone)
        last = now.astimezone(zone).date() + timedelta(days=min(int(days or 1), MOST_DAYS))
        until = instant(last, OPENS, zone)
        candidates.set_full(tx, who.desk, until)
        for offer in offers.live_of_service(tx, who.desk):
            if offer.state is OfferState.OPEN:
                self.referral.on_to_the_next(tx, offer, OfferState.PASSED, now)
        outbox.wake(tx, "waitlist", who.desk, now)
        there = until.astimezone(zone)
        return self.claims.answer(
            tx, who, "to_ngo.full", "", now, **{"day": f"{there:%d.%m}", "from": f"{there:%H:%M}"}
        )

    def open(self, tx: Connection, who: Contact, now: datetime) -> None:
        """End the pause of this desk."""
        if who.kind != "service":
            return self.claims.answer(tx, who, "to_ngo.help", "", now)
        candidates.set_full(tx, who.desk, None)
        outbox.wake(tx, "waitlist", who.desk, now)
        return self.claims.answer(tx, who, "to_ngo.opened", "", now)

    def duty_on(self, tx: Connection, who: Contact, now: datetime) -> None:
        """Let this phone get the texts of its service, which the others are told; a coordinator is first in turn."""
        others = self._others(tx, who)
        contacts.put_on_duty(tx, who.id, [each.id for each in others])
        self.claims.answer(tx, who, "to_ngo.duty_on", "", now)
        for each in others:
            if each.on_duty and who.kind == "service":
                self.claims.answer(tx, each, "to_ngo.duty_other", "", now)

    def duty_off(self, tx: Connection, who: Contact, now: datetime) -> None:
        """Hand the texts to the other phone, which is told; refused where there is none."""
        others = self._others(tx, who)
        if not others:
            return self.claims.answer(tx, who, "to_ngo.duty_alone", "", now)
        if who.on_duty:
            contacts.put_on_duty(tx, others[0].id, [who.id])
            self.claims.answer(tx, others[0], "to_ngo.duty_on", "", now)
        return self.claims.answer(tx, who, "to_ngo.duty_off", "", now)

    def _others(self, tx: Connection, who: Contact) -> list[Contact]:
        country = self.referral.country.code
        colleagues = contacts.phones(tx, who.desk) or contacts.of_kind(tx, "coordinator", country)
        return [each for each in colleagues if each.id != who.id]
