"""The channels: which gateways this deployment is connected to, from the file of `KOMEK_CHANNELS_FILE`.

Without the file there is one channel for each name in `KOMEK_CHANNELS`, with the settings of `Config`; in the demo
there are two emulated ones. Secrets are not in the file. They come as `KOMEK_CHANNEL_<NAME>_<FIELD>`, or with `_FILE`
at the end as the path of a file. The public process gets the webhook secrets, and only workers get all others.
"""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, StringConstraints, ValidationError

from helpline.core import gateway_template
from helpline.core.config import SHORTEST_SECRET, Config, ConfigError
from helpline.core.phone_numbers import Msisdn
from helpline.core.process_keys import CHANNEL_PREFIX, PREFIX, Role
from helpline.core.yaml_places import line_of, line_of_error

DEMO = "africastalking"
LAST_KEY = "last-key"
"""The demo's second channel: a gateway that sends only the last key of a call."""
KINDS = ("africastalking", "emulator", "kannel", "template")
"""The files of `gateway/channels` that speak with a gateway."""
WEBHOOK_SECRET = "webhook_secret"  # noqa: S105  # the name of a field


_BEGINNING = re.compile(r"[1-9][0-9]{0,11}")
_PORTABLE = re.compile(r"7[67][0-9]|998[0-9]")
"""Beginnings of numbers of Kazakhstan and Uzbekistan that once belonged to one operator."""


def _tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_tuple)]
Code = Annotated[str, StringConstraints(pattern=r"^\+?[0-9*#]{2,20}$")]


def _by_operator(value: object) -> object:
    """Return the codes of each operator as a tuple. Raise `ValueError` if the operators are not named."""
    if not isinstance(value, Mapping):
        raise ValueError('name the operator before its codes, such as {Operator A: ["*500#", "4040"]}')
    return {name: (found,) if isinstance(found, str) else _tuple(found) for name, found in value.items()}


class ChannelSettings(BaseModel):
    """One channel, as its file describes it. docs/channels/README.md explains each field."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")
    """It is part of the webhooks' addresses."""
    kind: str
    """Which file of `gateway/channels` speaks with the gateway."""
    codes: Annotated[Mapping[str, tuple[Code, ...]], BeforeValidator(_by_operator)] = Field(default_factory=dict)
    """The operator, as its customers name it → the codes and numbers that they dial or write to. Empty: any."""
    sender: str = ""
    """The code or name from which texts are sent that answer nobody."""
    countries: Texts = ()
    """The calling codes (`996`) of the numbers that it sends to. Empty: all."""
    prefixes: Texts = ()
    """The beginnings of numbers that it sends to (`99655`), where numbers cannot be taken to another operator."""
    sends: bool = True
    """Whether services and coordinators are texted through it."""
    calls: bool = False
    """Whether bridged calls go through it."""
    rate: float | None = Field(None, gt=0)
    """The most texts a second. None: no limit."""
    price: float | None = Field(None, gt=0)
    """What one part of a text costs, in the gateway's currency."""
    low_balance: float | None = Field(None, ge=0)
    """Below this amount, operators are told to top up."""
    allow_from: Texts = ()
    """The networks that its webhooks accept requests from. Empty: any."""
    options: dict[str, Any] = Field(default_factory=dict)
    """What only this kind of channel knows."""
    secrets: dict[str, SecretStr] = Field(default_factory=dict, exclude=True, repr=False)
    """By field in lower case, from the environment."""

    def is_low(self, balance: float | None) -> bool:
        """Whether so little money is left that somebody must top up."""
        return self.low_balance is not None and balance is not None and balance < self.low_balance

    def reaches(self, number: Msisdn) -> bool:
        """Whether texts to this number, which answer nobody, may go through the channel."""
        beginnings = self.prefixes or self.countries
        return self.sends and (not beginnings or number.reveal().removeprefix("+").startswith(beginnings))

    @property
    def all_codes(self) -> tuple[str, ...]:
        """The codes of all operators, each once. Several operators may have given the same one."""
        return tuple(dict.fromkeys(code for codes in self.codes.values() for code in codes))

    @property
    def told_codes(self) -> str:
        """What people are told to dial or write to: `Operator A *500# 4040, Operator B 4040`."""
        return ", ".join(" ".join((name, *codes)) for name, codes in self.codes.items() if codes)

    @property
    def reply_code(self) -> str | None:
        """The code that a caller wrote to, if their gateway does not say it: the channel's only one, or its sender.

        Empty: the usual one of the gateway, as no codes for texts and no sender are given. None: it is unknown, so a
        reply could leave from another code, or from a name that betrays the caller (R12).
        """
        codes = [each for each in self.all_codes if not each.startswith(("*", "#"))]
        if len(codes) == 1:
            return codes[0]
        if self.sender in codes or (not codes and not any(map(str.isalpha, self.sender))):
            return self.sender
        return None

    @property
    def webhook_secrets(self) -> tuple[str, ...]:
        """The valid webhook secrets. There are two during a rotation."""
        given = self.secrets.get(WEBHOOK_SECRET, SecretStr("")).get_secret_value()
        return tuple(part for part in given.split(",") if part)


def read(
    config: Config, environ: Mapping[str, str] = os.environ, *, role: Role = Role.COMMAND
) -> tuple[ChannelSettings, ...]:
    """Return the channels of a process of this `role`. Raise `ConfigError` with all errors."""
    if config.channels_file is None:
        usual = of_config(config)
        return (*usual, _last_key(usual[0])) if config.demo else usual
    channels, faults = _in_file(config.channels_file)
    secrets, wrong = _secrets(environ, [each.name for each in channels])
    channels = [each.model_copy(update={"secrets": secrets[each.name]}) for each in channels]
    faults += [*wrong, *_unsafe(channels, role)]
    if faults:
        raise ConfigError(faults)
    return tuple(channels)


def _last_key(usual: ChannelSettings) -> ChannelSettings:
    """Return the demo's second channel. It answers callers, and texts nobody else."""
    return usual.model_copy(update={"name": LAST_KEY, "kind": "emulator", "sends": False, "calls": False})


def names_of(config: Config) -> tuple[str, ...]:
    """Return the names of the channels, for people who look how they are doing. None in the demo."""
    if config.channels_file is None:
        return config.channels
    return tuple(each.name for each in _in_file(config.channels_file)[0])


def entries(path: Path) -> Sequence[ChannelSettings]:
    """Return the channels of a file without their secrets, those that can be read."""
    return _in_file(path)[0]


def faults_of(path: Path) -> list[str]:
    """Return what is wrong with a file of channels, each with its line. Secrets are not looked at."""
    return _in_file(path, with_kinds=True)[1]


def _of_kinds(channels: Sequence[ChannelSettings]) -> Iterable[tuple[int, str, str]]:
    """Yield what the kind of a channel, or its template, does not fit."""
    for at, each in enumerate(channels):
        if each.kind not in KINDS:
            yield at, "kind", f"{each.name}: there is no kind {each.kind}; there are {', '.join(KINDS)}"
        if each.kind == "template":
            yield from ((at, field, f"{each.name}: {what}") for field, what in _of_template(each))


def _of_template(channel: ChannelSettings) -> Iterable[tuple[str, str]]:
    try:
        template = gateway_template.load(str(channel.options.get("template", "")))
    except ValueError as error:
        yield "options", str(error)
        return
    for option in template.options:
        if option not in channel.options:
            yield "options", f"{option} is missing"
    if template.send is None and channel.sends:
        yield "sends", f"the template {channel.options['template']} sends no texts: add `sends: false`"


def senders_of(config: Config) -> tuple[ChannelSettings, ...]:
    """Return the channels without their secrets, for those who look which numbers they reach."""
    return of_config(config) if config.channels_file is None else tuple(_in_file(config.channels_file)[0])


def of_config(config: Config) -> tuple[ChannelSettings, ...]:
    """Return the channels that `KOMEK_CHANNELS` names. Each has the settings that `Config` has for all."""
    options = {"username": config.gateway_username, "url": config.gateway_url}
    secrets = {WEBHOOK_SECRET: config.webhook_secret, "api_key": config.gateway_api_key}
    return tuple(
        ChannelSettings(
            name=name, kind=name, sender=config.gateway_sender, allow_from=config.allow_from, options=options,
            calls=True, secrets=secrets,
        )
        for name in config.channels or (DEMO,)
    )  # fmt: skip


def _in_file(path: Path, *, with_kinds: bool = False) -> tuple[list[ChannelSettings], list[str]]:
    """Read the file. Return its channels, and what is wrong with it, each with its line.

    `with_kinds`: also what their kinds and templates do not fit, which the processes find when they connect them.
    """
    try:
        text = path.read_text("utf-8")
        written = yaml.load(text, yaml.BaseLoader)  # noqa: S506  # all is text: a code such as 0500 stays one
    except yaml.YAMLError as error:
        return [], [f"{path.name}:{line_of_error(error)}: it is not YAML, so {PREFIX}CHANNELS_FILE cannot be read"]
    except (OSError, UnicodeDecodeError) as error:
        return [], [f"{PREFIX}CHANNELS_FILE cannot be read ({type(error).__name__})"]
    entries = written.get("channels") if isinstance(written, dict) else None
    if not isinstance(entries, list) or not entries:
        return [], [f"{path.name}:1: there must be a list `channels` with at least one channel"]
    channels: list[ChannelSettings] = []
    places: list[int] = []
    found: list[tuple[Sequence[str | int], str]] = []
    for at, entry in enumerate(entries):
        where, here = f"channel {at + 1}", ("channels", at)
        if not isinstance(entry, dict) or "secrets" in entry:
            told = f"{where}: a secret must not be in this file; give {CHANNEL_PREFIX}<NAME>_<FIELD>"
            found.append(((*here, "secrets"), told))
            continue
        try:
            channels.append(ChannelSettings.model_validate(entry))
            places.append(at)
        except ValidationError as error:
            found += [((*here, *each["loc"]), f"{where}: {'.'.join(map(str, each['loc']))}: {each['msg']}")
                      for each in error.errors()]  # fmt: skip
    kinds = _of_kinds(channels) if with_kinds else ()
    found += [(("channels", places[at], field), what) for at, field, what in (*_contradictions(channels), *kinds)]
    return channels, [f"{path.name}:{line_of(text, where)}: {what}" for where, what in found]


def _contradictions(channels: Sequence[ChannelSettings]) -> Iterable[tuple[int, str, str]]:
    """Yield what is wrong: the position of the channel, its field, and the fault."""
    names = [each.name for each in channels]
    calling = [at for at, each in enumerate(channels) if each.calls]
    yield from ((at, "name", f"{name} is there twice") for at, name in enumerate(names) if name in names[:at])
    yield from ((at, "calls", "only one channel may have `calls: true`") for at in calling[1:])
    for at, channel in enumerate(channels):
        for network in channel.allow_from:
            try:
                ip_network(network)
            except ValueError:
                told = f"{network} is not a network such as 203.0.113.0/24"
                yield at, "allow_from", f"{channel.name}: allow_from: {told}"
        yield from ((at, field, f"{channel.name}: {what}") for field, what in _beginnings(channel))
        if channel.kind == "template" and channel.reply_code is None and gateway_template.lacks_code(channel.options):
            told = "the gateway does not say which code a text came to: `sender` must be one of `codes`"
            yield at, "sender", f"{channel.name}: {told}, as no caller could be answered"


def _beginnings(channel: ChannelSettings) -> Iterable[tuple[str, str]]:
    """Yield each beginning that is none, or that can belong to any operator, with its field."""
    for field, beginnings in (("countries", channel.countries), ("prefixes", channel.prefixes)):
        for each in beginnings:
            if not _BEGINNING.fullmatch(each):
                yield field, f"{each} is no beginning of a number: write digits without +, such as 996"
            elif _PORTABLE.match(each):
                told = "there, numbers can be taken to another operator; write 7 or 998 in `countries`"
                yield field, f"{each}: {told}"


def _secrets(environ: Mapping[str, str], names: Sequence[str]) -> tuple[dict[str, dict[str, SecretStr]], list[str]]:
    """Return the secrets of each channel, and what is wrong with the environment."""
    found: dict[str, dict[str, SecretStr]] = {name: {} for name in names}
    faults: list[str] = []
    for variable, value in environ.items():
        if not variable.startswith(CHANNEL_PREFIX):
            continue
        name = _owner(variable, names)
        if name is None:
            faults.append(f"{variable}: there is no such channel in the channels file")
            continue
        field = variable.removeprefix(f"{CHANNEL_PREFIX}{_upper(name)}_").lower()
        try:
            secret = Path(value).read_text().strip() if field.endswith("_file") else value
        except OSError as error:
            faults.append(f"{variable}: cannot be read ({type(error).__name__})")
            continue
        found[name][field.removesuffix("_file")] = SecretStr(secret)
    return found, faults


def _owner(variable: str, names: Sequence[str]) -> str | None:
    """Return the channel with the longest name that a variable begins with."""
    fitting = [name for name in names if variable.startswith(f"{CHANNEL_PREFIX}{_upper(name)}_")]
    return max(fitting, key=len, default=None)


def _upper(name: str) -> str:
    return name.upper().replace("-", "_")


def _unsafe(channels: Sequence[ChannelSettings], role: Role) -> Iterable[str]:
    for channel in channels:
        before = f"{CHANNEL_PREFIX}{_upper(channel.name)}_"
        if role is Role.PUBLIC:
            for secret in channel.webhook_secrets or ("",):
                if len(secret) < SHORTEST_SECRET:
                    yield (
                        f"{before}WEBHOOK_SECRET: each needs at least {SHORTEST_SECRET} letters; "
                        "make one with `komek keys new`"
                    )
        if role in {Role.PUBLIC, Role.CONSOLE}:
            for field in sorted(channel.secrets.keys() - {WEBHOOK_SECRET}):
                yield f"{before}{field.upper()} must not be given to the {role} process: it sends no messages"


def is_webhook_secret(variable: str) -> bool:
    """Whether an environment variable holds the webhook secret of a channel."""
    bare = variable.removesuffix("_FILE")
    return variable.startswith(CHANNEL_PREFIX) and bare.endswith(f"_{WEBHOOK_SECRET.upper()}")
