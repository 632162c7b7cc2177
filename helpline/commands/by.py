"""Who gives an order: the option `--by` of each command that is written into the audit log."""

import click


def named(_context: click.Context, _option: click.Parameter, value: str) -> str:
    """Take a name of 1 to 40 letters; spaces and capitals make nobody a second person."""
    from helpline.locks import person  # here, since the database's library is slow to import

    try:
        return person(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def named_or_none(context: click.Context, option: click.Parameter, value: str) -> str:
    """Take a name, or none."""
    return named(context, option, value) if value else ""


BY = click.option("--by", required=True, callback=named, help="Who you are: it goes into the audit log.")
