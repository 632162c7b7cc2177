"""Smaller promises of docs/privacy.md, docs/threats.md and docs/rules.md, each by itself."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from gateway.console.forms import COUNTS_FOR
from helpline.accounts import sessions
from helpline.directory.sample import sample
from helpline.matching import candidates
from helpline.request import offers, recipients, requests
from helpline.staff import desk_codes
from helpline.store.engine import Database
from helpline.store.schema import desk_code, spent
from tests.steps.bridge import Caseworker, on
from tests.steps.caller import AGREED, save_draft, the_request
from tests.steps.desk import DESK
from tests.world import CALLER, OTHER, World

NAMED = "+996000777555"
MENUS = Path(__file__).parents[2] / "content" / "menus"


def test_a_form_that_was_sent_is_known_for_thirteen_hours(world: World) -> None:
    """So it counts once, however often it is sent; then its id is deleted."""
    with world.db.write(world.clock()) as tx:
        assert sessions.spend(tx, "form", tx.now + COUNTS_FOR)
        assert not sessions.spend(tx, "form", tx.now + COUNTS_FOR)
    for hours, left in ((12.9, 1), (13, 0)):
        with world.db.write(world.clock() + timedelta(hours=hours)) as tx:
            sessions.sweep(tx)
        assert len(world.rows(spent)) == left


def test_r49_there_is_one_row_for_the_wrong_digits_of_each_desk(world: World) -> None:
    """However often they are wrong, and however often the codes are redrawn."""
    for service in (DESK, "kg-osh"):
        for _ in range(12):
            with world.db.write(world.clock()) as tx:
                if desk_codes.count_wrong(tx, service):
                    desk_codes.redraw(tx, service)
    assert sorted((row.desk, row.draws, row.wrong) for row in world.rows(desk_code)) == [
        (DESK, 2, 2), ("kg-osh", 2, 2),
    ]  # fmt: skip


def test_r30_a_service_that_was_connected_by_a_bridged_call_counts(clean_sqlite: Database) -> None:
    """From the moment of the connection it is one of those that have the number."""
    worker = Caseworker.of(on(clean_sqlite))
    assert have(worker.world) == set()
    worker.start_call()
    assert worker.join() == CALLER
    assert have(worker.world) == {DESK}


def have(world: World) -> set[str]:
    """Return the desks that have the number of the only claim."""
    with world.db.read() as tx:
        (claim,) = offers.held(tx, DESK)
        request = requests.get(tx, claim.request)
        assert request is not None
        return set(recipients.recipients_of(tx, request, world.config.most_services).have)


def test_nothing_tells_the_named_telephone_who_named_it(world: World) -> None:
    """It gets no text, and the service that calls it never learns the number of who asked."""
    world.contacts_are(accepts_numbers_by_sms=True)
    save_draft(world, replace(AGREED, number=NAMED.removeprefix("+"), number_ok="yes"), caller=OTHER)
    world.run()
    to, code = world.offered()
    world.text(to, f"YES {code}")
    world.text(to, f"NUMBER {code}")
    texts = world.gateway.sent
    assert NAMED in texts[-1][1]
    assert [text for phone, text in texts if phone in (NAMED, OTHER)] == []
    assert not any(OTHER in text for _, text in texts)


def test_r17_advice_says_how_to_remove_traces_and_that_an_empty_list_looks_odd() -> None:
    """In English, from which all languages are translated."""
    words = (MENUS / "advice.yaml").read_text("utf-8")
    assert "Delete only these" in words
    assert "an empty list looks odd" in words


def test_r26_no_key_of_the_menu_for_professionals_asks_for_a_call() -> None:
    """They find information. Only a caller can ask for a call, from the first menu."""
    leads_to = re.findall(r"goto: ([\w.]+)", (MENUS / "professionals.yaml").read_text("utf-8"))
    assert leads_to
    assert [name for name in leads_to if name.startswith("callback")] == []


def test_services_are_found_by_the_place_or_its_region(world: World) -> None:
    """A service of another region is not found; one for the whole country always is."""
    services, _ = sample("KG", "Asia/Bishkek", world.clock().date())
    osh = world.public.ctx.country.region_of("KG-GO")
    save_draft(world, replace(AGREED, place="KG-GO"))
    with world.db.read() as tx:
        found = {each.id for each in candidates.candidates(tx, world.public.ctx.country, the_request(world))}
    for each in services:
        near = not each.regions or {"KG-GO", osh} & set(each.regions)
        assert (each.id in found) == bool(near), each.id
