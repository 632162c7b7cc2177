"""The shapes of a FLOIP flow package (Flow Specification 1.0.0-rc4): ids, languages, resources, exits, blocks.

https://floip.gitbook.io/flow-specification. It knows nothing of our menus; `helpline.commands.menus.flow` does.
"""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from helpline.core.languages import LANGUAGES

Json = dict[str, Any]
VERSION = "1.0.0-rc4"
OURS = uuid.uuid5(uuid.NAMESPACE_DNS, "komek.flows")
"""Where all our ids come from: the same thing has the same id in every export."""
ISO_639_3 = {"en": "eng", "ru": "rus", "kk": "kaz", "ky": "kir", "tg": "tgk", "uz": "uzb", "tk": "tuk"}
SCRIPTS = {"": "", "Cyrl": "-Cyrl", "gsm": "-x-gsm"}
"""The end of our code → the end of the BCP 47 tag. Nobody has registered *letters of GSM-7*, hence the `x`."""
MESSAGE, CASE, RUN_FLOW = "MobilePrimitives.Message", "Core.Case", "Core.RunFlow"
SELECT_ONE, NUMERIC, OPEN = (f"MobilePrimitives.{what}Response" for what in ("SelectOne", "Numeric", "Open"))
SET_PROPERTY = "Core.SetContactProperty"
BRANCHES = {SELECT_ONE: "EXIT_PER_CHOICE", CASE: "ADVANCED"}
"""How the flow builder of FLOIP shows the exits of a block; all others have one."""


def id_of(*parts: str) -> str:
    """Give the id of a thing by its names."""
    return str(uuid.uuid5(OURS, "/".join(parts)))


def language(code: str) -> Json:
    """Describe one of our languages."""
    spoken, _, variant = code.partition("_")
    tag = {"iso_639_3": ISO_639_3[spoken], "bcp_47": f"{spoken}{SCRIPTS[variant]}"}
    return {"id": code, "label": LANGUAGES[code].name, **tag, **({"variant": variant} if variant else {})}


def resource(id: str, said: Mapping[str, str], mode: str) -> Json:
    """Give a text in all its languages; languages in which it is empty are left out."""
    plain = {"content_type": "TEXT", "mime_type": "text/plain", "modes": [mode]}
    return {
        "uuid": id,
        "values": [{"language_id": code, **plain, "value": text} for code, text in said.items() if text],
    }


def leaves(block: str, name: str, to: str = "", test: str = "") -> Json:
    """Give an exit of a block: to another block, or out of the flow. One without a test is the default."""
    found: Json = {"uuid": id_of(block, "exit", name), "name": name}
    if to:
        found["destination_block"] = to
    return found | ({"test": test} if test else {"default": True})


def block(name: str, kind: str, config: Json, exits: Sequence[Json], ours: Mapping[str, object] | None = None) -> Json:
    """Give a block. `name` is also its id's; `ours` is what the specification has no word for."""
    shown = {"branching_type": BRANCHES.get(kind, "UNIFIED")}
    return {
        "uuid": id_of(name), "name": name.replace(".", "_"), "label": name, "type": kind, "config": config,
        "exits": list(exits), "vendor_metadata": {"floip": {"ui_metadata": shown}, "komek": dict(ours or {})},
    }  # fmt: skip


def properties(kept: Sequence[tuple[str, str]]) -> Json:
    """Give the configuration that sets properties of the contact; each value is an expression."""
    return {"set_contact_property": [{"property_key": key, "property_value": f"@({value})"} for key, value in kept]}
