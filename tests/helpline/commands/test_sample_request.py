"""The demo's caseworker finds the request of the guided tour in their list, in each country."""

import pytest

from gateway.phone.guide import Guide
from helpline.commands.operate import sample_request
from helpline.core.config import Config
from helpline.matching.criteria import Criteria
from helpline.matching.ranking import ranked
from menus.converse import converse
from tests.gateway.phone_book import salt
from tests.steps.requests import waiting_request
from tests.world import MORNING, contents, listed

COUNTRIES = ("KG", "KZ", "TJ", "TM", "UZ")
AGE, NEED = "callback.how_old", "callback.need"
SESSION = "the tour"


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("country", COUNTRIES)
def test_the_request_of_the_tour_goes_to_the_service_of_the_demos_caseworker(country: str, language: str) -> None:
    """The tour speaks the language of its page, where callers of the country have it: else the first one."""
    config = Config(country=country)
    texts = contents(config)
    guide, drawn = Guide(texts.book, salt), salt("africastalking", SESSION)
    chosen = {code: keys for code, _, keys in guide.languages()}
    keys = chosen[language if language in chosen else texts.book.languages[0]].split("*")
    for screen, answers in ((AGE, ("0", "1")), (NEED, ("1",))):  # as in tour.js: no age, the first place and need
        keys += guide.way(SESSION, keys, range(len(keys) + 1), screen)
        keys += answers
    draft = converse(texts.book, keys, drawn, set(range(len(keys) + 1))).draft
    assert (draft.place, draft.need) != ("", "")
    zone = texts.country.zone
    asked = waiting_request(language=draft.language, place=draft.place, need=draft.need, window=draft.window, zone=zone)
    services, _ = listed(country, zone, MORNING.date())
    first = ranked(services, Criteria(asked, texts.matching, MORNING, config.fresh_days))[0]
    assert first.id == sample_request.service_of(services)
