"""R12 in every language and on every channel: a caller gets no text that a text of theirs has not earned."""

from datetime import timedelta

import pytest

from helpline.content.sources import ROOT, countries, load_country
from helpline.content.yaml_files import read_yaml
from helpline.core.config import Config
from helpline.core.phone_numbers import Hidden
from helpline.store import outbox, texts_out
from tests.conftest import Databases
from tests.world import CALLER, World, contents

COUNTRIES = countries()
LANGUAGES = sorted(path.stem for path in (ROOT / "sentences").glob("*.yaml"))
DIALLED = [
    (country, str(key), language)
    for country in COUNTRIES
    for key, language in enumerate(contents(Config(country=country)).book.languages, 1)
]
AFTER_THE_TIME = ("1", "0", "1", "0", "1", "1", "1", "2", "1", "1", "0")
"""To the permissions, a yes to each of them, also to an SMS, and past the two words."""


def caller_of(country: str) -> str:
    """Return a made-up number of a country."""
    return f"{load_country(ROOT, country).made_up}111001"


def put(world: World, notice: str, language: str, number: int, *, earned: bool) -> None:
    """Write a text to a caller into the outbox, as any part of the code could."""
    id = f"text-{number}"
    sealed = world.work.inbound.dialogue.ctx.sealing.seal(id, Hidden(CALLER))
    with world.db.write(world.clock()) as tx:
        values = {"earned": True} if earned else {}
        texts_out.add(tx, "caller", "", notice, language, values=values, sealed=sealed, id=id)
        outbox.wake(tx, "send", id, world.clock())


@pytest.mark.parametrize("earned", [False, True])
@pytest.mark.parametrize("country", COUNTRIES)
def test_r12_no_text_in_any_language_leaves_unless_it_was_earned(
    new_sqlite: Databases, country: str, earned: bool
) -> None:
    """Each text in each language of each country. The same texts leave if a caller's own text has earned them."""
    world = World.on(new_sqlite(), country=country)
    book = world.work.outgoing.reviews.book
    notices = [name for name in book.tree.notices if name.startswith("to_caller.")]
    texts = [(notice, language) for language in book.languages for notice in notices]
    assert notices
    for number, (notice, language) in enumerate(texts):
        put(world, notice, language, number, earned=earned)
    world.run()
    assert len(world.inbox(CALLER)) == (len(texts) if earned else 0)


@pytest.mark.parametrize(("country", "key", "language"), DIALLED)
def test_r12_who_only_dials_gets_no_text_in_any_language(
    new_sqlite: Databases, country: str, key: str, language: str
) -> None:
    """From the dial to the end of consent: asked, claimed, shown, reached, another hour, and *do not ring me*."""
    world, caller = World.on(new_sqlite(), country=country), caller_of(country)
    call = world.ask(caller, language=key, last=False)
    for answer in AFTER_THE_TIME:
        if not call.reply.last:
            call.press(answer)
    world.run()
    to, code = world.offered()
    for order in ("YES", "NUMBER", "REACHED", "DONE"):
        world.text(to, f"{order} {code}")
    world.dial(caller)
    world.wait(timedelta(days=31))
    assert caller in " ".join(world.inbox(to)), "the service called them, and nobody texted them"
    assert world.inbox(caller) == []


def sentences(language: str, meaning: str) -> list[str]:
    """Return every twentieth sentence of a meaning, as people text it."""
    return str(read_yaml(ROOT / "sentences" / f"{language}.yaml")[meaning]).splitlines()[::20]


@pytest.mark.parametrize("meaning", ["stop", "danger", "request", "both", "other"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_r12_each_text_in_any_language_earns_one_reply_at_most(
    new_sqlite: Databases, language: str, meaning: str
) -> None:
    """And none for a stop. Whatever happens in the month after, nothing more follows.

    In a country that offers the language, so that the replies are in it, too.
    """
    country = next(country for country, _, offered in DIALLED if offered == language)
    world, caller = World.on(new_sqlite(), country=country), caller_of(country)
    for text in sentences(language, meaning):
        before = len(world.inbox(caller))
        world.text(caller, text)
        assert len(world.inbox(caller)) - before in ((0,) if meaning in ("stop", "both") else (0, 1)), text
    written = len(world.inbox(caller))
    world.wait(timedelta(days=31))
    assert len(world.inbox(caller)) == written
