"""`komek open`, and what `doctor` says before."""

from pathlib import Path

from helpline.keys.keyring import new_keys
from helpline.store import launch
from helpline.store.connection import connect
from tests.steps.command_line import komek


def test_open_names_what_is_missing_and_opens_nothing(tmp_path: Path) -> None:
    """On a machine where nobody has done anything yet, each line says what resolves it. `doctor` has the same list."""
    keys = {f"KOMEK_{name.upper()}": key for name, key in new_keys().items() if name in {"audit_key", "contact_key"}}
    told = {"KOMEK_DATA": str(tmp_path), "KOMEK_CHANNELS": "africastalking", **keys}
    assert komek("migrate", told=told).code == 0
    done = komek("open", "--by", "Aida", "--no-short-code", told=told)
    assert done.code == 1
    assert "the line stays closed: resolve what is BAD" in done.errors
    bad = [line.split()[1] for line in done.out.splitlines() if line.startswith("BAD")]
    assert bad == ["people", "people", *["texts"] * 11, "law", "safety"], (
        "numbers; in five languages reviews and signatures"
    )
    assert "`komek open --no-legal-duty`" in done.out
    assert komek("open", "--no-short-code", told=told).out == done.out, "who only looks need not say their name"
    assert "who closes the line: --by NAME" in komek("open", "--undo", told=told).errors
    doctor = komek("doctor", told=told).out
    assert f"BAD  line: {launch.NOT_OPEN}" in doctor
    assert doctor.count("BAD  before callers: ") == len(bad) + 1
    db = connect(f"sqlite:///{tmp_path / 'komek.sqlite3'}")
    with db.read() as tx:
        assert launch.is_closed(tx)
    with db.write() as tx:
        launch.open_up(tx)
    db.dispose()
    assert "the line stays open: " in komek("open", "--by", "Aida", told=told).errors


def test_the_demo_has_no_line_to_open(tmp_path: Path) -> None:
    told = {"KOMEK_DATA": str(tmp_path), **{f"KOMEK_{name.upper()}": key for name, key in new_keys().items()}}
    del told["KOMEK_RESTORE_KEY"]
    assert komek("migrate", told=told).code == 0
    done = komek("open", "--by", "Aida", told=told)
    assert done.code == 1
    assert "the demo is always open" in done.errors
