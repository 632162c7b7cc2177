"""What README, quickstart and install page show of our output is what we write. What a start prints: `test_process`."""

import re
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from helpline.cli import komek
from helpline.core.config import Config, ConfigError
from helpline.operations import listening, processes
from helpline.store.engine import Database
from tests.world import World

ROOT = Path(__file__).parents[1]
DIGITS = re.compile(r"[0-9]{5}")
ENGLISH = "4"


def page(name: str) -> str:
    """Return a page with its line breaks as blanks."""
    return " ".join((ROOT / name).read_text("utf-8").split())


@pytest.mark.parametrize("name", ["README.md", "docs/quickstart.md"])
def test_the_offer_that_a_page_shows_is_sent(name: str, clean_sqlite: Database) -> None:
    """The shortest way, as the pages describe it: a time, then the end."""
    world = World.on(clean_sqlite)
    world.contacts_are(language="en")
    world.ask(language=ENGLISH)
    world.run()
    (_, sent) = next(each for each in world.gateway.sent if "NO/YES" in each[1])
    shown = re.findall(r"Request: [^*`]*?NO/YES [0-9]{5}", page(name))
    assert [DIGITS.sub("", each) for each in shown] == [DIGITS.sub("", sent)]


def test_the_version_on_the_install_page_is_printed() -> None:
    printed = CliRunner().invoke(komek, ["--version"]).output.strip()
    assert f"You see `{printed}`" in page("docs/install.md")


def test_the_quickstart_explains_the_messages_of_a_start_that_fails() -> None:
    explained = re.findall(
        r"^\| `{1,2}([^|]+?)`{1,2} \|", (ROOT / "docs/quickstart.md").read_text("utf-8"), re.MULTILINE
    )
    with pytest.raises(ConfigError) as unknown:
        Config.read({"KOMEK_PROT": "1"})
    (fault,) = unknown.value.faults
    assert "is not a setting (did you mean" in fault
    assert any("is not a setting (did you mean" in each for each in explained)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for part, at in ((processes.public({}, "127.0.0.1", port), 8000), (processes.console({}, port=port), 8001)):
            (said,) = listening.faults([part])
            assert said.replace(str(port), str(at)).startswith(f"port {at} of 127.0.0.1 is in use")
            assert f"port {at} of 127.0.0.1 is in use" in explained
