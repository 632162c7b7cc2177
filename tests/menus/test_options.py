"""No option can be lost unseen: the proofs of the menus or a story miss nearly every one."""

from pathlib import Path
from random import Random

import pytest

from helpline.content.sources import read_sources
from tests.menus.options import Player, survey

ENOUGH = 0.95
SAMPLE = 10


@pytest.mark.long
@pytest.mark.nightly
def test_no_option_can_be_lost_unseen(tmp_path: Path) -> None:
    """All stories pass; nearly every option that is removed is noticed, and a story that notices it fails."""
    player = Player(tmp_path, read_sources())
    found = survey(player)
    assert found.failed == (), "every story passes with all options, so a failure without one is due to it"
    missed = ", ".join(map(str, found.missed))
    share = 1 - len(found.missed) / len(found.places)
    assert share >= ENOUGH, f"{share:.1%}; write stories that press and then look: {missed}"
    known = sorted(found.by_story)
    sample = Random(16).sample(known, min(SAMPLE, len(known)))
    unmoved = [str(place) for place in sample if not player.play(found.by_story[place], place).failed]
    assert unmoved == [], "removed for real"
