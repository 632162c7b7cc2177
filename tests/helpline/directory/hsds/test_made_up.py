"""The rows of a made-up directory describe its services exactly, in each country."""

from dataclasses import replace

import pytest

from helpline.content.sources import ROOT, load_country
from helpline.directory import replace_directory
from helpline.directory import services as service_rows
from helpline.directory.hsds.draft import tables_of
from helpline.directory.hsds.from_services import rows_of
from helpline.directory.hsds.ground import Ground, places_of
from helpline.directory.hsds.made import make
from helpline.directory.sample import sample
from helpline.directory.services import facts_of
from helpline.staff import contacts
from helpline.store.engine import Database
from tests.world import MORNING


@pytest.mark.parametrize("code", ["KG", "KZ", "TJ", "TM", "UZ"])
def test_the_rows_give_the_same_directory(db: Database, code: str) -> None:
    country = load_country(ROOT, code)
    ground = Ground(country, MORNING.date(), demo=True, places=places_of(ROOT, country))
    with db.write() as tx:
        replace_directory.replace_all(tx, code, *sample(code, country.zone, MORNING.date()))
        services = service_rows.services(tx, code)
        people = [who for kind in ("service", "coordinator") for who in contacts.of_kind(tx, kind, code)]
    assert services
    made = make(tables_of(rows_of(code, services, people)), ground)
    assert made.flaws == []
    assert [facts_of(replace(each, reached=True)) for each in made.services] == [facts_of(each) for each in services]
    told = {(who.kind, who.phone, who.language, who.accepts_numbers_by_sms, who.service) for who in made.contacts}
    assert told == {(who.kind, who.phone, who.language, who.accepts_numbers_by_sms, who.service) for who in people}
