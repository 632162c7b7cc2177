"""Functions of SQL for which each engine has words of its own."""

from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class earliest(GenericFunction[int]):  # noqa: N801  # a function of SQL, and written as one
    """The least of some numbers: each engine has its own name for it."""

    inherit_cache = True


@compiles(earliest)
def _least(element: earliest, compiler: Any, **rest: Any) -> str:
    name = "min" if compiler.dialect.name == "sqlite" else "least"
    return f"{name}({compiler.process(element.clauses, **rest)})"


class elements(GenericFunction[Any]):  # noqa: N801  # as above
    """The elements of an array in JSON, in a column `value`: so thousands of numbers are one thing to be told."""

    inherit_cache = True


@compiles(elements)
def _elements(element: elements, compiler: Any, **rest: Any) -> str:
    array = compiler.process(element.clauses, **rest)
    return f"json_each({array})" if compiler.dialect.name == "sqlite" else f"jsonb_array_elements(({array})::jsonb)"


class item(GenericFunction[Any]):  # noqa: N801  # as above
    """An item of an array in JSON, counted from 0. (`->>` is younger than some SQLite that is still about.)"""

    inherit_cache = True


@compiles(item)
def _item(element: item, compiler: Any, **rest: Any) -> str:
    array, at = (compiler.process(each, **rest) for each in element.clauses)
    return f"json_extract({array}, '$[{at}]')" if compiler.dialect.name == "sqlite" else f"({array} ->> {at})"
