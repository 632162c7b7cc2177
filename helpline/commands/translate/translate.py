"""`komek translate`: the commands for translators. Other modules do the work."""

from pathlib import Path

import click

LANG = click.argument("languages", metavar="[LANG]...", nargs=-1)


@click.group()
def translate() -> None:
    """Translate the texts and have them reviewed. See docs/translations.md."""


@translate.command()
def extract() -> None:
    """Write the template of all texts: content/locale/content.pot."""
    from helpline.commands.translate.update import write_template

    click.echo(write_template())


@translate.command()
@LANG
def update(languages: tuple[str, ...]) -> None:
    """Update the PO files from the English: all, or those of LANG. A missing file is made.

    It keeps valid translations, marks changed texts as fuzzy, moves removed texts to the end, and adds new texts.
    """
    from helpline.commands.translate.update import update_language, wanted_languages

    for language in wanted_languages(languages):
        click.echo(update_language(language))


@translate.command()
@click.argument("language", metavar="LANG")
def draft(language: str) -> None:
    """Draft the missing texts of LANG (uz_Cyrl) from the same language in another alphabet (uz).

    The drafts are marked as fuzzy. Correct words from Russian, and texts that are too long, by hand.
    """
    from helpline.commands.translate.update import draft_language

    click.echo(draft_language(language))


@translate.command()
@LANG
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(languages: tuple[str, ...], as_json: bool) -> None:
    """Show the progress of each language: translated, fuzzy, missing, too long, unreviewed by topic."""
    import json

    from helpline.commands.translate.status import progress, table
    from helpline.commands.translate.update import wanted_languages

    rows = progress(wanted_languages(languages))
    click.echo(json.dumps(rows, ensure_ascii=False, indent=1) if as_json else table(rows))


@translate.command()
@click.argument("language", metavar="LANG")
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="Write the sheet to a file.")
def keywords(language: str, to: Path | None) -> None:
    """Print the SMS words and sample sentences of LANG as a sheet (CSV), with what Komek understands by each."""
    from helpline.commands.translate.keyword_sheet import sheet
    from helpline.commands.translate.update import bases

    if language not in (known := ["en", *bases()]):
        raise click.BadParameter(f"choose from {', '.join(known)}", param_hint="LANG")
    made = sheet(language)
    if to:
        to.write_text(made, "utf-8", newline="")
    else:
        click.echo(made, nl=False)


@translate.command()
@click.argument("language", metavar="LANG")
@click.argument("path", required=False, default="")
@click.option("--text", is_flag=True, help="Draw in the terminal (default).")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write all screens to an HTML page.")
@click.option("--png", type=click.Path(path_type=Path, dir_okay=False), help="Write a picture (needs Chromium).")
@click.option("--country", default="", help="KG, TJ … (default: KOMEK_COUNTRY, or one that offers the language).")
def preview(language: str, path: str, text: bool, html: Path | None, png: Path | None, country: str) -> None:
    """Draw each screen and SMS of LANG with its longest values. PATH limits them to paths that begin with it."""
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
@click.argument("topics", metavar="[TOPIC]...", nargs=-1)
@click.option("--by", "reviewer", required=True, help="The name of the person who read them.")
@click.option("--country", default="", help="KG, TJ … (default: all that offer the language).")
@click.option(
    "--as",
    "role",
    type=click.Choice(["reader", "doctor", "lawyer", "psychologist"]),
    default="reader",
    show_default=True,
    help="Who signs. Only a reader's mark lets a text be sent.",
)
@click.option("--write", is_flag=True, help="Add the marks to content/reviews.yaml.")
def reviewed(language: str, topics: tuple[str, ...], reviewer: str, country: str, role: str, write: bool) -> None:
    """Show the wordings in LANG (of TOPIC) that are not yet reviewed (R13). With --write, mark them as reviewed.

    A doctor, lawyer or psychologist is shown the screens that they must sign and have not signed
    (content/signers.yaml). Run it in a checkout: an update replaces the content of an installed copy.
    """
    from helpline.commands.translate.review import must_last, review

    if write:
        must_last()
    click.echo(review(language, topics, reviewer, country.upper(), write=write, role=role))


@translate.command()
@click.option("--write", is_flag=True, help="Add them to content/reviews.yaml.")
def marks(write: bool) -> None:
    """Print the review marks that were set at the console and that content/reviews.yaml does not have yet (R13).

    Run it in a checkout, with the settings of the service: an update replaces the content of an installed copy.
    """
    from helpline.commands.operate.deployment import deployment
    from helpline.commands.translate import review
    from helpline.content.sources import ROOT
    from helpline.oversight import marking

    if write:
        review.must_last()
    with deployment() as here, here.db.read() as tx:
        found = [each.mark for each in marking.to_add(tx, review.all_reviews(ROOT))]
    if write and found:
        review.add(found, ROOT)
    for mark in found:
        click.echo(review.line(mark))
    click.echo(f"{len(found)} marks {'added' if write else 'to add'}", err=True)
