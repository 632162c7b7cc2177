"""The page about channels: the addresses, options and secrets of each kind are those of the code."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from pydantic import SecretStr

from gateway.channels.providers import PROVIDERS
from helpline.core import gateway_template
from helpline.core.channels_file import ChannelSettings

PAGE = (Path(__file__).parents[2] / "docs" / "channels" / "README.md").read_text()
ROW = re.compile(r"^\| `([a-z-]+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
ROWS = {name: columns for name, *columns in ROW.findall(PAGE) if name in {"kannel", *gateway_template.names()}}
BODIES = {"form": "a form", "json": "JSON", "xml": "XML"}


def quoted(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "–"


@pytest.mark.parametrize("name", ["kannel", *gateway_template.names()])
def test_the_addresses_of_each_kind_are_on_the_page(name: str) -> None:
    """An engineer enters them at the gateway. With any other word at the end, nothing arrives."""
    kind = name if name in PROVIDERS else "template"
    settings = ChannelSettings(name="a", kind=kind, options={"template": name}, secrets={"x": SecretStr("x")})
    kinds = PROVIDERS[kind].channel(settings).kinds
    words = re.findall(r"`([a-z/ID]+)` (GET or POST|GET|POST)", ROWS[name][0])
    assert {(word.partition("/")[0], methods) for word, methods in words} == {
        (word.rstrip("/"), " or ".join(sorted(methods))) for word, methods in kinds.items()
    }
    is_asked = kind == "template" and gateway_template.load(name).poll is not None
    assert kinds or ROWS[name][0] == ("none: it is asked" if is_asked else "none")


@pytest.mark.parametrize("name", gateway_template.names())
def test_the_options_secrets_and_bodies_of_each_template_are_on_the_page(name: str) -> None:
    template = gateway_template.load(name)
    assert ROWS[name][1:] == [quoted(template.options), quoted(template.secrets)]
    steps = (template.ussd, template.inbound, template.receipt)
    assert all(BODIES[step.form] in ROWS[name][0] for step in steps if step)


def test_an_address_on_the_page_has_all_its_parts() -> None:
    assert "`https://HOST/in/<name>/<secret>/<kind>`" in PAGE
