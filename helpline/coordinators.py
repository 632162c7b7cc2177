"""The coordinators' side: called in turn where nobody is left to ask, and two together where a slip froze a line.

Each method runs inside one transaction, may run twice, and sends nothing itself: texts are rows of the outbox. A
coordinator answers by five digits of her own; what she has taken she holds as a service does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from helpline import duty, ending, mine, patience
from helpline.attending import Attending
from helpline.claims import Claims
from helpline.directory import Contact
from helpline.referral import Referral
from helpline.request import CallbackRequest, State
from helpline.store import assents, audits, calls, freezes, messages, numbers, offers, outbox, people, requests
from helpline.store.offers import Offered, OfferState
from helpline.store.rows import new_id

LIFT = "lift"
TWO = 2
"""So many coordinators lift what froze a line, each within a day of the other (R8)."""
TOGETHER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Coordinators:
    """Its field is all it needs; its methods are all it does."""

    claims: Claims

    @property
    def referral(self) -> Referral:
        """Give what moves requests on."""
        return self.claims.referral

    def page(self, tx: Connection, id: str, turn: int, now: datetime) -> datetime | None:
        """Call the next coordinator about a stranded request; give when to call again, None where that is over.

        Each round waits twice as long as the one before, up to six hours: again and again, but read. Where by now a
        service could be asked that was not, it is asked instead.
        """
        self.referral.lines.settle(tx, now)
        request, line = requests.get(tx, id), numbers.line_of(tx, id)
        if request is None or line is None or request.state is not State.STRANDED:
            return None
        if Attending(self.referral).untried(tx, request, now):
            mine.resume(tx, request, now, now)
            return None
        who = duty.in_turn(tx, self.referral.country.code)
        if not who:
            self.referral.log("no_coordinator", id)
        elif not offers.line_is_taken(tx, line):  # nobody could take it now: one at a time a line (R27)
            self._call(tx, request, line, whose_turn(who, calls.last_called(tx, id)), "to_ngo.stranded", now)
        return now + patience.between_rounds(self.referral.config, request.risk, (turn - 1) // max(len(who), 1))

    def called(self, tx: Connection, request: CallbackRequest, notice: str, now: datetime) -> None:
        """Call every coordinator about a line that was frozen, by one request of it."""
        line, who = numbers.line_of(tx, request.id), duty.in_turn(tx, self.referral.country.code)
        if line is None or not who:
            return self.referral.log("no_coordinator", request.id)
        for person in who:
            self._call(tx, request, line, person, notice, now)
        return None

    def frozen(self, tx: Connection, id: str, now: datetime) -> None:
        """Call every coordinator about a request that was frozen, while it is (R8)."""
        self.referral.lines.settle(tx, now)
        request = requests.get(tx, id)
        if request is not None and request.state is State.FROZEN:
            self.called(tx, request, "to_ngo.frozen", now)

    def anew(self, tx: Connection, line: str, now: datetime) -> bool:
        """Have coordinators called about each freeze of a line under new codes; false where nothing of it is frozen.

        Who agreed to lift it before counts no more, and a code from before opens nothing: it was about what was known
        then. Whoever has the words key draws the new ones.
        """
        frozen = [each.id for each in requests.of_line(tx, line, State.FROZEN)]
        for id in frozen:
            assents.clear(tx, LIFT, id)
            calls.void(tx, id, now)
        for id in freezes.of_line(tx, line) or frozen[-1:]:
            outbox.wake(tx, "frozen", id, now)
        return bool(frozen)

    def _call(
        self, tx: Connection, request: CallbackRequest, line: str, who: Contact, notice: str, now: datetime
    ) -> None:
        """Write to a coordinator with the five digits by which she can answer."""
        held = calls.of_request(tx, request.id, who.id)
        if held and held.line == line:
            calls.again(tx, held.id, now)
            return duty.tell(tx, who, notice, now, request=request.id, offer=held.id)
        id, draws = self.referral.new_code(tx, who.id)
        offers.add(tx, request.id, line, who.id, draws, now, id, OfferState.CALLED)
        return duty.tell(tx, who, notice, now, request=request.id, offer=id)

    def take(self, tx: Connection, who: Contact, code: str, now: datetime) -> None:
        """A coordinator takes a stranded request, the first to say so: she gets the card as a service does."""
        self.referral.lines.settle(tx, now)
        offer = self._find(tx, who, code, now)
        if offer is None:
            held = self.claims.find(tx, who, code)
            mine_already = held is not None and held.state is OfferState.CLAIMED
            return ending.tell_card(tx, held, now) if held and mine_already else self._wrong(tx, who, code, now)
        if self._is_frozen(tx, who, offer, now):
            return None
        if not self._takes(tx, offer, now):
            return self._answer(tx, who, "to_ngo.not_open", offer, now)
        self._took(tx, who, offer, now)
        return ending.tell_card(tx, offer, now)

    def take_here(self, tx: Connection, who: Contact, request: CallbackRequest, now: datetime) -> bool:
        """Take a stranded request at the console, called about it or not; false where it cannot be taken now.

        The console has no words key, so it cannot know whether the digits are free: whoever has it draws them and
        sends the card (`taken`).
        """
        line, held = numbers.line_of(tx, request.id), calls.of_request(tx, request.id, who.id)
        if line is None or offers.line_is_taken(tx, line):
            return False
        if held and held.line == line:
            calls.again(tx, id := held.id, now)
        else:
            offers.add(tx, request.id, line, who.id, 0, now, id := new_id(), OfferState.CALLED)
        offer = offers.get(tx, id)
        if offer is None or not self._takes(tx, offer, now):
            return False
        self._took(tx, who, offer, now)
        outbox.wake(tx, "taken", id, now)
        return True

    def taken(self, tx: Connection, id: str, now: datetime) -> None:
        """Give what was taken at the console digits that are no other's at this desk, and send its card."""
        offer = offers.get(tx, id)
        if offer is None or offer.state is not OfferState.CLAIMED:
            return
        offers.set_draws(tx, id, self.referral.free_draw(tx, offer.service, id, offer.draws))
        ending.tell_card(tx, offer, now)

    def _took(self, tx: Connection, who: Contact, offer: Offered, now: datetime) -> None:
        calls.void(tx, offer.request, now)
        outbox.drop(tx, "page", offer.request)
        outbox.wake(tx, "silent", offer.id, now)
        audits.append(tx, self.referral.audit_key, now, who.id, "claim", offer.request)

    def _takes(self, tx: Connection, offer: Offered, now: datetime) -> bool:
        """Move a request and the call about it; false where it is not stranded any more, or its line is held (R27)."""
        if numbers.line_of(tx, offer.request) != offer.line or offers.line_is_taken(tx, offer.line):
            return False
        if not offers.move(tx, offer.id, OfferState.CALLED, OfferState.CLAIMED, now):
            return False
        if requests.move(tx, offer.request, State.STRANDED, State.CLAIMED, now):
            return True
        offers.move(tx, offer.id, OfferState.CLAIMED, OfferState.VOID, now)
        return False

    def let_pass(self, tx: Connection, who: Contact, code: str, now: datetime) -> None:
        """A coordinator says no: whoever was not called yet is called at once; else the next round keeps its time."""
        offer = self._find(tx, who, code, now)
        if offer is not None and self._is_frozen(tx, who, offer, now):
            return None
        if offer is None or not offers.move(tx, offer.id, OfferState.CALLED, OfferState.PASSED, now):
            return self._wrong(tx, who, code, now)
        request, before = requests.get(tx, offer.request), calls.last_called(tx, offer.request)
        fresh = any(each.id not in before for each in duty.in_turn(tx, self.referral.country.code))
        if fresh and request and request.state is State.STRANDED:
            outbox.wake(tx, "page", offer.request, now)
        return self._answer(tx, who, "to_ngo.next_person", offer, now)

    def lift(self, tx: Connection, who: Contact, code: str, now: datetime) -> None:
        """A coordinator says that a slip froze a line: by the second who says so its requests wait again (R8).

        A freeze that came before or after it stands until two have lifted that one too: she is told of it, by its code.
        """
        self.referral.lines.settle(tx, now)
        offer = self._find(tx, who, code, now)
        if offer is None:
            return self._wrong(tx, who, code, now)
        request = requests.get(tx, offer.request)
        if request is None or request.state is not State.FROZEN:
            return self._answer(tx, who, "to_ngo.not_open", offer, now)
        if not self._agree(tx, who, offer.request, now):
            return self._answer(tx, who, "to_ngo.lift_more", offer, now)
        still = self._still(tx, offer.line, now)
        if standing := requests.get(tx, still[0]) if still else None:
            return self._call(tx, standing, offer.line, who, "to_ngo.frozen", now)
        self._thaw(tx, who, offer.request, offer.line, now)
        return self._answer(tx, who, "to_ngo.lifted", offer, now)

    def lift_here(self, tx: Connection, who: Contact, request: str, now: datetime) -> bool:
        """Say so at the console, of a frozen request; true where nothing of its line is frozen any more."""
        line, enough = numbers.line_of(tx, request), self._agree(tx, who, request, now)
        if line is None or not enough or self._still(tx, line, now):
            return False
        self._thaw(tx, who, request, line, now)
        return True

    def _agree(self, tx: Connection, who: Contact, request: str, now: datetime) -> bool:
        assents.give(tx, LIFT, request, who.id, now)
        audits.append(tx, self.referral.audit_key, now, who.id, LIFT, request)
        return self._is_lifted(tx, request, now)

    def _still(self, tx: Connection, line: str, now: datetime) -> list[str]:
        """Give the freezes of a line that two have not lifted."""
        return [id for id in freezes.of_line(tx, line) if not self._is_lifted(tx, id, now)]

    def _is_lifted(self, tx: Connection, request: str, now: datetime) -> bool:
        return len(self.agreed(tx, request, now)) >= TWO

    def agreed(self, tx: Connection, request: str, now: datetime) -> list[str]:
        """Give which coordinators say that a slip froze a request: people, whether by telephone or account.

        Who is not in the directory any more, and whose account was disabled, counts no more.
        """
        there = {each.id for each in duty.in_turn(tx, self.referral.country.code)}
        said = assents.given(tx, LIFT, request, now - TOGETHER)
        return [each for each in said if each in there]

    def _is_frozen(self, tx: Connection, who: Contact, offer: Offered, now: datetime) -> bool:
        """Tell whether a call is about a frozen request, and say so again: nothing but LIFT answers it (R8)."""
        request = requests.get(tx, offer.request)
        if request is None or request.state is not State.FROZEN:
            return False
        duty.tell(tx, who, "to_ngo.frozen", now, request=request.id, offer=offer.id)
        return True

    def _thaw(self, tx: Connection, who: Contact, id: str, line: str, now: datetime) -> None:
        """Set a line going. One request of it is audited: several would show what belongs together (R27)."""
        audits.append(tx, self.referral.audit_key, now, who.id, "lifted", id)
        freezes.lift(tx, line)
        for request in requests.of_line(tx, line, State.FROZEN):
            assents.clear(tx, LIFT, request.id)
            mine.resume(tx, request, now, now)

    def _find(self, tx: Connection, who: Contact, code: str, now: datetime) -> Offered | None:
        """Find what this coordinator was called about by the five digits: nobody else's open it, nor a guesser's.

        Nor hers who was taken out since.
        """
        if people.is_out(tx, who.id) or self.claims.guesses(tx, who, now):
            return None
        called = calls.of_person(tx, who.id)
        return next((each for each in called if self.referral.words.offer_code(each.id, each.draws) == code), None)

    def _wrong(self, tx: Connection, who: Contact, code: str, now: datetime) -> None:
        self.claims.wrong_code(tx, who, code, now)

    def _answer(self, tx: Connection, who: Contact, notice: str, offer: Offered, now: datetime) -> None:
        """Answer about a code that she was given. The text holds, whatever becomes of the request."""
        code = self.referral.words.offer_code(offer.id, offer.draws)
        id = messages.add(tx, who.kind, who.id, notice, "", now, values={"offer": code})
        outbox.wake(tx, "send", id, now)


def whose_turn(people: Sequence[Contact], called: Mapping[str, datetime]) -> Contact:
    """Give who is called next: the first who was not called yet, else who was called longest ago."""
    fresh = next((who for who in people if who.id not in called), None)
    return fresh or min(people, key=lambda who: called[who.id])
