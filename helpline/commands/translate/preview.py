"""`komek translate preview`: every screen and SMS of a language, with the longest values filled in."""

import html
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import which

import click

from helpline.commands.try_out.dial import draw_screen
from helpline.content.loading import Content, print_content
from helpline.content.sms_fit import BY_SMS, longest_in_sms, most
from helpline.content.sources import ROOT, countries, load_country, read_sources
from helpline.core.config import Config
from helpline.core.languages import LANGUAGES
from menus.book import fill
from menus.gsm7 import USSD, fold, room, weigh
from menus.tree import End

BROWSERS = ("chromium", "google-chrome", "chromium-browser")
WIDE, TALL = 1260, 16000
STYLE = """
body{font:15px/1.4 sans-serif;margin:1.5em;background:#f4f1ea;color:#222}h1{font-size:1.3em}
main{display:flex;flex-wrap:wrap;gap:14px;align-items:flex-start}
figure{margin:0;width:200px;background:#2f3437;border-radius:14px;padding:10px}
figcaption{color:#ddd;font-size:11px;overflow-wrap:anywhere}
pre{margin:6px 0;padding:8px;min-height:120px;background:#c9d6b9;border-radius:4px;white-space:pre-wrap;
font:13px/1.35 "DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
.long pre{background:#f0c0b0}.long figcaption{color:#ffb4a0}
"""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One text as a phone shows it."""

    path: str
    """Its path in the content."""
    text: str
    room: int
    """The greatest length, in septets or UCS-2 units."""

    @property
    def foot(self) -> str:
        """Its length and the greatest length."""
        return f"{weigh(self.text)} of {self.room}"

    @property
    def too_long(self) -> bool:
        """Whether it is longer than a phone shows."""
        return weigh(self.text) > self.room


def screens(language: str, path: str, country: str = "", root: Path = ROOT) -> list[Drawn]:
    """Return all texts of a language, complete or not: pages, pages after a wrong key, and SMS.

    `path`: only texts whose path begins with it. Raise `click.BadParameter` if there is no such text or country.
    """
    content = _content(language, country, root)
    found = [each for each in _all(content, language) if each.path.startswith(path)]
    if not found:
        raise click.BadParameter(f"no path begins with {path!r}", param_hint="PATH")
    return found


def _content(language: str, country: str, root: Path) -> Content:
    if language not in LANGUAGES:
        raise click.BadParameter(f"choose one of {', '.join(LANGUAGES)}", param_hint="LANG")
    offering = [code for code in countries(root) if language in load_country(root, code).languages]
    if not offering or (country and country not in offering):
        raise click.BadParameter(
            f"the countries with {language} are: {', '.join(offering) or 'none'}", param_hint="LANG"
        )
    content, _ = print_content(Config(country=country or offering[0]), read_sources(root))
    if language not in content.book.languages:
        raise click.BadParameter(f"{language} has no words in content/words.yaml yet", param_hint="LANG")
    return content


def _all(content: Content, language: str) -> Iterator[Drawn]:
    book, local = content.book, content.book.locals[language]
    for name, pages in book.pages[language].items():
        for at, page in enumerate(pages, 1):
            where = f"{name} {at}/{len(pages)}" if len(pages) > 1 else name
            ends = isinstance(book.tree.screens[name.partition("@")[0]], End)
            for said, beside in ((page.text, ""), ("" if ends else page.wrong, " (wrong key)")):
                text = fold(fill(said, local.longest), language)
                if text:
                    yield Drawn(where + beside, text, room(text, USSD))
    values = {**local.longest, **longest_in_sms(book, language)}
    for path, said in book.notices[language].items():
        if path.partition(".")[0] in BY_SMS:
            text = fold(fill(said, values), language)
            yield Drawn(path, text, most(path, text))


def terminal(shown: Sequence[Drawn]) -> str:
    """Draw the texts one below the other, as `komek dial` does."""
    return "\n".join(f"{each.path}{'  TOO LONG' if each.too_long else ''}\n{draw_screen(each.text)}" for each in shown)


def page(language: str, shown: Sequence[Drawn]) -> str:
    """Draw the texts on one self-contained HTML page."""
    figures = "\n".join(
        f"<figure{' class=long' if each.too_long else ''}><figcaption>{html.escape(each.path)}</figcaption>"
        f"<pre>{html.escape(each.text)}</pre><figcaption>{each.foot}</figcaption></figure>"
        for each in shown
    )
    title = html.escape(f"{LANGUAGES[language].name}: {len(shown)} screens and texts")
    return (
        f'<!doctype html><html lang="{language.replace("_", "-")}"><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}</style><h1>{title}</h1><main>\n{figures}\n</main></html>\n"
    )


def picture(text: str, path: Path) -> None:
    """Take a screenshot of a page with Chromium. Raise `click.ClickException` if Chromium is not installed."""
    browser = next(filter(None, map(which, BROWSERS)), None)
    if browser is None:
        raise click.ClickException("--png needs Chromium, which is not installed; use --html instead")
    with tempfile.TemporaryDirectory(prefix="komek-preview-") as folder:
        file = Path(folder) / "page.html"
        file.write_text(text, "utf-8")
        tall = min(TALL, 120 + 220 * (text.count("<figure") // 5 + 1))
        options = ["--headless", "--no-sandbox", "--hide-scrollbars", f"--window-size={WIDE},{tall}"]
        command = [browser, *options, f"--user-data-dir={folder}/me", f"--screenshot={path.resolve()}", file.as_uri()]
        done = subprocess.run(command, capture_output=True, check=False, timeout=60)
    if done.returncode or not path.exists():
        raise click.ClickException(f"{browser} made no picture (exit code {done.returncode})")
