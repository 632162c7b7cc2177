"""A made-up request for the demo, so that nobody who opens the console first finds an empty list.

It is saved as a caller's is, and lives as one: a service is asked by SMS, and the next one if it does not answer.
"""

from collections.abc import Mapping, Sequence

from helpline.caller import intake
from helpline.caller.caller_context import CallerContext
from helpline.caller.intake import Session
from helpline.content.country import Country
from helpline.content.loading import Content
from helpline.core.config import Config
from helpline.core.phone_numbers import msisdn
from helpline.directory.service import Service
from helpline.keys.sealing import Sealing, Words
from helpline.matching.ranking import km
from helpline.request import requests
from helpline.store.engine import Database
from helpline.store.sql import new_id
from menus.draft import YES, Draft

KEYS_TO_SAVED = 4


def service_of(services: Sequence[Service]) -> str:
    """Return the id of the service that is asked first about the request, or "" without a directory.

    The demo's caseworker works there, so they find the request in their list. The guided tour's request, from the
    first place of the menu, must be offered to this service first, too.
    """
    with_regions = [each for each in services if each.regions] or services
    return next((each.id for each in with_regions), "")


def store(config: Config, keys: Mapping[str, str], texts: Content, db: Database, services: Sequence[Service]) -> None:
    """Save a request about wages from a region with a service of its own, unless there is any request already."""
    with db.read() as tx:
        if requests.contents_since(tx, tx.now, before=True):
            return
    made_up, country = texts.country.made_up, texts.matching
    desk = next((each for each in services if each.id == service_of(services)), None)
    region = _nearest(desk, country) if desk else ""
    number = made_up + "9" * (len(services[0].phone) - len(made_up)) if services else ""
    if not number:
        return
    sealing, words = Sealing.of(keys["sealing_key"]), Words.of(keys["words_key"])
    ctx = CallerContext(db, texts.book, country, config, sealing, words, made_up)
    draft = Draft(language=texts.book.languages[0], consent=YES, window="any", need="wages", place=region)
    intake.save(ctx, Session("demo", new_id(), msisdn(number), KEYS_TO_SAVED, last=True), draft)


def _nearest(service: Service, country: Country) -> str:
    """Return the nearest region that a service serves, so that no service of the whole country is nearer."""
    return min(service.regions, key=lambda region: km(service.at, country.point_of(region)), default="")
