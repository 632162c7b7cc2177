"""The file of channels, and who gets which secret."""

from pathlib import Path

import pytest

from helpline.core import channels_file
from helpline.core.config import Config, ConfigError
from helpline.core.process_keys import Role

TWO = """
channels:
  - name: operator-a
    kind: africastalking
    codes: [0404, "*500#"]
    sender: 4040
    calls: true
    rate: 5
    allow_from: [192.0.2.0/24]
  - name: operator-b
    kind: emulator
    options: {url: "http://127.0.0.1:1"}
"""
LONG = "s" * 30


def config(folder: Path, text: str) -> Config:
    path = folder / "channels.yaml"
    path.write_text(text)
    return Config(channels_file=path)


def test_the_file_describes_several_channels(tmp_path: Path) -> None:
    environ = {
        "KOMEK_CHANNEL_OPERATOR_A_WEBHOOK_SECRET": f"{LONG}1,{LONG}2",
        "KOMEK_CHANNEL_OPERATOR_A_API_KEY": "key",
        "KOMEK_CHANNEL_OPERATOR_B_WEBHOOK_SECRET": LONG,
    }
    first, second = channels_file.read(config(tmp_path, TWO), environ, role=Role.WORKER)
    assert (first.codes, first.sender, first.rate) == (("0404", "*500#"), "4040", 5)
    assert first.webhook_secrets == (f"{LONG}1", f"{LONG}2")
    assert first.secrets["api_key"].get_secret_value() == "key"
    assert (second.kind, second.webhook_secrets) == ("emulator", (LONG,))
    assert "'key'" not in repr(first.secrets)
    assert LONG not in repr(first)


def test_with_the_file_it_is_no_demo(tmp_path: Path) -> None:
    assert not config(tmp_path, TWO).demo


def test_a_secret_may_be_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"{LONG}\n")
    environ = {f"KOMEK_CHANNEL_OPERATOR_{each}_WEBHOOK_SECRET_FILE": str(tmp_path / "secret") for each in "AB"}
    first, _ = channels_file.read(config(tmp_path, TWO), environ, role=Role.PUBLIC)
    assert first.webhook_secrets == (LONG,)


def faults(folder: Path, text: str, role: Role = Role.WORKER, **environ: str) -> str:
    with pytest.raises(ConfigError) as caught:
        channels_file.read(config(folder, text), environ, role=role)
    return "\n".join(caught.value.faults)


WRONG = [
    ("channels: []", "at least one channel"),
    ("[", "cannot be read"),
    ("channels: [{name: Operator, kind: emulator}]", "channel 1: name"),
    ("channels: [{name: a, kind: emulator, colour: red}]", "channel 1: colour"),
    ("channels: [{name: a, kind: emulator, secrets: {api_key: x}}]", "a secret must not be in this file"),
    ("channels: [{name: a, kind: emulator}, {name: a, kind: emulator}]", "a is there twice"),
    ("channels: [{name: a, kind: e, calls: true}, {name: b, kind: e, calls: true}]", "only one channel"),
    ("channels: [{name: a, kind: emulator, allow_from: [nowhere]}]", "nowhere is not a network"),
]


@pytest.mark.parametrize(("text", "fault"), WRONG)
def test_each_fault_is_named(text: str, fault: str, tmp_path: Path) -> None:
    assert fault in faults(tmp_path, text)


def test_the_public_process_needs_webhook_secrets_and_gets_no_others(tmp_path: Path) -> None:
    found = faults(tmp_path, TWO, Role.PUBLIC, KOMEK_CHANNEL_OPERATOR_A_API_KEY="key")
    assert "KOMEK_CHANNEL_OPERATOR_A_API_KEY must not be given to the public process" in found
    assert "KOMEK_CHANNEL_OPERATOR_B_WEBHOOK_SECRET: each needs at least 22 letters" in found


def test_a_secret_of_no_channel_is_a_fault(tmp_path: Path) -> None:
    assert "KOMEK_CHANNEL_OPERATER_A_API_KEY: there is no such" in faults(
        tmp_path, TWO, KOMEK_CHANNEL_OPERATER_A_API_KEY="x"
    )
