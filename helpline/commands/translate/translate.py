"""`komek translate`: what a translator needs. The commands only; the work is in `helpline.content.translatable` and
beside.
"""

from pathlib import Path

import click

LANG = click.argument("languages", metavar="[LANG]...", nargs=-1)


@click.group()
def translate() -> None:
    """Translate the texts: extract, update, status, preview, reviewed. How: docs/translations.md."""


@translate.command()
def extract() -> None:
    """Write the template of all texts, content/locale/content.pot."""
    from helpline.commands.translate.update import write_template

    click.echo(write_template())


@translate.command()
@LANG
def update(languages: tuple[str, ...]) -> None:
    """Bring PO files up to date with the English (all, or those of LANG; a new one is made).

    Keeps what holds, marks as fuzzy what changed, moves to the end what is no text any more, adds what is new.
    """
    from helpline.commands.translate.update import update_language, wanted_languages

    for language in wanted_languages(languages):
        click.echo(update_language(language))


@translate.command()
@click.argument("language", metavar="LANG")
def draft(language: str) -> None:
    """Fill what is missing in LANG (uz_Cyrl) from the same language in other letters (uz), marked as fuzzy.

    To be corrected by hand: words from Russian, what is too long.
    """
    from helpline.commands.translate.update import draft_language

    click.echo(draft_language(language))


@translate.command()
@LANG
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def status(languages: tuple[str, ...], as_json: bool) -> None:
    """Show how each language stands: translated, fuzzy, missing, too long, unreviewed by topic."""
    import json

    from helpline.commands.translate.status import standing, table
    from helpline.commands.translate.update import wanted_languages

    rows = standing(wanted_languages(languages))
    click.echo(json.dumps(rows, ensure_ascii=False, indent=1) if as_json else table(rows))


@translate.command()
@click.argument("language", metavar="LANG")
@click.argument("path", required=False, default="")
@click.option("--text", is_flag=True, help="Draw in the terminal (this is what happens anyway).")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write all screens to one page.")
@click.option("--png", type=click.Path(path_type=Path, dir_okay=False), help="Write a picture (needs Chromium).")
@click.option("--country", default="", help="KG, TJ … (default: KOMEK_COUNTRY, or one that offers the language).")
def preview(language: str, path: str, text: bool, html: Path | None, png: Path | None, country: str) -> None:
    """Draw the telephone with each screen of LANG, its longest values in place; PATH: only what begins so."""
    from helpline.commands.translate import preview

    screens = preview.screens(language, path, country.upper())
    if html:
        html.write_text(preview.page(language, screens), "utf-8")
    if png:
        preview.picture(preview.page(language, screens), png)
    if text or not (html or png):
        click.echo(preview.terminal(screens))


@translate.command()
@click.argument("language", metavar="LANG")
@click.argument("topic")
@click.option("--by", "reviewer", required=True, help="Who read them.")
@click.option("--country", default="", help="KG, TJ … (default: all that offer the language).")
@click.option("--write", is_flag=True, help="Add the marks to content/reviews.yaml.")
def reviewed(language: str, topic: str, reviewer: str, country: str, write: bool) -> None:
    """Show the wordings of TOPIC in LANG that nobody has read (R13); --write notes in reviews.yaml that they are."""
    from helpline.commands.translate.review import review

    click.echo(review(language, topic, reviewer, country.upper(), write=write))
