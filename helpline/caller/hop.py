"""A USSD hop: from the keys pressed so far to the screen that follows. And the gateway's other reports, to be stored.

Only a hop that stores or looks up something needs the database, and no hop needs anything else. If the database fails,
the caller sees a screen that is still true, with the emergency number: never an error, never silence (R19).
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from helpline.caller import conversations, end_screens, intake, receive, screens
from helpline.caller.caller_context import CallerContext
from helpline.caller.calls_begun import CallsBegun
from helpline.caller.calls_in_progress import CallsInProgress
from helpline.caller.conversations import TO_THE_END, Shown
from helpline.caller.day_store import DayStore, ValkeyUnavailable
from helpline.caller.gate import Gate
from helpline.caller.intake import NotSaved, OutOfDraws, Saved, Session
from helpline.caller.limits import Limits
from helpline.caller.repeated_hops import SavedCall, SavedCalls
from helpline.caller.shared_counts import SharedCounts
from helpline.content.loading import Content
from helpline.core.call_windows import PARTS, first_to_come
from helpline.core.config import Config
from helpline.core.phone_numbers import Msisdn, can_be_called, foreign_country_of, home_prefix
from helpline.core.ports import Delivery, Ended, Hop, HungUp, IncomingSms, Press, Receipt, Reply
from helpline.core.waiting import done_once, may_wait
from helpline.keys import message_ids
from helpline.keys.sealing import Sealing, Words
from helpline.request.requests import Stored
from helpline.store.arrivals import Source
from helpline.store.engine import Database, Unavailable
from helpline.store.sql import new_id
from menus.book import Book
from menus.converse import Turn, converse
from menus.draft import NO, NONE, YES, Draft, blank
from menus.keywords import Keywords
from menus.tree import End

CANNOT_CALL, DIAL_AGAIN = "start.cannot_ring", "start.dial_anew"
LONGEST_CODE = 20
"""The column's length. No code is longer."""
NONE_SHOWN = frozenset[int]()
"""With this, the fold stops at the first consent screen: what follows is folded once it is known which were shown."""
NOT_STORED, NOT_CHANGED = "start.not_stored", "start.not_changed"


@dataclass(frozen=True, slots=True)
class PublicService:
    """What the public process does for gateways: it answers hops, and stores texts, receipts and ends of calls."""

    ctx: CallerContext
    limits: Limits
    keywords: Keywords
    log: Callable[[str], None]
    calls: CallsInProgress
    gate: Gate
    begun: CallsBegun
    """The calls that began with this content."""
    duty: str = NO
    """Whether a legal duty to report must be explained first (R22): `yes` or `no`."""
    front: str = NO
    """Whether callers first see a neutral screen, and key 99 hides the call: `yes` or `no`."""
    home: tuple[str, ...] = ()
    """The prefixes of numbers of this country. A call from one of them is not from abroad and need not be parsed."""
    saved: SavedCalls = field(default_factory=SavedCalls)
    """What was saved in the last calls, for copies of their hops."""
    books_abroad: Mapping[str, Book] = field(default_factory=dict)
    """The book for calls from each country of work, and at "" from another: its emergency numbers work there (R19)."""

    @classmethod
    def of(cls, config: Config, texts: Content, db: Database, log: Callable[[str], None]) -> "PublicService":
        """Build it without any key that opens or hashes a number."""
        sealing = Sealing.of(config.sealing_key.get_secret_value())
        words, country = Words.of(config.words_key.get_secret_value()), texts.matching
        made_up = texts.country.made_up if config.demo else ""
        ctx = CallerContext(db, texts.book, country, config, sealing, words, made_up)
        home = tuple(filter(None, (home_prefix(country.code, country.abroad), made_up)))
        duty, front = (YES if known else NO for known in (texts.country.legal_duty, texts.country.front))
        store = DayStore(config.queue_url)  # one: if Valkey hangs, a caller waits for it once
        calls, gate = CallsInProgress(words, store), Gate.of(config, db)
        limits = Limits(config, db.clock, SharedCounts(words, store))
        begun = CallsBegun(store)
        return cls(ctx, limits, texts.keywords, log, calls, gate, begun, duty, front, home, books_abroad=texts.abroad)

    def hop(self, channel: str, hop: Hop) -> Reply:
        """Return the screen that follows the keys of this hop. Never raises.

        Before the line is open this is the emergency screen (R19).
        """
        country = self._foreign_country(hop.caller)
        zones = self.ctx.country.abroad.get(country, ())
        if self.books_abroad and country:
            book = self.books_abroad.get(country, self.books_abroad[""])
            return replace(self, ctx=replace(self.ctx, book=book), books_abroad={}).hop(channel, hop)
        if not self.gate.admits(hop.caller):
            return self.emergency()
        ctx, salt = self.ctx, self.ctx.words.salt(channel, hop.session)
        if not hop.keys:
            self.begun.note(ctx, salt)
        turn = done_once(Turn, lambda: converse(ctx.book, hop.keys, salt, NONE_SHOWN, draft=self._blank(zones)))
        try:
            if turn.consent_at is None and end_screens.requested(ctx.book.tree, turn) is None:
                return screens.render(ctx, turn, salt, {})
            if turn.consent_at is None:
                return self._act(channel, hop, turn, salt)
            may_wait()  # from here on something is stored or looked up
            return self._after_consent(channel, hop, turn, salt)
        except (Unavailable, OutOfDraws) as error:
            self.log(type(error).__name__)
            return self._after_failure(channel, hop, salt)

    def press(self, channel: str, press: Press) -> Reply:
        """Return the screen that follows a hop of a gateway that does not name its calls well. Never raises.

        If the keys before this one are unknown, nothing is folded and nothing stored: the emergency screen is shown.
        """
        try:
            pressed = self.calls.press(channel, press)
        except ValkeyUnavailable as error:
            self.log(type(error).__name__)
            return self.emergency()
        return self.hop(channel, Hop(pressed.session, press.caller, pressed.keys))

    def hung_up(self, channel: str, hung_up: HungUp) -> None:
        """Forget a call that has ended, and count on which screen it was left."""
        try:
            pressed = self.calls.end(channel, hung_up)
        except ValkeyUnavailable as error:  # it is forgotten by itself
            self.log(type(error).__name__)
            return
        if pressed:
            self.ended(channel, Ended(pressed.session, pressed.keys))

    def _blank(self, zones: Collection[str], language: str = "", shown: Shown | None = None) -> Draft:
        """Return a draft with what is known before the first key. `zones`: those of the foreign country, if any.

        What can still come today counts from the first consent screen, so that no key of a call changes its meaning
        while the caller goes on. If it is not known when that was, the whole day counts.
        """
        first = min(shown.values()) if shown else None
        to_come = NONE if zones else first_to_come(self.ctx.country.zone, first) if first else PARTS[0]
        return blank(language or self.ctx.book.languages[0], YES if zones else NO, self.duty, self.front, to_come)

    def _foreign_country(self, caller: Msisdn) -> str:
        """Return the foreign country that a call comes from; "" at home, or if it is not known."""
        return foreign_country_of(caller, self.ctx.country.code, self.home)

    def _zones(self, caller: Msisdn) -> tuple[str, ...]:
        """Return the time zones of the country of work that a call comes from; none at home or in another country."""
        return self.ctx.country.abroad.get(self._foreign_country(caller), ())

    def _after_failure(self, channel: str, hop: Hop, salt: bytes) -> Reply:
        """Answer although the database failed. A copy of a hop whose request is saved gets the screen of the first.

        Which consent screens were shown is not known then, so all count as shown: nothing is stored anyway.
        """
        ctx, hashed, turn = self.ctx, self.ctx.words.session(channel, hop.session), self._again(hop, salt, None)

        def as_saved(stored: Stored, shown: Shown) -> Saved:
            turn = self._again(hop, salt, shown)
            return intake.as_saved(ctx, self._session(channel, hop, turn), turn.draft, stored)

        try:
            call = self.saved.look_up(ctx, hashed, as_saved)
        except Unavailable:
            return self._without_change(turn, salt, is_saved=turn.consented_before)
        if call is None:
            return self._without_change(turn, salt, is_saved=False)
        again = self._again(hop, salt, call.shown)
        if len(hop.keys) > call.keys or end_screens.requested(ctx.book.tree, again) is not None:
            return self._without_change(turn, salt, is_saved=True)
        return screens.render(ctx, again, salt, {}, call.saved)

    def _without_change(self, turn: Turn, salt: bytes, *, is_saved: bool) -> Reply:
        """Answer a hop that changes nothing, without the database or against what the content says now.

        The menus go on, and nothing is said to be stored that is not. Only key 99 still shows its harmless
        screen: somebody looks at the telephone.
        """
        if turn.screen == self.ctx.book.tree.hide:
            return screens.render(self.ctx, turn, salt, {})
        if is_saved:
            return screens.last(self.ctx, NOT_CHANGED, turn.draft.language)
        if turn.draft.asks_for_a_call or end_screens.requested(self.ctx.book.tree, turn) is not None:
            return screens.last(self.ctx, NOT_STORED, turn.draft.language)
        return screens.render(self.ctx, turn, salt, {})

    def _again(self, hop: Hop, salt: bytes, shown: Shown | None) -> Turn:
        """Return the turn of a hop if these consent screens were shown; None: all of them (R28)."""
        draft = self._blank(self._zones(hop.caller), shown=shown)
        return converse(self.ctx.book, hop.keys, salt, shown, draft=draft)

    def _after_consent(self, channel: str, hop: Hop, turn: Turn, salt: bytes) -> Reply:
        """Answer from the first consent screen on. Each must really have been shown in this session (R28).

        `turn` is at the first consent screen. If no such screen was shown yet, it need not be folded again.

        In place of the first, a block shows the same as a number that cannot be called. A block counts from the next
        call (R49).
        """
        ctx, language = self.ctx, turn.draft.language
        if not can_be_called(hop.caller, ctx.country.code, ctx.made_up, ctx.country.abroad):
            return screens.last(ctx, CANNOT_CALL, language)
        shown, marks = conversations.consent_screens_shown(ctx, channel, hop.session)
        if not shown and self.limits.is_blocked(hop.caller, marks):
            return screens.last(ctx, CANNOT_CALL, language)
        turn = self._again(hop, salt, shown) if shown else turn
        if end_screens.requested(ctx.book.tree, turn) is not None:
            return self._act(channel, hop, turn, salt)
        if self._may_mean_something_else(channel, hop, salt, for_act=False):
            hides = turn.screen == ctx.book.tree.hide
            return screens.render(ctx, turn, salt, {}) if hides else screens.last(ctx, DIAL_AGAIN, language)
        if turn.unseen or turn.is_repeated(ctx.book.tree.consent_screens):
            conversations.note_consent_screen(ctx, channel, hop.session, len(hop.keys))
        if turn.draft.asks_for_a_call:
            return self._save(channel, hop, turn, salt, shown)
        no_at = conversations.last_no(hop.keys, shown)
        if turn.consented or no_at is not None:
            return self._take_back(channel, hop, turn, salt, no_at)
        return screens.render(ctx, turn, salt, {})

    def _take_back(self, channel: str, hop: Hop, turn: Turn, salt: bytes, no_at: int | None) -> Reply:
        """Withdraw what this call has stored, or show that it is still stored. After a restart only that is read.

        A *no* to a request about somebody close leaves the caller's own, and the other way round: the screen says that
        there is no new one.
        """
        ctx = self.ctx
        if conversations.keys_at_restart(ctx, channel, hop.session) is not None:
            return self._restart(channel, hop, turn, salt)
        if turn.draft.agreed_kind not in ("", turn.draft.kind):
            return screens.render(ctx, turn, salt, {})
        if not intake.take_back(ctx, channel, hop.session, len(hop.keys), no_at):
            return self._without_change(turn, salt, is_saved=True)
        self.saved.forget(ctx.words.session(channel, hop.session))
        return screens.render(ctx, turn, salt, {})

    def _act(self, channel: str, hop: Hop, turn: Turn, salt: bytes) -> Reply:
        """Do what the keys ask for, and show the screen: not if they may be of other content (R28)."""
        ctx = self.ctx
        if self._may_mean_something_else(channel, hop, salt, for_act=True):
            return screens.last(ctx, DIAL_AGAIN, turn.draft.language)
        return screens.render(ctx, turn, salt, end_screens.act(ctx, self.limits, channel, hop, turn))

    def _may_mean_something_else(self, channel: str, hop: Hop, salt: bytes, *, for_act: bool) -> bool:
        hashed = self.ctx.words.session(channel, hop.session)
        return self.begun.may_mean_something_else(self.ctx, salt, hashed, for_act=for_act)

    def _save(self, channel: str, hop: Hop, turn: Turn, salt: bytes, shown: Shown) -> Reply:
        session, hashed = self._session(channel, hop, turn), self.ctx.words.session(channel, hop.session)
        match intake.save(self.ctx, session, turn.draft):
            case NotSaved():
                self.saved.forget(hashed)
                return self._restart(channel, hop, turn, salt)
            case Saved() as saved:
                self.saved.remember(hashed, SavedCall(session.keys, shown, saved))
                return screens.render(self.ctx, turn, salt, {}, saved)

    def _session(self, channel: str, hop: Hop, turn: Turn) -> Session:
        last = isinstance(self.ctx.book.tree.screens[turn.screen], End)
        zones = self._zones(hop.caller) if turn.draft.abroad == YES else ()
        return Session(channel, hop.session, hop.caller, len(hop.keys), last, zones=zones)

    def _restart(self, channel: str, hop: Hop, turn: Turn, salt: bytes) -> Reply:
        """Show home and continue from there: nothing can be stored in this call any more (erased, other content).

        Only a new dial makes a new request. Key 99 hides the call here, too.
        """
        ctx, language = self.ctx, turn.draft.language
        if turn.screen == ctx.book.tree.hide:
            return screens.render(ctx, turn, salt, {})
        since = conversations.keys_at_restart(ctx, channel, hop.session)
        if since is None or since >= len(hop.keys):
            conversations.note_restart(ctx, channel, hop.session, len(hop.keys))
            since = len(hop.keys)
        again = converse(
            ctx.book, hop.keys[since:], salt,
            start=ctx.book.tree.home, draft=self._blank(self._zones(hop.caller), language),
        )  # fmt: skip
        if again.consent_at is not None and again.screen != ctx.book.tree.hide:
            return screens.last(ctx, DIAL_AGAIN, language)
        return screens.render(ctx, again, salt, end_screens.act(ctx, self.limits, channel, hop, again))

    def emergency(self) -> Reply:
        """Return the screen for when everything else failed: the emergency number and the direct line (R19)."""
        return screens.last(self.ctx, "start.emergency", self.ctx.book.languages[0])

    def ended(self, channel: str, ended: Ended) -> None:
        """Count on which screen a call was left, and store nothing else.

        A call that asked for a call is not counted here: requests are counted, and from two counts of the same people
        one could calculate what either hides (R36). All end screens count as one, because some of them tell what became
        of a request.
        """
        book, salt = self.ctx.book, self.ctx.words.salt(channel, ended.session)
        turn = converse(book, ended.keys, salt, draft=self._blank((), book.languages[0]))
        if turn.consented or turn.draft.asks_for_a_call:
            return
        screen = TO_THE_END if isinstance(book.tree.screens[turn.screen], End) else turn.screen
        try:
            if not self.gate.is_closed():
                conversations.note_left_call(self.ctx, channel, ended.session, screen)
        except Unavailable as error:  # a count is not worth another try of the gateway
            self.log(type(error).__name__)

    def sms(self, channel: str, sms: IncomingSms) -> None:
        """Store a text, sealed."""
        category = self.keywords.category(sms.text.reveal())
        source = Source(self._key(channel, sms.id), channel, sms.to[:LONGEST_CODE])
        receive.receive(self.ctx, source, sms.sender, sms.text, category)

    def receipt(self, channel: str, receipt: Receipt) -> None:
        """Store a delivery receipt, if it is final: that a text was sent is known since the gateway took it."""
        match receipt.status:
            case Delivery.DELIVERED | Delivery.FAILED as status:
                receive.receipt(self.ctx, self._key(channel, receipt.id), status.value)

    def _key(self, channel: str, id: str) -> str:
        return message_ids.key(self.ctx.words, channel, id)

    def optout(self, channel: str, number: Msisdn) -> None:  # noqa: ARG002  # STOP ends all channels
        """Store that somebody opted out at the gateway: the same as STOP (R18)."""
        receive.pause(self.ctx, f"optout:{new_id()}", number)
