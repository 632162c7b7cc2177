"""The file of channels, and who gets which secret."""

from pathlib import Path

import pytest

from gateway.channels.providers import PROVIDERS
from helpline.commands.menus import check_channels
from helpline.core import channels_file, gateway_template
from helpline.core.channels_file import LAST_KEY
from helpline.core.config import Config, ConfigError
from helpline.core.process_keys import Role

TWO = """
channels:
  - name: operator-a
    kind: africastalking
    codes: {Operator A: [0404, "*500#"], Operator B: 0404}
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
    assert (first.all_codes, first.sender, first.rate) == (("0404", "*500#"), "4040", 5)
    assert first.told_codes == "Operator A 0404 *500#, Operator B 0404"
    assert first.webhook_secrets == (f"{LONG}1", f"{LONG}2")
    assert first.secrets["api_key"].get_secret_value() == "key"
    assert (second.kind, second.webhook_secrets) == ("emulator", (LONG,))
    assert "'key'" not in repr(first.secrets)
    assert LONG not in repr(first)


def test_with_the_file_it_is_no_demo(tmp_path: Path) -> None:
    assert not config(tmp_path, TWO).demo


def test_the_second_channel_of_the_demo_does_not_exist_in_production() -> None:
    assert [each.name for each in channels_file.read(Config(), {})] == ["africastalking", LAST_KEY]
    assert [each.name for each in channels_file.read(Config(channels=("africastalking",)), {})] == ["africastalking"]


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
    (
        'channels: [{name: a, kind: emulator, codes: ["*500#"]}]',
        "codes: Value error, name the operator before its codes",
    ),
    ("channels: [{name: a, kind: emulator, codes: {Operator A: call us}}]", "channel 1: codes.Operator A"),
    ("channels: [{name: a, kind: emulator, secrets: {api_key: x}}]", "a secret must not be in this file"),
    ("channels: [{name: a, kind: emulator}, {name: a, kind: emulator}]", "a is there twice"),
    ("channels: [{name: a, kind: e, calls: true}, {name: b, kind: e, calls: true}]", "only one channel"),
    ("channels: [{name: a, kind: emulator, allow_from: [nowhere]}]", "nowhere is not a network"),
    ('channels: [{name: a, kind: emulator, countries: ["+996"]}]', "+996 is no beginning of a number"),
    ("channels: [{name: a, kind: emulator, countries: [kg]}]", "kg is no beginning of a number"),
    ("channels: [{name: a, kind: emulator, prefixes: [99890]}]", "99890: there, numbers can be taken to another"),
    ("channels: [{name: a, kind: emulator, prefixes: [7701]}]", "7701: there, numbers can be taken to another"),
    ("channels: [{name: a, kind: emulator, countries: [99890]}]", "99890: there, numbers can be taken to another"),
    ("channels: [{name: a, kind: emulator, countries: [7701]}]", "7701: there, numbers can be taken to another"),
    ("channels: [{name: a, kind: emulator, price: 0}]", "channel 1: price"),
    ("channels: [{name: a, kind: emulator, rate: -1}]", "channel 1: rate"),
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


def test_numbers_may_be_told_apart_where_they_stay_with_their_operator(tmp_path: Path) -> None:
    text = "channels: [{name: a, kind: emulator, prefixes: [99655, 99292, 9936], countries: [7, 998, 996]}]"
    (found,) = channels_file.read(config(tmp_path, text), {}, role=Role.WORKER)
    assert found.prefixes == ("99655", "99292", "9936")


SEVERAL = """channels:
  - name: operator-a
    kind: africastalking
    rate: fast
  - name: operator-b
    kind: template
    options: {template: nikita}
    allow_from:
      - nowhere
  - name: operator-b
    kind: carrier-pigeon
  - name: provider
    kind: template
    sends: true
    options:
      template: nalo-ussd
  - name: another
    kind: template
    options: {template: eskiz}
  - name: misspelt
    kind: template
    options: {template: eskizz}
"""


def test_the_check_names_each_fault_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "channels.yaml"
    path.write_text(SEVERAL)
    found = {fault.line: fault.what for fault in check_channels.faults({"KOMEK_CHANNELS_FILE": str(path)})}
    assert set(found) == {4, 8, 10, 11, 14, 19, 22}
    assert "rate" in found[4]
    assert "nowhere" in found[8]
    assert found[10] == "operator-b is there twice"
    assert "there is no kind carrier-pigeon" in found[11]
    assert "sends: false" in found[14]
    assert "url is missing" in found[19]
    assert "there is no template 'eskizz'" in found[22]


@pytest.mark.parametrize(("text", "line"), [("channels:\n  - [", 2), ("channels: {}", 1), ("", 1)])
def test_a_file_that_is_no_list_of_channels_is_one_fault(tmp_path: Path, text: str, line: int) -> None:
    path = tmp_path / "channels.yaml"
    path.write_text(text)
    (fault,) = check_channels.faults({"KOMEK_CHANNELS_FILE": str(path)})
    assert fault.line >= line


def test_a_file_that_is_not_there_is_one_fault(tmp_path: Path) -> None:
    (fault,) = check_channels.faults({"KOMEK_CHANNELS_FILE": str(tmp_path / "none.yaml")})
    assert "cannot be read" in fault.what


def test_the_shipped_templates_have_no_fault() -> None:
    assert list(check_channels.faults({})) == []


GOOD = (gateway_template.FOLDER / "eskiz.yaml").read_text()
MISTAKES = [
    ("token: data.token", "tokens: data.token", "login.token"),
    ("{email:", "{email: {a: 1}, mail:", ""),
    ("Bearer {token}", "Bearer {tocken}", "{tocken} is no value"),
    ("not_verified:", "unverified:", "verified.not_verified"),
    ("DELIVRD: delivered", "DELIVRD: arrived", "poll.statuses.DELIVRD"),
    ("form: form", "form: yaml", "login.form"),
    ("  amount: data.balance", "  amount: data.balance\n  most: 3", "balance.most"),
    ("  status: data.status", "  most: 3\n  status: data.status", "poll.most: needs `id`"),
]


@pytest.mark.parametrize(("was", "now", "fault"), MISTAKES)
def test_a_fault_of_a_template_is_named_with_its_line(was: str, now: str, fault: str) -> None:
    found = list(gateway_template.faults(GOOD.replace(was, now, 1)))
    assert any(fault in what for _, what in found) if fault else not found
    line = GOOD[: GOOD.index(was)].count("\n") + 1
    assert not found or any(abs(at - line) <= 1 or "login" in what or "verified" in what for at, what in found)


def test_the_kinds_are_those_that_there_are() -> None:
    assert set(channels_file.KINDS) == set(PROVIDERS)


BY_XML = "channels: [{name: a, kind: template, sender: %s, codes: %s, options: {template: play-mobile, url: x}}]"
REPLIES = [("Service", "{A: 4040, B: 5050}", False), ("Service", "{A: [4040], B: [4040]}", True),
           ("5050", "{A: [4040, 5050]}", True), ("Service", '{A: ["*500#", 4040]}', True), ("Service", "{}", False),
           ("4040", '{A: "*500#"}', True), ("4040", "{}", True), ("Service", '{A: ["*500#"]}', False)]  # fmt: skip


@pytest.mark.parametrize(("sender", "codes", "fine"), REPLIES)
def test_a_gateway_that_does_not_name_the_code_needs_one(tmp_path: Path, sender: str, codes: str, fine: bool) -> None:
    """Else a reply to a caller could leave from a name that betrays them."""
    (tmp_path / "channels.yaml").write_text(BY_XML % (sender, codes))
    found = [each.what for each in check_channels.faults({"KOMEK_CHANNELS_FILE": str(tmp_path / "channels.yaml")})]
    assert (found == []) is fine
    assert fine or "`sender` must be one of `codes`" in found[0]


@pytest.mark.parametrize(("sender", "codes", "fine"), REPLIES)
def test_a_channel_that_could_answer_no_caller_is_refused_at_a_start(
    tmp_path: Path, sender: str, codes: str, fine: bool
) -> None:
    (tmp_path / "channels.yaml").write_text(BY_XML % (sender, codes))
    config = Config(channels_file=tmp_path / "channels.yaml")
    if fine:
        assert [each.name for each in channels_file.read(config, {})] == ["a"]
        return
    with pytest.raises(ConfigError, match="`sender` must be one of `codes`"):
        channels_file.read(config, {})
