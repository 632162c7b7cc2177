"""`komek graph`, `schema`, `export`: what authors of the menus need. The commands only; the work is done beside."""

from pathlib import Path

import click

from helpline.commands.operate.deployment import BY

LANG = click.option("--lang", "language", default="en", help="The language of the texts (default: en).")
COUNTRY = click.option("--country", default="", help="KG, TJ … with its numbers in the texts.")


@click.command()
@click.argument("topic", required=False, default="")
@click.option("--mermaid", "form", flag_value="mermaid", default=True, help="As Mermaid, which code hosts show.")
@click.option("--dot", "form", flag_value="dot", help="As DOT, for Graphviz.")
@click.option("--write", is_flag=True, help="Bring docs/menus up to date instead (English).")
@LANG
@COUNTRY
def graph(topic: str, form: str, write: bool, language: str, country: str) -> None:
    """Draw the menus: all of them, or one TOPIC."""
    from helpline.commands.menus import graph
    from helpline.content.sources import read_sources
    from menus.graph import dot, draw, mermaid, topics

    sources = read_sources()
    tree = sources.parsed.tree
    if write:
        changed = graph.write(tree)
        click.echo("\n".join(f"docs/menus/{name}" for name in changed) or "nothing to change")
        return
    if topic and topic not in topics(tree):
        raise click.BadParameter(f"there are {', '.join(topics(tree))}", param_hint="TOPIC")
    try:
        drawn = draw(tree, topic, graph.say_in(sources, language, country.upper()))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--lang") from None
    click.echo({"mermaid": mermaid, "dot": dot}[form](drawn), nl=False)


@click.command()
@click.argument("name", required=False, default="")
@click.option("--write", is_flag=True, help="Bring content/schema up to date.")
def schema(name: str, write: bool) -> None:
    """Show which files have a JSON Schema, for editors; or one by its NAME (menu.json)."""
    import json

    from helpline.commands.menus import schema

    if write:
        click.echo("\n".join(f"content/schema/{each}" for each in schema.write()) or "nothing to change")
    elif not name:
        click.echo("\n".join(f"content/schema/{each:<15} content/{files}" for each, files in schema.FILES.items()))
    elif name in schema.FILES:
        click.echo(json.dumps(schema.schemas()[name], ensure_ascii=False, indent=1))
    else:
        raise click.BadParameter(f"there are {', '.join(schema.FILES)}", param_hint="NAME")


@click.group()
def export() -> None:
    """Write what other programs can read."""


@export.command()
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@BY
def htcds(path: Path, by: str) -> None:
    """Write what may leave of cases (HTCDS 2.0, JSON) to PATH: without consent to exactly that, no case."""
    from helpline.commands.operate.deployment import deployment
    from helpline.oversight.exports import Exports

    with deployment() as here, here.db.write(here.now) as tx:
        made = Exports(here.config.country, here.audit_key).cases(tx, by)
    path.write_text(made, "utf-8")
    click.echo(f"{path}: {len(made.encode())} bytes")
