"""`komek graph`, `schema`, `export`: commands for authors of the menus. Other modules do the work."""

from pathlib import Path

import click

from helpline.commands.operate.deployment import BY

LANG = click.option("--lang", "language", default="en", help="The language of the texts (default: en).")
COUNTRY = click.option("--country", default="", help="Fill in the numbers of this country: KG, TJ …")


@click.command()
@click.argument("topic", required=False, default="")
@click.option(
    "--mermaid", "form", flag_value="mermaid", default=True, help="Print Mermaid, which code hosts render (default)."
)
@click.option("--dot", "form", flag_value="dot", help="Print DOT, for Graphviz.")
@click.option("--write", is_flag=True, help="Update docs/menus instead (in English).")
@LANG
@COUNTRY
def graph(topic: str, form: str, write: bool, language: str, country: str) -> None:
    """Draw all menus, or one TOPIC."""
    from helpline.commands.menus import graph
    from helpline.content.sources import read_sources
    from menus.graph import dot, draw, mermaid, topics

    sources = read_sources()
    tree = sources.parsed.tree
    if write:
        changed = graph.write(tree)
        click.echo("\n".join(f"docs/menus/{name}" for name in changed) or "no changes")
        return
    if topic and topic not in topics(tree):
        raise click.BadParameter(f"choose one of {', '.join(topics(tree))}", param_hint="TOPIC")
    try:
        drawn = draw(tree, topic, graph.say_in(sources, language, country.upper()))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--lang") from None
    click.echo({"mermaid": mermaid, "dot": dot}[form](drawn), nl=False)


@click.command()
@click.argument("name", required=False, default="")
@click.option("--write", is_flag=True, help="Update content/schema.")
def schema(name: str, write: bool) -> None:
    """List the JSON Schemas for editors and their files, or print the schema NAME (menu.json)."""
    import json

    from helpline.commands.menus import write_schema

    if write:
        click.echo("\n".join(f"content/schema/{each}" for each in write_schema.write()) or "no changes")
    elif not name:
        for schema_file, files in write_schema.FILES.items():
            click.echo(f"content/schema/{schema_file:<15} content/{files}")
    elif name in write_schema.FILES:
        click.echo(json.dumps(write_schema.schemas()[name], ensure_ascii=False, indent=1))
    else:
        raise click.BadParameter(f"choose one of {', '.join(write_schema.FILES)}", param_hint="NAME")


@click.group()
def export() -> None:
    """Write files for other programs."""


@export.command()
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@BY
def htcds(path: Path, by: str) -> None:
    """Write the cases to PATH as HTCDS 2.0 (JSON): only cases whose caller consented to this export."""
    from helpline.commands.operate.deployment import deployment
    from helpline.oversight.exports import Exports

    with deployment() as here, here.db.write(here.now) as tx:
        made = Exports(here.config.country, here.audit_key).cases(tx, by)
    path.write_text(made, "utf-8")
    click.echo(f"{path}: {len(made.encode())} bytes")
