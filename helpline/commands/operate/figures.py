"""`komek report`: the figures of a month as a table and as a paper, with small numbers hidden (R36).

`komek stats`: figures of a quarter, with small numbers hidden (R36).
"""

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
    from helpline.commands.operate.deployment import deployment
    from helpline.content import console_texts
    from helpline.content.sources import ROOT, load_country, matching_of
    from helpline.directory import services as service_rows
    from helpline.oversight import monthly, published, report

    if not (pdf or table):
        raise click.UsageError("say where to: --pdf FILE, --csv FILE, or both")
    with deployment() as here:
        named = month or monthly.last_months(here.now, 1)[0]
        country = load_country(ROOT, here.config.country)
        region_of = matching_of(ROOT, country).region_of
        running = _is_running(named, draft, published.is_over(named, here.now))
        with here.db.read() as tx:
            services = service_rows.services(tx, here.config.country)
            counted = published.preview(tx, named, region_of, service) if running else None
        if service and service not in {each.id for each in services}:
            raise click.BadParameter("there is no such service in the directory", param_hint="--service")
        counted = counted or published.months(here.db, [named], region_of, here.now, service)[named]
        texts = console_texts.read(ROOT)
    labels = report.labels_of(texts, country, language, services)
    if table:
        _write(table, report.as_csv(counted, labels, draft=running))
    if pdf:
        from helpline.oversight.report_pdf import as_pdf  # here, since its library is slow to import

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


QUARTER = re.compile(r"(20[0-9]{2})-Q([1-4])")
HIDDEN = "-"


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For a program.")
@click.option("--quarter", default="", help="Which, as 2026-Q4 (default: the last one that is over).")
def stats(as_json: bool, quarter: str) -> None:
    """Print counts of requests that may be published: none under five is shown or can be reckoned (R36).

    A quarter is its months side by side, each counted once when it was over, and their sums. While one of them is not
    over, what is printed is not for publishing.
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
    figures = monthly.together(months)
    running = here.now < end
    harm = sum(month.harm.total or 0 for month in months) or None  # what its months show, and no more (R36)
    head = {"quarter": f"{start.year}-Q{start.month // 3 + 1}", "running": running}
    click.echo(
        json.dumps(head | as_data(figures, harm), indent=1) if as_json else "\n".join(lines(head, figures, harm))
    )


def quarter_of(named: str) -> tuple[datetime, datetime]:
    """Give the first instant of a quarter and the first after it, UTC."""
    found = QUARTER.fullmatch(named)
    if not found:
        raise click.BadParameter("a quarter is written 2026-Q4", param_hint="--quarter")
    start = datetime(int(found[1]), int(found[2]) * 3 - 2, 1, tzinfo=UTC)
    return start, (start + timedelta(days=95)).replace(day=1)


def last_before(now: datetime) -> tuple[datetime, datetime]:
    """Give the last quarter that is over."""
    first = now.replace(month=(now.month - 1) // 3 * 3 + 1, day=1, hour=0, minute=0, second=0, microsecond=0)
    before = first - timedelta(days=1)
    return quarter_of(f"{before.year}-Q{(before.month - 1) // 3 + 1}")


def as_data(figures: Figures, harm: int | None) -> dict[str, Any]:
    """Give figures for JSON: a count that is hidden is null."""
    tables = {name: rows(table) for name, table in figures.tables.items()}
    return {"requests": figures.total, "by": figures.by, f"by {figures.across} and": tables, "harm reported": harm}


def rows(table: Table) -> dict[str, dict[str, int | None]]:
    """Give the inside of a table row by row."""
    return {row: {column: table.cells[row, column] for column in table.columns} for row in table.rows}


def lines(head: dict[str, Any], figures: Figures, harm: int | None) -> Iterator[str]:
    """Give figures for people."""
    yield f"{head['quarter']}{', which is not over: not for publishing' if head['running'] else ''}"
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
