"""What the pages about cases use: the domain's commands, and the wording of texts to services."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from helpline.casework.console_actions import Cases, NotTheirs
from helpline.casework.notes import CaseNotes
from helpline.content import content_cache
from helpline.content.console_texts import ConsoleTexts
from helpline.content.country import in_use
from helpline.content.loading import Content, reviews_of
from helpline.content.reviews import Reviews
from helpline.core import log
from helpline.core.call_windows import Span, lacks_hour
from helpline.core.config import Config
from helpline.core.languages import LANGUAGES
from helpline.keys.row_seal import ContactKey
from helpline.keys.sealing import Opening
from helpline.keys.session_tokens import SessionKey
from helpline.messaging.wording import Wording
from helpline.oversight import desk_list, worklist_rows
from helpline.oversight.desk_list import Placed
from helpline.referral.context import Context
from helpline.request import sealed_numbers
from helpline.request.model import CallbackRequest
from helpline.request.offers import Offered
from helpline.reveal.bridging import can_be_connected
from helpline.staff.roles import Person
from helpline.store.engine import Tx


@dataclass(frozen=True, slots=True)
class CaseContext:
    """The commands and texts of the pages about cases. One per process."""

    cases: Cases
    wording: Wording
    notes: CaseNotes
    reviews: Reviews

    def case(self, tx: Tx, person: Person, id: str) -> tuple[Offered, CallbackRequest]:
        """Return a case of the person's own service, also one that has ended. Raise `NotTheirs` if there is none."""
        self.cases.held(tx, person, id)
        found = next(iter(worklist_rows.with_requests(tx, [id])), None)
        if found is None:
            raise NotTheirs
        return found

    def held(self, tx: Tx, service: str) -> list[Placed]:
        """Return the whole list of a service, in order, without cases whose caller has sent an unread stop (R18)."""
        stopped = self.cases.stopped(tx, service)
        return [each for each in desk_list.held(tx, service) if each.id not in stopped]

    def danger(self, tx: Tx, service: str) -> frozenset[str]:
        """Return the ids of a service's cases in danger, until somebody has talked to the caller."""
        found = worklist_rows.in_danger(tx, service)
        return found - self.cases.stopped(tx, service) if found else found

    def joins(self, tx: Tx, offer: Offered, about: CallbackRequest) -> bool:
        """Whether the gateway may connect the case's holder to the caller, in this country and for this service."""
        ctx = self.cases.ctx
        return can_be_connected(tx, in_use(ctx.country.trunk, ctx.config), offer.service, about)

    def words(self, texts: ConsoleTexts, about: CallbackRequest, language: str, now: datetime) -> dict[str, str]:
        """Return the words that describe a request before a claim (R32). They are not shortened, as in an SMS."""
        tongue, named = self.wording.tongue(language), LANGUAGES.get(about.speaks)
        place, need = self.wording.place(about.place, tongue), self.wording.need(about.need, tongue)
        window = self.wording.window(about, tongue, now, whole=True)
        is_unknown = window == self.wording.hour(tongue, None)
        place = place if about.place else self.unsaid(texts, tongue, "unsaid_place")
        need = need if about.need else self.unsaid(texts, tongue, "unsaid_need")
        is_own = texts.language_of(tongue, "cases") == tongue
        short = not about.need and not about.place and is_own
        gist = texts.say(tongue, "cases.unsaid_both") if short else f"{need}, {place}"
        here = texts.say(tongue, "cases.unsaid_here") if is_own else ""  # beside a label: not "Need: need not said"
        return {
            "place": place if about.place else here or place, "need": need if about.need else here or need,
            "gist": gist, "said": need if about.need and not about.place else gist,
            "speaks": named.name if named else about.speaks,
            "window": self.card_window(texts, about, tongue, None) if is_unknown else window,
            "tongue": tongue.replace("_", "-"),
        }  # fmt: skip

    def card_window(self, texts: ConsoleTexts, about: CallbackRequest, tongue: str, span: Span | None) -> str:
        """Return when the caller may be called next. "Not known" is only the clock of a caller abroad (R3)."""
        if span is not None:
            return "{day} {from}–{to}".format(**span.local_texts(self.wording.zone))
        if lacks_hour(about.hours.window, about.hours.zone):
            return self.unsaid(texts, tongue, "unsaid_window")
        return texts.say(tongue, "cases.no_window")

    def unsaid(
        self, texts: ConsoleTexts, tongue: str, what: Literal["unsaid_place", "unsaid_need", "unsaid_window"]
    ) -> str:
        """Return in whole words that something is not known. An SMS has room for less: "place ?"."""
        if texts.language_of(tongue, "cases") == tongue:
            return texts.say(tongue, f"cases.{what}")
        match what:
            case "unsaid_place":
                return self.wording.place("", tongue)
            case "unsaid_need":
                return self.wording.need("", tongue)
            case "unsaid_window":
                return self.wording.hour(tongue, None)


def case_context(config: Config, audit_key: bytes) -> CaseContext:
    """Build the context from settings and content. Raise `ContentFaults` if the content has faults."""
    texts = _texts(config)
    digits = ContactKey.of(config.contact_key.get_secret_value()).offer_code
    ctx = Context(sealed_numbers.hold_telephone, digits, texts.matching, config, audit_key, log.note)
    cases = Cases.of(ctx, Opening.of(config.opening_key.get_secret_value()))
    wording = Wording(texts.book, ZoneInfo(texts.matching.zone), texts.places.name)
    notes = CaseNotes(SessionKey.of(config.session_key.get_secret_value()), audit_key)
    return CaseContext(cases, wording, notes, reviews_of(texts))


def _texts(config: Config) -> Content:
    return _content_of(config.country, config.languages, config.keep_days, config.data)


@lru_cache(maxsize=4)
def _content_of(country: str, languages: tuple[str, ...], keep_days: int, data: Path) -> Content:
    """Load the content, which depends on no other setting. Loading it takes a second."""
    return content_cache.load(Config(country=country, languages=languages, keep_days=keep_days, data=data))
