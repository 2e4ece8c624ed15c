"""The house holds: which way imports point, where Qt and SQL may be, how large things may grow.

Everything is read from the syntax trees of ``app/``; nothing is imported. A rule is a function from
modules to complaints (``file:line: what``); the second half of the file shows each rule catching
its fault in a made-up module, so that a rule cannot quietly become blind.
"""

from __future__ import annotations

import ast
import re
import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# Each floor may import only from the floors above it in this list; rooms of one floor do not know
# each other.
FLOORS = (
    {"errors", "vocabulary", "clock", "agefile", "evidencefile", "beside"},
    {"files", "settings", "crashes"},
    {"wording", "vault", "attempts"},
    {"models", "checklists", "law", "intake", "planning"},
    {"sync", "forms", "statistics"},
    {"services"},
    {"bootstrap"},
    {"demo"},
    {"cli", "ui"},
    {"__main__"},
)
FLOOR_OF = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}

# The command line may name app.ui inside functions of one module only (the demo takes pictures of the
# screens), so that every other command works without Qt.
WINDOW_DOOR = "cli"

# The store is written by use cases alone. Making a home is the one write before there is a workplace.
WRITERS = ("app.services", "app.bootstrap")

# The functions in which everything may be caught, and why: at most five.
BORDERS = {
    "app/cli/program.py run": "a mistake of ours becomes a crash report and exit code 70",
    "app/intake/workbooks.py _explained": "a panic of the workbook reader has no class to name",
}

TOP_LEVEL = {
    *("app", "resources", "tests", "docs", "benchmarks"),
    *("build.spec", "pyproject.toml", "requirements.txt", "requirements-dev.txt", "Makefile"),
    *("README.md", "README.zh-CN.md", "CHANGELOG.md", "LICENSE"),
}
MADE_BY_TOOLS = {"build", "dist", "chayan.egg-info"}

FILE_LINES = (150, 400, 600)
FUNCTION_LINES = (7, 30, 60)

Function = ast.FunctionDef | ast.AsyncFunctionDef
Rule = Callable[[Sequence["Module"]], Iterable[str]]


@dataclass(frozen=True)
class Module:
    """One source file with its syntax tree."""

    path: str
    source: str
    tree: ast.Module

    @classmethod
    def of(cls, path: str, source: str) -> Module:
        return cls(path, source, ast.parse(source, path))

    @property
    def name(self) -> str:
        """Dotted name: ``app.intake.readers``; a package is named like its folder."""
        parts = list(Path(self.path).with_suffix("").parts)
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def room(self) -> str:
        """First name below ``app``; empty for ``app`` itself."""
        return room_of(self.name)

    @property
    def lines(self) -> int:
        return self.source.count("\n")


@dataclass(frozen=True)
class Import:
    """One imported name and how it is imported."""

    line: int
    target: str
    inside: str | None  # the function it stands in
    typing_only: bool


def room_of(name: str) -> str:
    """The room a dotted name lies in: ``intake`` for ``app.intake.readers``, empty for a library."""
    package, _, rest = name.partition(".")
    return rest.partition(".")[0] if package == "app" else ""


@cache
def read_modules(folder: str) -> tuple[Module, ...]:
    """All source files below ``folder`` that hold anything."""
    paths = sorted((ROOT / folder).rglob("*.py"))
    texts = ((path.relative_to(ROOT).as_posix(), path.read_text("utf8")) for path in paths)
    return tuple(Module.of(path, text) for path, text in texts if text.strip())


def imports(module: Module) -> list[Import]:
    """Every import of a module, wherever it stands."""

    def walk(node: ast.AST, inside: str | None, typing_only: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            here, typed = inside, typing_only
            if isinstance(child, Function):
                here = child.name
            elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
                typed = True
            yield from (Import(child.lineno, name, here, typed) for name in imported_names(module, child))
            yield from walk(child, here, typed)

    return list(walk(module.tree, None, False))


def imported_names(module: Module, node: ast.AST) -> list[str]:
    """Dotted names that one statement imports; relative ones are made absolute."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    base = node.module or ""
    if node.level:
        package = module.name.split(".")
        kept = len(package) - node.level + module.path.endswith("__init__.py")
        base = ".".join([*package[:kept], *([base] if base else [])])
    return [f"{base}.{alias.name}" for alias in node.names]


def functions(module: Module) -> list[tuple[Function, bool]]:
    """Every function with whether it is public: no leading underscore on it or its classes."""

    def walk(node: ast.AST, public: bool) -> Iterator[tuple[Function, bool]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, Function):
                yield child, public and not child.name.startswith("_")
                yield from walk(child, False)
            elif isinstance(child, ast.ClassDef):
                yield from walk(child, public and not child.name.startswith("_"))
            else:
                yield from walk(child, public)

    return list(walk(module.tree, True))


def calls(module: Module, method: str) -> list[ast.Call]:
    """Calls of ``something.method(…)``."""
    found = (node for node in ast.walk(module.tree) if isinstance(node, ast.Call))
    return [call for call in found if isinstance(call.func, ast.Attribute) and call.func.attr == method]


def length(function: Function) -> int:
    """Lines from ``def`` to the end without the docstring."""
    first = function.body[0]
    text = first if isinstance(first, ast.Expr) and ast.get_docstring(function) is not None else None
    told = (text.end_lineno or 0) - text.lineno + 1 if text else 0
    return (function.end_lineno or 0) - function.lineno + 1 - told


def percentile(values: Iterable[int], share: int) -> int:
    ordered = sorted(values)
    return ordered[round(share / 100 * (len(ordered) - 1))] if ordered else 0


# ---- rules: from modules to complaints


def imports_point_one_way(modules: Sequence[Module]) -> Iterator[str]:
    for module in modules:
        if module.room and module.room not in FLOOR_OF:
            yield f"{module.path}:1: {module.room} has no floor in the house"
            continue
        for each in imports(module):
            room = room_of(each.target)
            if room not in FLOOR_OF or room == module.room or is_window_door(module, each, room):
                continue
            if FLOOR_OF[room] >= FLOOR_OF.get(module.room, -1):
                yield f"{module.path}:{each.line}: {module.name} may not import {each.target}"


def is_window_door(module: Module, each: Import, room: str) -> bool:
    return module.room == WINDOW_DOOR and room == "ui" and each.inside is not None


def window_opens_from_one_module(modules: Sequence[Module]) -> Iterator[str]:
    doors = [
        (module.name, f"{module.path}:{each.line}")
        for module in modules
        if module.room == WINDOW_DOOR
        for each in imports(module)
        if each.target.startswith("app.ui")
    ]
    if len({name for name, _ in doors}) > 1:
        yield from (f"{where}: app.ui is opened here too" for _, where in doors)


def no_import_cycles(modules: Sequence[Module]) -> Iterator[str]:
    names = {module.name for module in modules}
    graph = {
        module.name: {
            target
            for each in imports(module)
            if not each.typing_only and (target := nearest(each.target, names)) and target != module.name
        }
        for module in modules
    }
    for ring in rings(graph):
        yield f"{' → '.join(ring)}: import cycle"


def nearest(target: str, names: set[str]) -> str:
    """The module that an imported dotted name lies in."""
    while target and target not in names:
        target = target.rpartition(".")[0]
    return target


def rings(graph: dict[str, set[str]]) -> Iterator[list[str]]:
    """Cycles of a graph: what is left after leaves are taken away again and again."""
    left = {node: set(targets) for node, targets in graph.items()}
    while leaves := [node for node, targets in left.items() if not targets & left.keys()]:
        for leaf in leaves:
            del left[leaf]
    while left:
        trail = [min(left)]
        while (following := min(left[trail[-1]] & left.keys())) not in trail:
            trail.append(following)
        ring = trail[trail.index(following) :]
        yield [*ring, following]
        for node in trail:
            left.pop(node)
        while leaves := [node for node, targets in left.items() if not targets & left.keys()]:
            for leaf in leaves:
                del left[leaf]


def qt_only_in_the_window(modules: Sequence[Module]) -> Iterator[str]:
    for module in modules:
        if module.room != "ui":
            for each in imports(module):
                if each.target.startswith(("PySide6", "shiboken6")):
                    yield f"{module.path}:{each.line}: Qt outside app/ui"


def no_sql_in_the_window(modules: Sequence[Module]) -> Iterator[str]:
    for module in modules:
        if module.room == "ui":
            for each in imports(module):
                if each.target.startswith(("sqlalchemy", "sqlcipher3", "alembic")):
                    yield f"{module.path}:{each.line}: SQLAlchemy inside app/ui"


def only_services_write(modules: Sequence[Module]) -> Iterator[str]:
    for module in modules:
        if module.name.startswith(WRITERS):
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.With) and any(
                is_call_of(item.context_expr, "write") for item in node.items
            ):
                yield f"{module.path}:{node.lineno}: opens write() outside app/services"


def is_call_of(node: ast.expr, method: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method


def broad_except_only_at_borders(modules: Sequence[Module]) -> Iterator[str]:
    for module in modules:
        for handler, function in broad_handlers(module):
            if f"{module.path} {function}" not in BORDERS:
                yield f"{module.path}:{handler.lineno}: {function} catches everything and is no named border"


def broad_handlers(module: Module) -> Iterator[tuple[ast.ExceptHandler, str]]:
    """Every handler that catches everything, with the function it stands in."""

    def walk(node: ast.AST, inside: str) -> Iterator[tuple[ast.ExceptHandler, str]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ExceptHandler) and is_broad(child):
                yield child, inside
            yield from walk(child, child.name if isinstance(child, Function) else inside)

    return walk(module.tree, "the module")


def is_broad(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    broad = {"Exception", "BaseException"}
    return any(kind is None or (isinstance(kind, ast.Name) and kind.id in broad) for kind in kinds)


def everything_is_annotated(modules: Sequence[Module]) -> Iterator[str]:
    for module in modules:
        for function, _ in functions(module):
            args = function.args
            named = [*args.posonlyargs, *args.args, *args.kwonlyargs]
            bare = [arg.arg for arg in named if arg.annotation is None and arg.arg not in ("self", "cls")]
            if bare or (function.returns is None and function.name != "__init__"):
                yield f"{module.path}:{function.lineno}: {function.name} is not annotated"


def every_module_says_what_it_is(modules: Sequence[Module]) -> Iterator[str]:
    for module in modules:
        if not ast.get_docstring(module.tree):
            yield f"{module.path}:1: module without a docstring"


def public_names_are_documented(modules: Sequence[Module]) -> Iterator[str]:
    public = [
        (f"{module.path}:{node.lineno}: {node.name} has no docstring", bool(ast.get_docstring(node)))
        for module in modules
        for node in chain(
            (function for function, is_public in functions(module) if is_public),
            (node for node in module.tree.body if isinstance(node, ast.ClassDef) and node.name[0] != "_"),
        )
    ]
    silent = [where for where, told in public if not told]
    if len(silent) > 0.05 * len(public):
        yield from silent


def files_are_pages(modules: Sequence[Module]) -> Iterator[str]:
    sizes = [(module.lines, module.path) for module in modules]
    yield from too_large(sizes, FILE_LINES, "file")


def functions_are_short(modules: Sequence[Module]) -> Iterator[str]:
    sizes = [
        (length(function), f"{module.path}:{function.lineno}: {function.name}")
        for module in modules
        for function, _ in functions(module)
    ]
    yield from too_large(sizes, FUNCTION_LINES, "function")


def too_large(sizes: list[tuple[int, str]], gate: tuple[int, int, int], kind: str) -> Iterator[str]:
    """Complain about each thing over the maximum, and about the tail when the median or p95 is over."""
    middle, tail, largest = gate
    numbers = [size for size, _ in sizes]
    yield from (
        f"{where}: {size} lines, a {kind} has at most {largest}" for size, where in sizes if size > largest
    )
    if numbers and statistics.median(numbers) > middle:
        yield f"{kind}s: median {statistics.median(numbers)} lines, gate {middle}"
    if (p95 := percentile(numbers, 95)) > tail:
        yield from (
            f"{where}: {size} lines; p95 of {kind}s is {p95}, gate {tail}"
            for size, where in sorted(sizes, reverse=True)
            if size > tail
        )


def signals_go_to_named_slots(modules: Sequence[Module]) -> Iterator[str]:
    wired = [(module, call) for module in modules for call in calls(module, "connect")]
    loose = [
        f"{module.path}:{call.lineno}: a lambda as slot"
        for module, call in wired
        if any(isinstance(argument, ast.Lambda) for argument in call.args)
    ]
    if len(loose) > 0.02 * len(wired):
        yield from loose


def no_articles_in_code(modules: Sequence[Module]) -> Iterator[str]:
    article = re.compile(r"第[一二三四五六七八九十百零〇0-9]+条|^[a-z][a-z-]+-(?:19|20)\d\d/\d")
    for module in modules:
        for node in ast.walk(module.tree):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and article.search(text) and not is_docstring(module, node):
                yield f"{module.path}:{node.lineno}: an article number; law is data"


def is_docstring(module: Module, node: ast.AST) -> bool:
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    owners = (each for each in ast.walk(module.tree) if isinstance(each, holders) and each.body)
    return any(isinstance(each.body[0], ast.Expr) and each.body[0].value is node for each in owners)


RULES: tuple[Rule, ...] = (
    imports_point_one_way,
    window_opens_from_one_module,
    no_import_cycles,
    qt_only_in_the_window,
    no_sql_in_the_window,
    only_services_write,
    broad_except_only_at_borders,
    everything_is_annotated,
    every_module_says_what_it_is,
    public_names_are_documented,
    files_are_pages,
    functions_are_short,
    signals_go_to_named_slots,
    no_articles_in_code,
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_holds(rule: Rule) -> None:
    if complaints := list(rule(read_modules("app"))):
        pytest.fail("\n".join(complaints), pytrace=False)


def test_tests_use_real_parts() -> None:
    """At most 0.3 mock words for each test."""
    mocked = tests = 0
    for module in read_modules("tests"):
        tests += sum(function.name.startswith("test_") for function, _ in functions(module))
        for node in ast.walk(module.tree):
            word = (
                node.id
                if isinstance(node, ast.Name)
                else node.attr
                if isinstance(node, ast.Attribute)
                else ""
            )
            mocked += "mock" in word.lower() or word == "patch"
        mocked += sum("mock" in each.target.lower() for each in imports(module))
        mocked += sum(is_name(call.func, "monkeypatch") for call in calls(module, "setattr"))
    assert mocked <= 0.3 * tests, f"{mocked} mock words in {tests} tests"


def is_name(attribute: ast.expr, name: str) -> bool:
    owner = attribute.value if isinstance(attribute, ast.Attribute) else None
    return isinstance(owner, ast.Name) and owner.id == name


def test_borders_are_few_and_real() -> None:
    used = {f"{module.path} {name}" for module in read_modules("app") for _, name in broad_handlers(module)}
    assert len(BORDERS) <= 5
    assert BORDERS.keys() <= used


def test_top_level_is_as_the_house_is_drawn() -> None:
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert found - MADE_BY_TOOLS <= TOP_LEVEL


# ---- each rule sees its fault

LONG_FUNCTION = "def f() -> None:\n" + "    print()\n" * 60
CONNECTS = 'def f(b: object) -> None:\n    """Do."""\n    b.clicked.connect(lambda: None)\n'

FAULTS: list[tuple[Rule, dict[str, str]]] = [
    (imports_point_one_way, {"app/models/base.py": "from app.services import planning"}),
    (imports_point_one_way, {"app/intake/rows.py": "def f():\n    import app.law.library"}),
    (imports_point_one_way, {"app/errors.py": "from .files import resource"}),
    (imports_point_one_way, {"app/ui/shell.py": "from app import cli"}),
    (imports_point_one_way, {"app/cli.py": "from app.ui.shell import Shell"}),
    (imports_point_one_way, {"app/gadgets.py": "x = 1"}),
    (
        window_opens_from_one_module,
        {
            "app/cli/a.py": "def a():\n    import app.ui.main",
            "app/cli/b.py": "def b():\n    import app.ui.main",
        },
    ),
    (
        no_import_cycles,
        {
            "app/sync/a.py": "from app.sync import b",
            "app/sync/b.py": "def f():\n    from app.sync.a import x",
        },
    ),
    (
        no_import_cycles,
        {
            "app/sync/a.py": "from . import b",
            "app/sync/b.py": "from . import c",
            "app/sync/c.py": "from .b import x",
        },
    ),
    (qt_only_in_the_window, {"app/forms/page.py": "from PySide6.QtGui import QImage"}),
    (no_sql_in_the_window, {"app/ui/table.py": "def f():\n    import sqlalchemy.orm"}),
    (only_services_write, {"app/ui/table.py": "with place.write('x') as work:\n    pass"}),
    (broad_except_only_at_borders, {"app/law/x.py": "try:\n    f()\nexcept Exception:\n    pass"}),
    (
        broad_except_only_at_borders,
        {"app/law/x.py": "try:\n    f()\nexcept (OSError, BaseException):\n    pass"},
    ),
    (broad_except_only_at_borders, {"app/law/x.py": "try:\n    f()\nexcept:\n    pass"}),
    (everything_is_annotated, {"app/law/x.py": "def f(a) -> None: ..."}),
    (everything_is_annotated, {"app/law/x.py": "class A:\n    def f(self): ..."}),
    (every_module_says_what_it_is, {"app/law/x.py": "x = 1"}),
    (public_names_are_documented, {"app/law/x.py": "def f() -> None: ..."}),
    (public_names_are_documented, {"app/law/x.py": "class A:\n    x = 1"}),
    (files_are_pages, {"app/law/x.py": "x = 1\n" * 601}),
    (files_are_pages, {"app/law/x.py": "x = 1\n" * 401}),
    (functions_are_short, {"app/law/x.py": LONG_FUNCTION}),
    (signals_go_to_named_slots, {"app/ui/x.py": CONNECTS}),
    (no_articles_in_code, {"app/law/x.py": "BASIS = '第三十七条'"}),
    (no_articles_in_code, {"app/law/x.py": "BASIS = 'ccc-rules-2022/54(2)'"}),
]


@pytest.mark.parametrize("rule,files", FAULTS, ids=lambda value: getattr(value, "__name__", ""))
def test_a_rule_sees_its_fault(rule: Rule, files: dict[str, str]) -> None:
    assert list(rule([Module.of(path, source) for path, source in files.items()]))


GOOD = {
    "app/__init__.py": '"""Chayan."""\n__version__ = "1"\n',
    "app/errors.py": '"""Errors."""\n',
    "app/law/library.py": '"""Law (第三条)."""\nfrom app import __version__\nfrom app.errors import Bug\n',
    "app/services/handover.py": (
        '"""Hand over."""\nfrom app.law import library\n\n\n'
        'def hand_over(place: object) -> None:\n    """Write."""\n    with place.write("x"):\n        pass\n'
    ),
    "app/cli.py": '"""Commands."""\n\n\ndef _window() -> None:\n    from app.ui.main import run\n    run()\n',
    "app/ui/main.py": '"""Window."""\nfrom PySide6.QtWidgets import QWidget\nfrom app.services import handover\n',
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_leaves_good_work_alone(rule: Rule) -> None:
    assert not list(rule([Module.of(path, source) for path, source in GOOD.items()]))
