"""What the pages about cases have at hand: the domain as the console may use it, and the words of texts to services."""

from dataclasses import dataclass, field
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection

from helpline.casework.console_actions import ById, Cases, NotTheirs, WaitsForStops
from helpline.casework.notes import CaseNotes
from helpline.content import loading
from helpline.content.country import in_use
from helpline.content.reviews import Reviews
from helpline.core import log
from helpline.core.config import Config
from helpline.core.languages import LANGUAGES
from helpline.keys.sealing import Opening
from helpline.keys.session_tokens import SessionKey
from helpline.messaging.wording import Wording
from helpline.oversight import desk_list
from helpline.oversight.hours_order import Kinds
from helpline.referral.referral import Referral
from helpline.request.model import CallbackRequest
from helpline.request.offers import Offered
from helpline.reveal.bridging import can_be_joined
from helpline.staff.roles import Person


@dataclass(frozen=True, slots=True)
class CaseRoom:
    """Its fields are all that it has."""

    cases: Cases
    wording: Wording
    notes: CaseNotes
    reviews: Reviews
    kinds: Kinds = field(default_factory=Kinds)

    def case(self, tx: Connection, who: Person, id: str) -> tuple[Offered, CallbackRequest]:
        """Give a case of one's own service, also one that has ended. Raises `NotTheirs`."""
        self.cases.held(tx, who, id)
        found = next(iter(desk_list.whole(tx, [id])), None)
        if found is None:
            raise NotTheirs
        return found

    def joins(self, tx: Connection, offer: Offered, about: CallbackRequest) -> bool:
        """Tell whether its holder may be joined to her by the gateway, here and by this service."""
        referral = self.cases.referral
        return can_be_joined(tx, in_use(referral.country.trunk, referral.config), offer.service, about)

    def words(self, about: CallbackRequest, language: str) -> dict[str, str]:
        """Describe a request as it may be known before a claim (R32), uncut: a page has the room that an SMS lacks."""
        tongue, named = self.wording.tongue(language), LANGUAGES.get(about.speaks)
        return {
            "place": self.wording.place(about.place, tongue),
            "need": self.wording.book.notice(tongue, f"needs.{about.need or 'talk'}"),
            "speaks": named.name if named else about.speaks,
            "window": self.wording.about(about, tongue)["window"],
            "tongue": tongue.replace("_", "-"),
        }


def case_room(config: Config, audit_key: bytes) -> CaseRoom:
    """Put it together from settings and content. Raises `ContentFaults`."""
    texts = _texts(config)
    referral = Referral(WaitsForStops(), ById(), texts.matching, config, audit_key, log.note)
    cases = Cases(referral, Opening.of(config.opening_key.get_secret_value()))
    wording = Wording(texts.book, ZoneInfo(texts.matching.zone), texts.places.name)
    notes = CaseNotes(SessionKey.of(config.session_key.get_secret_value()), audit_key)
    return CaseRoom(cases, wording, notes, Reviews(texts.book, texts.reviews, all_allowed=False))


@lru_cache(maxsize=4)
def _texts(config: Config) -> loading.Content:
    return loading.load(config)
