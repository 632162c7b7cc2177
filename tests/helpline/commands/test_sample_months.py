"""The demo's made-up figures: three months of the past, hidden like real ones, and never in place of counted ones."""

from datetime import timedelta

from helpline.commands.operate import sample_months
from helpline.content.sources import ROOT, load_country
from helpline.directory.sample import sample
from helpline.oversight import month_rows, monthly, published
from tests.world import World


def store(world: World) -> list[str]:
    """Store the months, and return their names."""
    country = load_country(ROOT, "KG")
    services, _ = sample("KG", country.zone, world.clock().date())
    with world.db.write() as tx:
        sample_months.store(tx, services, [each.code for each in country.regions], country.languages)
    return monthly.last_months(world.clock(), sample_months.MONTHS)


def test_the_last_three_months_have_figures_of_all_and_of_each_service(world: World) -> None:
    names = store(world)
    months = published.months(world.db, names, lambda place: place, world.clock())
    assert all((month.people.total or 0) >= sample_months.FEWEST for month in months.values())
    assert all(month.asked.total and month.left.total for month in months.values())
    own = published.months(world.db, names, lambda place: place, world.clock(), "kg-bishkek")
    assert all(month.people.total and month.asked.total for month in own.values())


def test_months_that_are_stored_stay_as_they_are(world: World) -> None:
    names = store(world)
    with world.db.read() as tx:
        before = month_rows.stored_months(tx, names)
    assert store(world) == names
    world.clock.at += timedelta(days=31)
    store(world)
    with world.db.read() as tx:
        assert month_rows.stored_months(tx, names) == before
