"""Links that lead to no row. A missing row is named once, however many rows link to it.

Most often there is one mistake: an id is misspelt where the row is, and every link to it is right. So the row that was
meant is remembered, too: nothing is said of what it seems to lack.
"""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from helpline.directory.hsds.files import near
from helpline.directory.hsds.profile import PROFILE, is_term
from helpline.directory.hsds.tables import LINKS, REQUIRED, Flaw, Row, Tables

Target = tuple[str, str]
"""A table, and the id that no row of it has."""
Link = tuple[Row, str]
"""A row, and its field that links."""


@dataclass(frozen=True)
class LooseLinks:
    """The links of a directory that lead to no row."""

    tables: Tables
    links: Mapping[Target, Sequence[Link]]
    bad_ids: frozenset[str]
    """Places of rows whose own id is wrong: a link may mean one of them."""

    @classmethod
    def of(cls, tables: Tables, flaws: Sequence[Flaw]) -> "LooseLinks":
        """Return the loose links of these rows. `flaws` are those of the rows' ids."""
        found: dict[Target, list[Link]] = {}
        for row in tables.every():
            for target, name in _targets(row):
                if not tables.get(*target) and not (name == "taxonomy_term_id" and is_term(target[1])):
                    found.setdefault(target, []).append((row, name))
        return cls(tables, found, frozenset(each.place for each in flaws if each.field == "id"))

    def flaws(self) -> Iterator[Flaw]:
        """Yield a flaw for each missing row. If ids are wrong in its table, they may be all that is wrong."""
        for (table, id), ((row, name), *others) in self.links.items():
            missing = sum(of == table for of, _ in self.links)
            if missing <= sum(each.place in self.bad_ids for each in self.tables.of(table)):
                continue
            link = "row links" if len(others) == 1 else "rows link"
            also = f"; {len(others)} more {link} to it" if others else ""
            yield row.flaw(name, f"there is no {table} {id}{near(id, self._known(table))}{also}")

    @cached_property
    def places(self) -> frozenset[str]:
        """Places of the rows that have a loose link."""
        return frozenset(row.place for links in self.links.values() for row, _ in links)

    @cached_property
    def meant(self) -> frozenset[str]:
        """Places of the rows to which loose links may belong."""
        similar = set()
        for table, id in self.links:
            rows = self.tables.ids.get(table, {})
            similar |= {rows[each].place for each in difflib.get_close_matches(id, list(rows), 1)}
        return self.bad_ids | similar

    def _known(self, table: str) -> list[str]:
        terms = [f"{each}:{code}" for each, listed in PROFILE.items() for code in listed.codes]
        return [*self.tables.ids.get(table, {}), *(terms if table == "taxonomy_term" else [])]


def _targets(row: Row) -> Iterator[tuple[Target, str]]:
    """Yield what a row links to, and the field that says so."""
    for name, table in LINKS.items():
        if name in row.body and row.text(name):
            yield (table, row.text(name)), name
    if row.table == "attribute" and row.text("link_entity") in REQUIRED and row.text("link_id"):
        yield (row.text("link_entity"), row.text("link_id")), "link_id"
