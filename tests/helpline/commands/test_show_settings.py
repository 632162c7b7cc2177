"""`komek settings`: what an operator sees of the settings, and what they never see."""

import pytest
from click.testing import CliRunner

from helpline.cli import komek
from helpline.commands.operate.show_settings import GROUPS
from helpline.core.config import Config

SECRETS = {
    "KOMEK_WORDS_KEY": "a-key-of-words",
    "KOMEK_METRICS_TOKEN": "a-token-of-metrics",
    "KOMEK_REHEARSAL_NUMBERS": "+996000111001",
    "KOMEK_DATABASE_URL": "postgresql://komek:a-password@db.example.org/komek",
    "KOMEK_REDIS_URL": "redis://:a-pass-word@queue.example.org:6379",
}


def shown(monkeypatch: pytest.MonkeyPatch, **environ: str) -> str:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    result = CliRunner().invoke(komek, ["settings"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_every_setting_has_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = shown(monkeypatch).splitlines()
    named = [line.split()[0] for line in lines if line.startswith("  ")]
    assert named == [f"KOMEK_{name.upper()}" for name in ordered()]
    assert max(map(len, lines)) <= 80


def ordered() -> list[str]:
    names = [name for group in GROUPS.values() for name in group.model_fields]
    assert sorted(names) == sorted(Config.model_fields)
    return names


def test_no_secret_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    text = shown(monkeypatch, **SECRETS)
    for secret in (*list(SECRETS.values())[:3], "a-password", "a-pass-word"):
        assert secret not in text
    assert "postgresql://komek:…@db.example.org/komek  (not the default)" in text
    assert "KOMEK_WORDS_KEY                  set" in text
    assert "KOMEK_AUDIT_KEY                  not set" in text


def test_a_changed_number_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = shown(monkeypatch, KOMEK_OFFER_MINUTES="20", KOMEK_UNDO_MINUTES="10").splitlines()
    assert [line.strip() for line in lines if "OFFER_M" in line or "UNDO" in line] == [
        "KOMEK_OFFER_MINUTES              20  (not the default)",
        "KOMEK_UNDO_MINUTES               10",
    ]
