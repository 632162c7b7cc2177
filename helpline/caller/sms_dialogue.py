"""The SMS dialogue: a caller's text and the one reply to it. Only workers can read texts.

Each text of a caller earns exactly one neutral reply (R12); STOP earns none (R18). The dialogue is the same fold over
the same kinds of screens as a USSD call.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from helpline.caller import blocks, conversations, intake, sms_hours, sms_language, sms_starts
from helpline.caller.blocks import holds
from helpline.caller.caller_context import CallerContext
from helpline.caller.conversations import Dialogue
from helpline.caller.gate import Gate
from helpline.caller.intake import Saved, Session
from helpline.caller.sms_questions import version_of
from helpline.caller.sms_starts import FIRST, IN_DANGER
from helpline.caller.stops import YES as STOP_CALLS
from helpline.caller.stops import WorkerStops
from helpline.core.call_windows import NOW
from helpline.core.jobs import Queue
from helpline.core.languages import spoken
from helpline.core.phone_numbers import Hidden, Msisdn, can_be_called, is_possible, is_withheld, zones_of
from helpline.keys.sealing import Hashing
from helpline.referral import noted_cries
from helpline.request import phone_lines, requests
from helpline.store import arrivals, texts_out
from helpline.store.arrivals import Arrived
from helpline.store.engine import Tx
from helpline.store.sql import new_id
from menus.converse import Turn, converse
from menus.draft import NO, YES, Act, Draft
from menus.keywords import UNKNOWN, Ask, Keywords, Stop, Unclear, key_said
from menus.salt import marks
from menus.tree import MORE as MORE_KEY
from menus.tree import Ask as Typed
from menus.tree import Choice, End

SMS = "sms"
KEPT = "to_caller.kept"
"""The reply with the two words, by which caller and helper know each other (R6)."""
MOST_REPLIES = 8
SILENCE = timedelta(hours=24)
"""A telephone gets at most eight replies, and a day of silence ends a dialogue (R12). A cry has eight of its own."""
MORE = timedelta(hours=1)
"""So long the questions after a stored request are open. Later, a text is answered as if none had been asked (R27)."""
TO_FINISH = 12
"""Up to so many answers, no limit of replies stops a dialogue before its request is stored (R12)."""
MOST_UNKNOWN = 16
"""So many texts in a row that are no answer and no word are answered. Machines that answer slowly fall silent, too.

Eight would show, for a day, that somebody has tried the telephone (R49).
"""
PACE = timedelta(minutes=10)
"""How soon one reply more is free: so the cap locks nobody out, and tells of the last eighty minutes only (R49)."""


@dataclass(frozen=True, slots=True)
class SmsDialogue:
    """Answers the texts of callers. Workers only: a dialogue is found with the hashing key."""

    keywords: Keywords
    hashing: Hashing
    stops: WorkerStops
    ctx: CallerContext
    gate: Gate
    versions: dict[str, str] = field(default_factory=dict, init=False)
    """The version of the questions in each language. To hash all their words takes as long as all else of a text."""

    def read(self, tx: Tx, number: Msisdn, text: Hidden, arrived: Arrived) -> None:
        """Do what the text of a caller says. The reply goes by the channel and from the code that they wrote to."""
        at = arrived.at
        caller, words = self.hashing.caller(number), text.reveal()
        asked = self.keywords.caller(words)
        if isinstance(asked, Stop | Unclear):
            return self._stop(tx, caller, at, unclear=isinstance(asked, Unclear))
        if is_withheld(number):
            return None  # a name or a short code: nobody there reads a reply (R12)
        if not (self.gate.admits_text(tx, number) and is_possible(number, self.ctx.made_up)):
            # a stop always counts, and a cry reaches a person
            return noted_cries.note(tx, caller) if asked is not None and asked.danger else None
        return self._go_on(tx, number, caller, asked, words, arrived)

    def _go_on(self, tx: Tx, number: Msisdn, caller: bytes, asked: Ask | None, words: str, arrived: Arrived) -> None:
        """Begin a dialogue, or continue it."""
        held, at = self._dialogue(tx, caller, arrived), arrived.at
        in_danger = isinstance(asked, Ask) and asked.danger
        asked = asked or sms_starts.another_time(held.start, self.keywords.hours_said(words))
        if held.heard and at < held.heard:  # a stop or a call for help that came later was read first
            return noted_cries.note(tx, caller) if in_danger and not held.start else None
        languages = self.ctx.book.languages
        language = held.language or sms_language.guessed(self.keywords, languages, words)
        held = replace(held, language=self._offered(language))
        if asked and in_danger:
            return self._cry(tx, number, caller, held, asked, at)
        held = replace(held, replies=self._recent(held, tx.now))
        is_open = held.start in self.ctx.book.tree.screens and not self._is_over(tx, held)
        chosen = self._chosen(number, held, words) if is_open else ""
        begins = asked and not chosen and not (held.start and not asked.language)  # or digits beside an open question
        answers = (chosen,) if chosen else self._keys(number, held, words) if held.start and not begins else (UNKNOWN,)
        if held.replies >= MOST_REPLIES and not self._leads_to_a_request(tx, number, held, answers):
            return None
        if asked and begins:
            held = self._begin(tx, number, held, asked, held.heard)
        elif self._was_updated(held):  # the text answers a question that may mean something else by now (R28)
            held = replace(held, keys=answers if _stops_calls(held, answers) else ())
        elif self._is_past(tx, held):
            held = replace(held, start=FIRST, keys=())
        else:
            language = self._plainly_other(number, held, words) if UNKNOWN in answers else ""
            held = replace(held, keys=(*held.keys, *answers), language=language or held.language)
        return self._answer(tx, number, caller, held, at) if _unknown(held) <= MOST_UNKNOWN else None

    def _was_updated(self, held: Dialogue) -> bool:
        """Whether the last question of a dialogue was asked by another version of the questions."""
        return bool(held.start) and held.content != self._version(held.language)

    def _is_past(self, tx: Tx, held: Dialogue) -> bool:
        """Whether the question names a day or hours that are over, and no request came of it."""
        if held.until is None or not sms_starts.is_past(
            held.start, held.until - SILENCE, self.ctx.country.zone, tx.now
        ):
            return False
        return requests.of_session(tx, self.ctx.words.session(SMS, held.session)) is None

    def _version(self, language: str) -> str:
        if language not in self.versions:
            self.versions[language] = version_of(self.ctx.book, self.keywords, language)
        return self.versions[language]

    def _dialogue(self, tx: Tx, caller: bytes, arrived: Arrived) -> Dialogue:
        """Return the dialogue of a telephone, or a new one. It is answered where this text was sent to."""
        found = conversations.dialogue_of(tx, caller) or Dialogue(new_id(), "", "", (), 0)
        return replace(found, by=(arrived.channel, arrived.code))

    def _recent(self, held: Dialogue, now: datetime) -> int:
        """Return how many replies count: each `PACE` without one makes it one less."""
        quiet = now + SILENCE - held.until if held.until else timedelta()
        return max(0, held.replies - max(quiet, timedelta()) // PACE)

    def _chosen(self, number: Msisdn, held: Dialogue, words: str) -> str:
        """Return the key of the option that a text repeats: "Work" may begin a dialogue, too, and is none here."""
        turn = self._turn(number, held)
        shown = self.ctx.book.page(turn.draft.language, turn.screen, turn.page, turn.draft)
        key = key_said(words, shown.text)
        return key if key in shown.keys else ""

    def _keys(self, number: Msisdn, held: Dialogue, words: str) -> tuple[str, ...]:
        """Return what a text answers: a digit or a word for it, or the hours that were asked for."""
        screens = self.ctx.book.tree.screens
        shown = screens[self._turn(number, held).screen] if held.start in screens else None
        if isinstance(shown, Typed):
            return (sms_hours.hour_typed(words),)
        answer = self.keywords.answer(words, to_list=isinstance(shown, Choice) and not shown.inline)
        if answer != UNKNOWN or not (hours := self.keywords.hours_said(words)):
            return (answer,)

        def turn_after(keys: Sequence[str]) -> Turn:
            return self._turn(number, replace(held, keys=(*held.keys, *keys)))

        return sms_hours.keys_of(self.ctx.book, hours, turn_after) or (UNKNOWN,)

    def _leads_to_a_request(self, tx: Tx, number: Msisdn, held: Dialogue, answers: tuple[str, ...]) -> bool:
        """Whether a text is a right answer to one of the few questions before a request is stored."""
        if UNKNOWN in answers or len(held.keys) >= TO_FINISH:
            return False
        stored = requests.of_session(tx, self.ctx.words.session(SMS, held.session))
        return stored is None and not self._turn(number, replace(held, keys=(*held.keys, *answers))).wrong

    def _stop(self, tx: Tx, caller: bytes, at: datetime, *, unclear: bool) -> None:
        """Stop all that goes out. A text that may be a cry as well is told to coordinators (R18)."""
        self.stops.settle_telephone(tx, caller)
        self.stops.pause(tx, caller, at, unclear=unclear)

    def _cry(self, tx: Tx, number: Msisdn, caller: bytes, held: Dialogue, asked: Ask, at: datetime) -> None:
        """Answer a word of danger: in a dialogue of its own, or, after three a day, by alerting coordinators (R12)."""
        if not _in_danger(held) or held.replies >= MOST_REPLIES:
            if not noted_cries.may_begin_dialogue(tx, caller):
                return noted_cries.note(tx, caller)
            held = replace(held, replies=0)
        if self._has_danger(tx, caller):
            noted_cries.note(tx, caller)
        heard = at if arrivals.others_wait(tx, at) else held.heard
        return self._answer(tx, number, caller, self._begin(tx, number, held, asked, heard), at)

    def _begin(self, tx: Tx, number: Msisdn, held: Dialogue, asked: Ask, heard: datetime | None) -> Dialogue:
        """Return a new dialogue that has the replies of the one before, and its danger.

        What was not sent of the one before is void: a later stop would not find it (R18). But the words of a request
        must reach the caller (R6), and a question that has not left was not asked.
        """
        unsent = texts_out.void_of_dialogue(tx, held.session)
        screens = self.ctx.book.tree.screens
        before = "" if asked.own else held.start  # "they beat me" is never about somebody close
        starts = sms_starts.starts(before, in_danger=asked.danger or _in_danger(held))
        flow = sms_starts.flow_of(asked, before)
        start = starts[flow] if starts[flow] in screens else starts[""]
        if start == FIRST:
            zone = "" if self._zones(number) else self.ctx.country.zone
            start = sms_starts.at_hours(asked.hours, zone, tx.now, screens)
        language = self._offered(asked.language) if asked.language else held.language
        if language == held.language and not unsent:
            start = sms_starts.repeated(start, self._open_question(tx, number, held))
        begun = Dialogue(new_id(), start, language, (), held.replies, heard, by=held.by)
        for text in unsent:
            if text.notice == KEPT and text.genuine:
                self._add(tx, number, begun, text.notice, text.language, text.values)
        return begun

    def _open_question(self, tx: Tx, number: Msisdn, held: Dialogue) -> str:
        """Return the question that was asked within the last hour and is not answered. "" for none.

        After an hour a text is answered as if none had been asked: somebody else may have the phone (R27).
        """
        is_recent = held.until is not None and tx.now - (held.until - SILENCE) < MORE
        if not is_recent or held.start not in self.ctx.book.tree.screens or self._was_updated(held):
            return ""
        return self._turn(number, held).screen

    def _answer(self, tx: Tx, number: Msisdn, caller: bytes, dialogue: Dialogue, at: datetime) -> None:
        """Send the one reply to a text."""
        if not self._can_be_called(tx, number):
            return self._refuse(tx, number, caller, dialogue)
        if dialogue.start not in self.ctx.book.tree.screens or self._is_over(tx, dialogue):
            over = replace(dialogue, start="", keys=(UNKNOWN,) * _unknown(dialogue))
            return self._reply(tx, number, caller, over, "to_caller.hello", {})
        return self._converse(tx, number, caller, dialogue, at)

    def _is_over(self, tx: Tx, dialogue: Dialogue) -> bool:
        """Whether the request of a dialogue is stored, and the questions after it are answered too late.

        That is after an hour, or after an update: nothing that the caller has agreed to is changed by other questions.
        """
        quiet = dialogue.until is not None and tx.now - (dialogue.until - SILENCE) >= MORE
        late = quiet or self._was_updated(dialogue)
        return late and requests.of_session(tx, self.ctx.words.session(SMS, dialogue.session)) is not None

    def _refuse(self, tx: Tx, number: Msisdn, caller: bytes, dialogue: Dialogue) -> None:
        """Reply that this telephone cannot be called. Danger is told to coordinators then."""
        if _in_danger(dialogue):
            noted_cries.note(tx, caller)
        self._reply(tx, number, caller, replace(dialogue, start=""), "to_caller.cannot", {})

    def _can_be_called(self, tx: Tx, number: Msisdn) -> bool:
        """Whether a caller of this number can be called. A block shows the same as a number that cannot (R49)."""
        country = self.ctx.country
        possible = can_be_called(number, country.code, self.ctx.made_up, country.abroad)
        return possible and not holds(number, blocks.marks(tx))

    def is_open(self, tx: Tx, number: Msisdn) -> bool:
        """Whether a telephone is in a dialogue."""
        dialogue = conversations.dialogue_of(tx, self.hashing.caller(number))
        return dialogue is not None and dialogue.start != ""

    def _converse(self, tx: Tx, number: Msisdn, caller: bytes, dialogue: Dialogue, at: datetime) -> None:
        turn, salt = self._turn(number, dialogue), self.ctx.words.salt(SMS, dialogue.session)
        zones, screen = self._zones(number), self.ctx.book.tree.screens[turn.screen]
        last, draws = isinstance(screen, End), 0
        if isinstance(screen, End) and screen.act is Act.PAUSE:
            dialogue = self._stop_as_answered(tx, caller, dialogue, at)
        if turn.draft.asks_for_a_call:
            session = Session(
                SMS, dialogue.session, number, len(dialogue.keys), last, short_form=True, zones=zones,
                same_questions=True,
            )  # fmt: skip
            saved = intake.save_in(self.ctx, tx, session, turn.draft)
            draws = saved.draws if isinstance(saved, Saved) else 0
        mark = marks(salt, draws)
        shown = {"screen": turn.screen, "page": turn.page, "wrong": turn.wrong}
        values: dict[str, Any] = shown | {"word": mark.word, "ours": mark.our_word}
        dialogue = replace(dialogue, language=turn.draft.language)
        after = replace(dialogue, start="", keys=()) if last else dialogue
        self._reply(tx, number, caller, after, self._notice(turn), values)

    def _stop_as_answered(self, tx: Tx, caller: bytes, dialogue: Dialogue, at: datetime) -> Dialogue:
        """Stop all calls, because the caller was asked whether to. Unlike STOP, this answer has a reply."""
        self._stop(tx, caller, at, unclear=False)
        left = conversations.dialogue_of(tx, caller)  # when the stop came in: older texts are not answered
        return replace(dialogue, heard=left.heard if left else None)

    def _turn(self, number: Msisdn, dialogue: Dialogue) -> Turn:
        """Fold the answers of a dialogue."""
        blank = Draft(language=dialogue.language, abroad=YES if self._zones(number) else NO)
        salt = self.ctx.words.salt(SMS, dialogue.session)
        return converse(self.ctx.book, dialogue.keys, salt, start=dialogue.start, draft=blank)

    def _zones(self, number: Msisdn) -> tuple[str, ...]:
        """Return the time zones of the country that a number is of; none at home."""
        return zones_of(number, self.ctx.country.abroad, (self.ctx.made_up,))

    def _has_danger(self, tx: Tx, caller: bytes) -> bool:
        """Whether a request in danger of this telephone is open."""
        self.stops.settle_telephone(tx, caller)
        return any(request.risk == NOW for request in phone_lines.of_caller(tx, caller))

    def _notice(self, turn: Turn) -> str:
        text = getattr(self.ctx.book.tree.screens[turn.screen], "text", None)
        return text.path if text else ""

    def _reply(
        self, tx: Tx, number: Msisdn, caller: bytes, dialogue: Dialogue, notice: str, values: dict[str, Any],
    ) -> None:  # fmt: skip
        """Store the one reply that a text has earned, and the dialogue."""
        held = replace(
            dialogue, replies=min(dialogue.replies + 1, MOST_REPLIES), content=self._version(dialogue.language)
        )
        conversations.put_dialogue(tx, caller, held, tx.now + SILENCE)
        filled = values | {"earned": True, "by": list(dialogue.by)}
        self._add(tx, number, dialogue, notice, dialogue.language, filled)

    def _add(
        self, tx: Tx, number: Msisdn, dialogue: Dialogue, notice: str, language: str, values: Mapping[str, Any]
    ) -> None:  # fmt: skip
        """Store a reply. A stop finds it by the dialogue."""
        id, queue = new_id(), Queue.URGENT if _in_danger(dialogue) else Queue.DEFAULT
        sealed = self.ctx.sealing.seal(id, number)
        texts_out.add(
            tx, "caller", dialogue.session, notice, language, values=values, sealed=sealed, id=id, queue=queue
        )

    def _offered(self, language: str) -> str:
        """Return the offered language that is spoken as `language` is."""
        return sms_language.offered(self.ctx.book.languages, language)

    def _plainly_other(self, number: Msisdn, held: Dialogue, words: str) -> str:
        """Return another language that an unknown text is plainly in, to ask the question again in it. "" if none.

        Once a request is stored the language stays: it is what the caller has agreed in. So it does on lists, whose
        pages differ in each language.
        """
        language = sms_language.plainly_in(self.keywords, self.ctx.book.languages, words)
        if not language or spoken(language) == spoken(held.language) or MORE_KEY in held.keys:
            return ""
        return "" if held.start and self._turn(number, held).draft.asks_for_a_call else language


def _stops_calls(asked: Dialogue, answers: tuple[str, ...]) -> bool:
    """Whether a text is a *yes* to "stop all calls?". It counts in any version, from its arrival (`WorkerStops`)."""
    return asked.start in arrivals.ASKED_TO_STOP and answers == (STOP_CALLS,)


def _in_danger(dialogue: Dialogue) -> bool:
    """Whether a dialogue began with a word of danger."""
    return dialogue.start in IN_DANGER


def _unknown(dialogue: Dialogue) -> int:
    """Return how many of the last texts were no answer and no word."""
    return sum(1 for _ in takewhile(UNKNOWN.__eq__, reversed(dialogue.keys)))
