"""`komek report` (figures of a month as PDF or CSV), `komek stats` (of a quarter). Small counts are hidden (R36)."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from helpline.oversight.small_numbers import Figures, Table


FILE = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.command()
@click.option("--month", default="", help="For example 2026-11 (default: last month).")
@click.option("--language", type=click.Choice(["en", "ru"]), default="en", show_default=True)
@click.option("--service", default="", help="Only for the service with this id.")
@click.option("--pdf", type=FILE, help="Write a PDF.")
@click.option("--csv", "table", type=FILE, help="Write CSV.")
@click.option(
    "--draft", is_flag=True, help="Allow the present month. The report is marked as a draft; do not publish it."
)
def report(month: str, language: str, service: str, pdf: Path | None, table: Path | None, draft: bool) -> None:
    """Write the figures of a month: numbers of requests, times, and how services answered (R36).

    A month is counted once, after it is over. Later reports have the same figures.
    """
    from helpline.commands.operate.deployment import deployment
    from helpline.content import console_texts
    from helpline.content.sources import ROOT, load_country, matching_of
    from helpline.directory import services as service_rows
    from helpline.oversight import monthly, published, report

    if not (pdf or table):
        raise click.UsageError("give --pdf FILE, --csv FILE, or both")
    with deployment() as here:
        named = month or monthly.last_months(here.now, 1)[0]
        country = load_country(ROOT, here.config.country)
        region_of = matching_of(ROOT, country).region_of
        running = _is_running(named, draft, published.is_over(named, here.now))
        with here.db.read() as tx:
            services = service_rows.services(tx, here.config.country)
            counted = published.preview(tx, named, region_of, service) if running else None
        if service and service not in {each.id for each in services}:
            raise click.BadParameter("no such service in the directory", param_hint="--service")
        counted = counted or published.months(here.db, [named], region_of, here.now, service)[named]
        texts = console_texts.read(ROOT)
    labels = report.labels_of(texts, country, language, services)
    if table:
        _write(table, report.as_csv(counted, labels, draft=running))
    if pdf:
        from helpline.oversight.report_pdf import as_pdf  # its library is slow to import

        _write(pdf, as_pdf(counted, labels, own=bool(service), draft=running))


def _is_running(named: str, draft: bool, over: bool | None) -> bool:
    if over is None:
        raise click.BadParameter("write the month as 2026-11", param_hint="--month")
    if not over and not draft:
        raise click.ClickException(
            f"{named} is not over; with --draft you get the figures so far, which must not be published"
        )
    return not over


def _write(path: Path, made: bytes) -> None:
    path.write_bytes(made)
    click.echo(f"{path}: {len(made)} bytes")


QUARTER = re.compile(r"(20[0-9]{2})-Q([1-4])")
HIDDEN = "-"


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--quarter", default="", help="For example 2026-Q4 (default: last quarter).")
def stats(as_json: bool, quarter: str) -> None:
    """Print the figures of a quarter that may be published. No count under five is shown or can be calculated (R36).

    Each month of the quarter is counted once, after it is over. Do not publish a quarter that is not over.
    """
    from helpline.commands.operate.deployment import deployment
    from helpline.content import loading
    from helpline.oversight import monthly, published

    with deployment() as here:
        start, end = quarter_of(quarter) if quarter else last_before(here.now)
        region_of = loading.load(here.config).matching.region_of
        named = monthly.months_between(start, end)
        over = [each for each in named if monthly.span_of(each)[1] <= here.now]
        months = list(published.months(here.db, over, region_of, here.now).values())
        with here.db.read() as tx:
            months += [published.preview(tx, each, region_of) for each in named if each not in over]
    figures = monthly.combine(months)
    running = here.now < end
    harm = sum(month.harm.total or 0 for month in months) or None  # only the counts that its months show (R36)
    head = {"quarter": f"{start.year}-Q{start.month // 3 + 1}", "running": running}
    click.echo(
        json.dumps(head | as_data(figures, harm), indent=1) if as_json else "\n".join(lines(head, figures, harm))
    )


def quarter_of(named: str) -> tuple[datetime, datetime]:
    """Return the first instant of a quarter and the first instant after it, in UTC."""
    found = QUARTER.fullmatch(named)
    if not found:
        raise click.BadParameter("write the quarter as 2026-Q4", param_hint="--quarter")
    start = datetime(int(found[1]), int(found[2]) * 3 - 2, 1, tzinfo=UTC)
    return start, (start + timedelta(days=95)).replace(day=1)


def last_before(now: datetime) -> tuple[datetime, datetime]:
    """Return the last quarter that is over."""
    first = now.replace(month=(now.month - 1) // 3 * 3 + 1, day=1, hour=0, minute=0, second=0, microsecond=0)
    before = first - timedelta(days=1)
    return quarter_of(f"{before.year}-Q{(before.month - 1) // 3 + 1}")


def as_data(figures: Figures, harm: int | None) -> dict[str, Any]:
    """Return the figures for JSON. A hidden count is null."""
    tables = {name: rows(table) for name, table in figures.tables.items()}
    return {"requests": figures.total, "by": figures.by, f"by {figures.across} and": tables, "harm reported": harm}


def rows(table: Table) -> dict[str, dict[str, int | None]]:
    """Return the cells of a table by row and column."""
    return {row: {column: table.cells[row, column] for column in table.columns} for row in table.rows}


def lines(head: dict[str, Any], figures: Figures, harm: int | None) -> Iterator[str]:
    """Yield the figures as lines of text."""
    yield f"{head['quarter']}{', which is not over: do not publish' if head['running'] else ''}"
    yield f"requests: {'fewer than 5' if figures.total is None else figures.total}"
    yield f"harm reported: {'fewer than 5' if harm is None else harm}"
    for name, counts in figures.by.items():
        yield f"\nby {name}"
        yield from (f"{count:>7}  {kind}" for kind, count in counts.items())
    for name, table in figures.tables.items():
        yield f"\nby {figures.across} and {name} ({HIDDEN}: hidden)"
        yield "\t".join(["", *table.columns])
        for row, cells in rows(table).items():
            yield "\t".join([row, *(HIDDEN if count is None else str(count) for count in cells.values())])
