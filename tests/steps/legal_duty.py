"""A country whose law requires us to pass on what we learn (R22). None has such a duty in its file yet."""

import re
import shutil
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from helpline.content import loading
from helpline.content.loading import Content
from helpline.content.sources import ROOT
from helpline.core.config import Config
from menus.draft import YES
from tests.world import World

DUTY = """legal_duty:
  text: {ky: "Мыйзам боюнча кабарлайбыз.", ru: "По закону мы сообщаем.", uz_Cyrl: "Қонун бўйича айтамиз.", tg: "Мувофиқи қонун хабар медиҳем.", en: "By law we tell."}
  signed: {by: a lawyer of the example, on: 2026-11-24}"""


def with_duty(root: Path, duty: str, country: str = "KG") -> Content:
    """A copy of the content in which a country has such a duty."""
    shutil.copytree(ROOT, root / "content")
    file = root / "content" / "countries" / f"{country.lower()}.yaml"
    file.write_text(re.sub("^legal_duty: null", duty, file.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    return loading.load(Config(country=country), root / "content")


@lru_cache
def _content(country: str) -> Content:
    with TemporaryDirectory() as root:
        return with_duty(Path(root), DUTY, country)


def explain_first(world: World) -> None:
    """Say from now on what the law requires, before anything is asked."""
    ctx = replace(world.public.ctx, book=_content(world.config.country).book)
    world.public = replace(world.public, ctx=ctx, duty=YES)
