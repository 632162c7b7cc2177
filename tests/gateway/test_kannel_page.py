"""The channels file of docs/channels/kannel.md starts Komek, and Kannel is let in as the page says."""

import logging
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from gateway.app import create_public
from gateway.channels.kannel import OPS, requests_of
from helpline.commands.menus import check_channels
from helpline.core import channels_file
from helpline.core.config import Config
from helpline.core.process_keys import Role
from tests.conftest import Databases
from tests.gateway.running_kannel import NAME, PAGE, connected, needs_kannel
from tests.gateway.test_real_kannel import ABORT, DIAL, Call
from tests.gateway.test_webhooks import EMERGENCY, FIRST, Recorder
from tests.helpline.caller.conftest import one_server, server
from tests.others import until
from tests.workers.conftest import Server

__all__ = ["one_server", "server"]
SECRET = "a-secret-only-for-tests-xx"
CALLER = "996000111001"
TEXT = "саламсыңарбы"


def written(folder: Path, old: str = "", new: str = "") -> Path:
    """Write the channels file of the page, with one thing changed. Return its path."""
    (text,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert old in text
    path = folder / "channels.yaml"
    path.write_text(text.replace(old, new) if old else text)
    return path


def web(path: Path, service: Recorder, *, trust_proxy: bool = False) -> FlaskClient:
    """Start the public web from a channels file."""
    config = Config(channels_file=path, trust_proxy=trust_proxy)
    environ = {"KOMEK_CHANNEL_OPERATOR_A_WEBHOOK_SECRET": SECRET}
    channels = channels_file.read(config, environ, role=Role.PUBLIC)
    return create_public(
        service, config, list, content="", emergency=EMERGENCY, channels=channels
    ).test_client()  # fmt: skip


def hop(op: int, sender: str = CALLER) -> dict[str, str]:
    """Return the headers of a hop."""
    return {"X-Kannel-From": sender, "X-Kannel-Meta-Data": f"?smpp?ussd_service_op={op}&user_message_reference=7&"}


USSD, SMS = f"/in/{NAME}/{SECRET}/ussd?id=1", f"/in/{NAME}/{SECRET}/sms?id=1"


@pytest.mark.parametrize("trust_proxy", [False, True], ids=["no proxy", "a proxy for everybody else"])
def test_komek_starts_from_the_channels_file_of_the_page(tmp_path: Path, trust_proxy: bool) -> None:
    """Kannel is on this host and posts without a proxy."""
    service = Recorder()
    client = web(written(tmp_path), service, trust_proxy=trust_proxy)
    shown = client.post(USSD, data="*500#", headers=hop(1))
    assert (shown.status_code, shown.text) == (200, FIRST.text)
    assert client.post(SMS, data=TEXT.encode(), headers=hop(1)).status_code == 200
    assert [event[0] for event in service.events] == ["press", "sms"]
    assert list(check_channels.faults({"KOMEK_CHANNELS_FILE": str(written(tmp_path))})) == []


def test_the_usual_operations_are_those_of_the_page(tmp_path: Path) -> None:
    (settings,) = channels_file.entries(written(tmp_path))
    assert requests_of(settings).ussd.ops == {name: tuple(values) for name, values in OPS.items()}


MISTAKES = [
    ("dial: 1,", "dial: 256,", "options.ussd.ops.dial"),
    ("dial: 1,", "dial: x,", "options.ussd.ops.dial"),
    ("dial: 1,", "dail: 1,", "options.ussd.ops.dail"),
    ("      smsc: sms-a\n", "", "options.smsc is missing"),
]


@pytest.mark.parametrize(("old", "new", "fault"), MISTAKES)
def test_the_check_says_what_the_start_would_say(tmp_path: Path, old: str, new: str, fault: str) -> None:
    (found,) = check_channels.faults({"KOMEK_CHANNELS_FILE": str(written(tmp_path, old, new))})
    assert fault in found.what
    assert found.line == 8


def fields(caplog: pytest.LogCaptureFixture) -> list[tuple[str, ...]]:
    """Return the events of the log. Nothing of a caller may be in it."""
    for record in caplog.records:
        assert not any(word in repr(vars(record)) for word in (SECRET, CALLER, TEXT))
    return [(record.getMessage(), *map(str, vars(record)["ids"].values())) for record in caplog.records]


REFUSED = [
    (SMS, {}, "X-Kannel-From-is-missing-or-too-long-set-send-sender-true"),
    (
        USSD,
        {"X-Kannel-Meta-Data": "?smpp?ussd_service_op=1&"},
        "X-Kannel-From-is-missing-or-too-long-set-send-sender-true",
    ),
    (SMS.replace("id=1", "id="), hop(1), "id-is-not-1-to-128-letters-of-printable-ASCII"),
    (USSD, hop(19), "no-dial-key-or-end-of-a-call"),
]


@pytest.mark.parametrize(("address", "headers", "fault"), REFUSED)
def test_a_refused_request_of_kannel_is_in_the_log(
    tmp_path: Path, address: str, headers: dict[str, str], fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Kannel gets an empty 200, so without the log a cry for help would be gone without a trace."""
    service = Recorder()
    answer = web(written(tmp_path), service).post(address, data=TEXT.encode(), headers=headers)
    assert (answer.status_code, answer.data, service.events) == (200, b"", [])
    kind = "sms" if "/sms" in address else "ussd"
    assert fields(caplog) == [("request_refused", NAME, kind, fault)]
    assert caplog.records[0].levelno == logging.WARNING


def test_r12_a_hop_from_a_forbidden_network_becomes_no_text(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A 404 would make Kannel text the caller. With a wrong secret there is only the 404 of an unknown address."""
    service, elsewhere = Recorder(), {"REMOTE_ADDR": "198.51.100.1"}
    client = web(written(tmp_path), service)
    answer = client.post(USSD, data="*500#", headers=hop(1), environ_base=elsewhere)
    assert (answer.status_code, answer.data) == (200, b"")
    assert client.post(SMS, data=TEXT.encode(), headers=hop(1), environ_base=elsewhere).status_code == 404
    fault = "network-is-not-in-allow_from"
    assert fields(caplog) == [("request_refused", NAME, kind, fault) for kind in ("ussd", "sms")]
    stranger = client.post(USSD.replace(SECRET, "x" * 26), data="*500#", headers=hop(1), environ_base=elsewhere)
    assert stranger.data == client.post("/unheard-of").data
    assert stranger.status_code == 404
    assert service.events == []


@needs_kannel
@pytest.mark.faults
def test_an_abort_while_komek_is_away_becomes_numbers_without_any_option(
    tmp_path: Path, new_sqlite: Databases, server: Server
) -> None:
    """Kannel has no setting against it, so the operator must not make a text of it: question 5 of the page."""
    with connected(tmp_path, new_sqlite, redis_url=server.url) as kannel:
        call = Call(kannel, CALLER, 4245)
        call.press("*500#", DIAL)
        shown = len(kannel.smsc.submitted)
        kannel.stop_web()
        call.send(ABORT, "")
        (away,) = until(lambda: kannel.smsc.submitted[shown:], "what Kannel says by itself")
        assert (away.text, away.op, away.options) == ("102 103", None, {})
