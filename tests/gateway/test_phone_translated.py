"""What the phone page shows below an SMS to a service: the whole text in the language of the page, or nothing."""

import re
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from gateway.phone.guide import Guide
from gateway.phone.translated import Words
from helpline.content.country import ABROAD
from helpline.core.config import Config
from helpline.messaging.wording import Wording
from helpline.request.model import CallbackRequest
from tests.gateway.phone_book import salt
from tests.steps.requests import waiting_request
from tests.world import MORNING, contents

CONTENT = contents(Config())
BOOK = CONTENT.book
GUIDE = Guide(BOOK, salt)
WORDING = Wording(BOOK, ZoneInfo(CONTENT.country.zone))
OTHERS = [language for language in BOOK.languages if language != "en"]
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
SLOTS = sorted({slot for text in BOOK.notices["en"].values() for slot in re.findall(r"\{([a-z_]+)\}", text)})
REQUESTS = [
    waiting_request(place=place, need=need, window=window, age_band=age, kind=kind, risk=risk, operator_sex=sex)
    for place, (need, window, age), (kind, risk, sex) in product(
        ("", "KG-GB", "KG-C", ABROAD),
        [("", "any", ""), ("wages", "morning", "adult"), ("not_sure", "18-21", "under_18"), ("talk", "day", "not_said")],
        [("self", "none", ""), ("self", "now", "woman"), ("about_someone", "now", "man"), ("about_someone", "none", "")],
    )
]  # fmt: skip


def offer(request: CallbackRequest, language: str) -> str:
    """Return the SMS by which a service is asked."""
    return BOOK.notice(language, "to_ngo.offer", offer="48291", **WORDING.offer(request, language, MORNING))


@pytest.mark.parametrize("language", OTHERS)
def test_an_offer_is_translated_whole_or_not_at_all(language: str) -> None:
    """With and without a place, a need, an age. "Request: место, неясно RU" is nobody's text."""
    for request in REQUESTS:
        sent = offer(request, language)
        assert GUIDE.translated(sent, "en") == offer(request, "en"), sent


@pytest.mark.parametrize("language", ["en", *OTHERS])
@pytest.mark.parametrize("page", ["en", "ru"])
def test_no_translation_keeps_a_word_of_another_language(language: str, page: str) -> None:
    """Of all that services and coordinators are sent. A value that is no text of the content is not translated."""
    names = [name for name in BOOK.notices[language] if name.startswith("to_ngo.")]
    for name in names:
        sent = BOOK.notice(language, name, **dict.fromkeys(SLOTS, "Чужое слово strange"))
        told = GUIDE.translated(sent, page)
        assert "Чужое" not in told or "{" not in BOOK.notices[language][name], sent
        assert page == "ru" or not CYRILLIC.search(told), told


@pytest.mark.parametrize(
    ("value", "told"),
    [("место неясно", "place not said"), ("RU, место неясно", "RU, place not said"), ("чужое", None), ("18:00-21", "18:00-21"),
     ("8-21!!", "any time, URGENT"), ("чужое RU", None)],
)  # fmt: skip
def test_a_value_is_translated_whole_or_not_at_all(value: str, told: str | None) -> None:
    """A space may stand between two values, or inside one."""
    assert Words.of(BOOK, "ru", "en").value(value) == told
