"""Statements that never change: SQLAlchemy compiles each one once, and the driver runs it.

SQLAlchemy needs 85 calls of Python to run a statement that it has compiled before, and a text with its reply takes 36
statements. Text and conversions are SQLAlchemy's own, so there is no second dialect of SQL.
"""

import re
from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BindParameter
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import ExpandedState, SQLCompiler
from sqlalchemy.types import TypeEngine

from helpline.store.driver import Driver

NOTHING: Mapping[str, Any] = {}
Convert = Callable[[Any], Any]
Given = tuple[int | str, str, Convert | None]
"""The place of a value, its parameter, and what writes it for the driver."""
QUOTED_OR_PLACE = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\?|%\((\w+)\)s""")
"""A place is a question mark for SQLite, and a name for PostgreSQL."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What a statement has returned and changed."""

    rows: Sequence[Any]
    """All rows, each a tuple whose parts have the names of the columns."""
    rowcount: int
    """How many rows it has changed."""

    def __iter__(self) -> Iterator[Any]:
        """Return the rows one after the other."""
        return iter(self.rows)

    def all(self) -> Sequence[Any]:
        """Return all rows."""
        return self.rows

    def first(self) -> Any:
        """Return the first row, or None if there is none."""
        return self.rows[0] if self.rows else None

    def scalar(self) -> Any:
        """Return the first column of the first row, or None if there is none."""
        return self.rows[0][0] if self.rows else None

    def scalars(self) -> list[Any]:
        """Return the first column of each row."""
        return [row[0] for row in self.rows]


@dataclass(slots=True)
class Prepared:
    """A statement as one driver takes it, for parameters of certain names."""

    sql: str
    constants: Any
    """The values that do not change, in a list or a dict: as the driver takes values."""
    given: Sequence[Given]
    returns: bool
    """Whether it returns rows."""
    readers: Sequence[tuple[int, Convert]]
    """The columns that are not read as the driver returns them, each with what reads it."""
    row: Callable[[Iterable[Any]], Any] | None = None
    """Makes a row of its parts. None until the driver has named the columns."""

    def values(self, parameters: Mapping[str, Any]) -> Any:
        """Return all values as the driver takes them."""
        values = self.constants.copy()
        for place, name, write in self.given:
            value = parameters[name]
            values[place] = write(value) if write else value
        return values

    def read(self, cursor: Any) -> Sequence[Any]:
        """Return the rows that a cursor has."""
        if not self.returns:
            return ()
        row = self.row = self.row or _maker([column[0] for column in cursor.description])
        found = cursor.fetchall()
        if not self.readers:
            return [row(each) for each in found]
        rows = []
        for each in found:
            parts = list(each)
            for place, read in self.readers:
                parts[place] = read(parts[place])
            rows.append(row(parts))
        return rows


@dataclass(frozen=True, slots=True, eq=False)
class Fixed:
    """A statement that is the same each time, apart from the values of its parameters. None of these is a list."""

    statement: Any
    prepared: dict[tuple[str, ...], Prepared] = field(default_factory=dict, repr=False)
    """By the dialect and the names of the parameters in their order."""

    def run(self, driver: Driver, parameters: Mapping[str, Any]) -> Rows:
        """Run it. Raise the errors that SQLAlchemy raises."""
        dialect = driver.engine.dialect
        known = self.prepared.get((dialect.name, *parameters)) or self._prepare(dialect, parameters)
        values = known.values(parameters)
        if driver.engine._has_events:  # noqa: SLF001  # to ask its listeners takes ten calls
            driver.tell(known.sql, values)
        try:
            cursor = driver.raw.execute(known.sql, values)
            return Rows(known.read(cursor), cursor.rowcount)
        except dialect.loaded_dbapi.Error as error:
            raise driver.translated(known.sql, error) from error

    def _prepare(self, dialect: Dialect, parameters: Mapping[str, Any]) -> Prepared:
        compiled = self.statement.compile(dialect=dialect, column_keys=list(parameters))
        state = compiled.construct_expanded_state(dict(parameters))
        if compiled.escaped_bind_names or compiled.prefetch or state.parameter_expansion.keys() & parameters.keys():
            raise ValueError("this statement is not the same each time")
        by_place, names = state.positiontup is not None, state.positiontup or list(state.parameters)
        constants, given = dict[int | str, Any](), list[Given]()
        for place, name in enumerate(names) if by_place else zip(names, names, strict=True):
            key, write = _key(compiled, name, parameters), _writer(compiled, state, name, dialect)
            if key:
                given.append((place, key, write))
            else:
                value = state.parameters[name]
                constants[place] = write(value) if write else value
        sql, constants, given = _written_out(state.statement, constants, given)
        left: Any = [constants.get(place) for place in range(len(constants) + len(given))] if by_place else constants
        columns = list(getattr(self.statement, "exported_columns", ()))
        found = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
        readers = [(place, read) for place, read in enumerate(found) if read]
        prepared = Prepared(sql, left, given, bool(columns), readers)
        self.prepared[dialect.name, *parameters] = prepared
        return prepared


def _written_out(
    sql: str, constants: Mapping[int | str, Any], given: Sequence[Given]
) -> tuple[str, dict[int | str, Any], list[Given]]:
    """Write constant words and numbers into a statement. Return it with the values that are left, and their places.

    If SQLite has compared a parameter with the condition of a partial index, such as `state = 'open'`, it plans the
    statement again each time: the value might be another one. To claim a row of the outbox took five times as long.
    PostgreSQL does so, too, where a plan for all values could not use that index or would not know a limit.
    """
    by_place = {place: (name, write) for place, name, write in given}
    left, still_given = dict[int | str, Any](), dict[int | str, Given]()
    places = iter(range(len(constants) + len(given)))

    def written(found: re.Match[str]) -> str:
        if found[0] != "?" and not found[1]:
            return found[0]
        place: int | str = found[1] or next(places)
        if place not in by_place and (text := _literal(constants[place])):
            return text if found[0] == "?" else text.replace("%", "%%")
        after = found[1] or len(left) + len(still_given)
        if place in by_place:
            still_given[after] = (after, *by_place[place])
        else:
            left[after] = constants[place]
        return found[0]

    sql = QUOTED_OR_PLACE.sub(written, sql)
    return sql, left, list(still_given.values())


def _literal(value: object) -> str | None:
    """Return a value as SQL, or None if it must be a parameter."""
    if isinstance(value, str) and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _maker(names: Sequence[str]) -> Callable[[Iterable[Any]], Any]:
    """Return what makes a row of parts with these names."""
    row: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]  # the names come from the database
    made: Callable[[Iterable[Any]], Any] = row._make
    return made


def _key(compiled: SQLCompiler, name: str, parameters: Mapping[str, Any]) -> str | None:
    """Return the parameter that has a value of the statement, or None for a constant."""
    bound = compiled.binds.get(name)
    if bound is None:
        return None  # a part of a list that belongs to the statement
    return next((each for each in (bound.key, name) if each in parameters), None)


def _writer(compiled: SQLCompiler, state: ExpandedState, name: str, dialect: Dialect) -> Convert | None:
    """Return what writes a value for the driver, or None if it takes the value as it is."""
    bound = compiled.binds.get(name)
    found: Any = state.processors.get(name) if bound is None else _impl(bound, dialect).bind_processor(dialect)
    write: Convert | None = found
    return write


def _impl(bound: BindParameter[Any], dialect: Dialect) -> TypeEngine[Any]:
    """Return the type of a parameter as a dialect has it."""
    return bound.type.dialect_impl(dialect)
