"""`komek report`: the figures of a month as a table and as a paper, with small numbers hidden (R36)."""

from __future__ import annotations

from pathlib import Path

import click

FILE = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.command()
@click.option("--month", default="", help="Which, as 2026-11 (default: the last one that is over).")
@click.option("--language", type=click.Choice(["en", "ru"]), default="en", show_default=True)
@click.option("--service", default="", help="Of one service only: its id.")
@click.option("--pdf", type=FILE, help="Write the report as PDF.")
@click.option("--csv", "table", type=FILE, help="Write the same as CSV.")
@click.option("--draft", is_flag=True, help="A month that is not over: marked, not kept, not for publishing.")
def report(month: str, language: str, service: str, pdf: Path | None, table: Path | None, draft: bool) -> None:
    """Write the figures of a month: counts of requests, times, how services answered (R36).

    A month is counted once, when it is over: what is written later is the same.
    """
    from helpline import console_texts, monthly, published
    from helpline import report as words
    from helpline.commands.deployment import deployment
    from helpline.sources import ROOT, load_country, matching_of
    from helpline.store import directory

    if not (pdf or table):
        raise click.UsageError("say where to: --pdf FILE, --csv FILE, or both")
    with deployment() as here:
        named = month or monthly.last_months(here.now, 1)[0]
        country = load_country(ROOT, here.config.country)
        region_of = matching_of(ROOT, country).region_of
        running = _is_running(named, draft, published.is_over(named, here.now))
        with here.db.read() as tx:
            services = directory.services(tx, here.config.country)
            counted = published.preview(tx, named, region_of, service) if running else None
        if service and service not in {each.id for each in services}:
            raise click.BadParameter("there is no such service in the directory", param_hint="--service")
        counted = counted or published.months(here.db, [named], region_of, here.now, service)[named]
        texts = console_texts.read(ROOT)
    labels = words.labels_of(texts, country, language, services)
    if table:
        _write(table, words.as_csv(counted, labels, draft=running))
    if pdf:
        from helpline.report_pdf import as_pdf  # here, since its library is slow to import

        _write(pdf, as_pdf(counted, labels, own=bool(service), draft=running))


def _is_running(named: str, draft: bool, over: bool | None) -> bool:
    if over is None:
        raise click.BadParameter("a month is written 2026-11", param_hint="--month")
    if not over and not draft:
        raise click.ClickException(
            f"{named} is not over: it is counted once, when it is; --draft writes it as it is now, not for publishing"
        )
    return not over


def _write(path: Path, made: bytes) -> None:
    path.write_bytes(made)
    click.echo(f"{path}: {len(made)} bytes")
