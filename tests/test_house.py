"""The structure of the code base: names, docstrings and parameters that make it easy to navigate."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CODE = ("gateway", "helpline", "menus", "workers")
ODD = frozenset({"Give", "Gives", "Tell", "Have", "Let"})
"""First words of docstrings that say nothing. PEP 257 prefers `Return …`, `Send …`, `Whether …`."""


def files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def trees(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    for path in files(*folders):
        yield path.relative_to(ROOT), ast.parse(path.read_text())


def classes() -> dict[str, ast.ClassDef]:
    return {n.name: n for _, tree in trees(*CODE) for n in ast.walk(tree) if isinstance(n, ast.ClassDef)}


def fields(node: ast.ClassDef) -> list[str]:
    return [ast.unparse(part.annotation).strip("\"'") for part in node.body if isinstance(part, ast.AnnAssign)]


def has_methods(node: ast.ClassDef) -> bool:
    return any(isinstance(part, ast.FunctionDef) for part in node.body)


def repeated_names() -> list[str]:
    names = Counter(
        path.name for path in files("helpline") if path.name != "__init__.py" and "migrations" not in path.parts
    )
    return [name for name, times in names.items() if times > 1]


def towers() -> list[str]:
    """Return classes with methods whose only field is another class with methods."""
    known = classes()
    found = [(name, fields(node)) for name, node in known.items() if has_methods(node)]
    return [
        f"{name}({only[0]})"
        for name, only in found
        if len(only) == 1 and only[0] in known and has_methods(known[only[0]]) and known[only[0]].bases == []
    ]


def odd_docstrings() -> list[str]:
    documented = ast.Module | ast.ClassDef | ast.FunctionDef
    return [
        f"{path}: {text.splitlines()[0]}"
        for path, tree in trees(*CODE, "tests")
        for node in ast.walk(tree)
        if isinstance(node, documented) and (text := ast.get_docstring(node) or "") and text.split()[0] in ODD
    ]


def pairs_of_tx_and_now() -> list[str]:
    return [
        f"{path}: {node.name}"
        for path, tree in trees(*CODE)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and {"tx", "now"} <= {each.arg for each in (*node.args.args, *node.args.kwonlyargs)}
    ]


def tables_read_whole() -> list[str]:
    """Return where a statement has `NOT IN (SELECT …)`."""
    return [
        f"{path}: {ast.unparse(node)}"
        for path, tree in trees(*CODE)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "not_in"
        and "select(" in ast.unparse(node)
    ]


def test_helpline_has_only_packages_and_its_entry_point() -> None:
    assert sorted(path.name for path in (ROOT / "helpline").glob("*.py")) == ["__init__.py", "cli.py"]


def test_every_package_of_helpline_has_a_folder_of_tests() -> None:
    without = [
        path.name
        for path in sorted((ROOT / "helpline").iterdir())
        if (path / "__init__.py").exists() and not list((ROOT / "tests/helpline" / path.name).glob("test_*.py"))
    ]
    assert without == []


def test_no_file_name_occurs_twice_in_helpline() -> None:
    assert repeated_names() == []


def test_no_class_only_wraps_another_one() -> None:
    """Shared values travel in one context, and behaviour is in functions."""
    assert towers() == []


def test_docstrings_follow_pep_257() -> None:
    assert odd_docstrings() == []


def test_a_transaction_knows_its_time() -> None:
    assert pairs_of_tx_and_now() == []


def test_no_statement_asks_for_what_is_not_in_another_table_by_a_list() -> None:
    """PostgreSQL reads the whole table for each such statement, and above some size once for each row.

    So 20,000 open requests delayed the erasure of each number by seconds. `NOT EXISTS` uses the index.
    """
    assert tables_read_whole() == []


def test_each_migration_follows_the_one_before() -> None:
    """Two that follow the same one leave a database that no process can update."""
    paths = sorted((ROOT / "helpline/store/migrations/versions").glob("[0-9]*.py"))
    said = [re.findall(r'^(?:down_)?revision = "?(\w+)"?$', path.read_text(), re.MULTILINE) for path in paths]
    numbers = [path.name.partition("_")[0] for path in paths]
    assert said == [list(each) for each in zip(numbers, ["None", *numbers], strict=False)]


def test_every_package_says_what_it_is_for() -> None:
    for package in sorted((ROOT / "helpline").iterdir()):
        if (package / "__init__.py").exists():
            tree = ast.parse((package / "__init__.py").read_text())
            assert len((ast.get_docstring(tree) or "").splitlines()) >= 2, package.name
            assert len(tree.body) == 1, f"{package.name}/__init__.py holds more than a docstring"


def test_sql_is_only_in_store_and_in_modules_named_by_a_plural_noun() -> None:
    """A module that holds the SQL of a table is called by a plural noun, so that a reader knows where to look."""
    for path in files("helpline"):
        inside = path.relative_to(ROOT / "helpline")
        if inside.parts[0] != "store" and re.search(r"^ *(import|from) sqlalchemy", path.read_text(), re.MULTILINE):
            assert path.stem.endswith(("s", "people")), inside


@pytest.mark.parametrize("check", [repeated_names, towers, odd_docstrings, pairs_of_tx_and_now, tables_read_whole])
def test_each_check_finds_its_fault(check: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each check finds its fault in a tree that has all of them."""
    for folder in ("helpline/one", "helpline/two", "tests"):
        (tmp_path / folder).mkdir(parents=True)
    text = (
        '"""' + "Give" + ' what is asked for."""\n'
        "class Claims:\n    ctx: int\n    def claim(self, tx, now): ...\n"
        "class Orders:\n    claims: Claims\n    def obey(self): ...\n"
        "rest = column.not_in(sa.select(other))\n"
    )
    (tmp_path / "helpline/one/claims.py").write_text(text)
    (tmp_path / "helpline/two/claims.py").write_text(text)
    monkeypatch.setattr("tests.test_house.ROOT", tmp_path)
    assert callable(check)
    assert check()


def test_threat_only_one_module_writes_csv() -> None:
    """The others could write a cell that acts as a formula in the spreadsheet that opens it."""
    writers = {"writer", "DictWriter"}
    found = {
        str(path)
        for path, tree in trees(*CODE)
        for node in ast.walk(tree)
        if (isinstance(node, ast.Attribute) and ast.unparse(node) in {f"csv.{name}" for name in writers})
        or (isinstance(node, ast.ImportFrom) and node.module == "csv" and {each.name for each in node.names} & writers)
    }
    assert found == {"helpline/core/spreadsheets.py"}
