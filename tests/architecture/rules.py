"""The house rules about code: each returns the breaches it finds, one sentence each."""

import ast
import re
from collections.abc import Iterable, Iterator

from tests.architecture.sources import Source

MAX_FILE = 300
MAX_FUNCTION = 40
_JUNK_DRAWERS = re.compile(r"(^|/)(utils?|helpers?|common|misc|stuff|tools?_?kit)(\.py|/)")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_CLOCKS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "datetime.datetime.now",
    "datetime.date.today", "time.time", "time.time_ns", "func.now", "func.current_timestamp",
}  # fmt: skip
_ENVIRONMENT = {"os.environ", "os.environb", "os.getenv", "os.putenv"}


def only_the_engine_writes_state(sources: Iterable[Source]) -> list[str]:
    """A state changes by a step, and only there."""
    return [
        source.at(node, "writes a state outside the engine")
        for source in sources
        # Gateways know no rows (a contract of import-linter); libraries have states of their own.
        if not source.path.startswith(("workflows/engine", "app/gateways/"))
        for node in ast.walk(source.tree)
        if _writes_state(node, own_is_fine=not source.path.startswith("app/models/"))
    ]


def only_the_database_module_commits(sources: Iterable[Source]) -> list[str]:
    """One committer: ``transaction()``."""
    return [
        source.at(node, "commits by itself: use app.db.transaction()")
        for source in sources
        if source.path != "app/db.py"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and _last_name(node.func) == "commit"
    ]


def only_the_clock_reads_the_time(sources: Iterable[Source]) -> list[str]:
    """The time comes as ``at``, or from the clock that tests can stop."""
    return [
        source.at(node, f"reads {ast.unparse(node)}: use app.clock")
        for source in sources
        if source.path != "app/clock.py"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) in _CLOCKS
    ]


def only_the_configuration_reads_the_environment(sources: Iterable[Source]) -> list[str]:
    """Settings are read once, and checked."""
    return [
        source.at(node, "reads the environment: it is config.py's alone")
        for source in sources
        if source.path != "config.py"
        for node in ast.walk(source.tree)
        if _reads_environment(node)
    ]


def no_gateway_inside_a_transaction(sources: Iterable[Source]) -> list[str]:
    """Nobody waits for an outside service while rows are locked."""
    return [
        source.at(node, f"uses {node.id} of a gateway inside a transaction")
        for source in sources
        for block in ast.walk(source.tree)
        if isinstance(block, ast.With) and _opens_transaction(block)
        for statement in block.body
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and node.id in _gateway_names(source.tree)
    ]


def workers_know_no_request(sources: Iterable[Source]) -> list[str]:
    """A worker runs without anybody asking."""
    return [
        source.at(node, "takes the request into a worker")
        for source in sources
        if source.path.startswith("app/workers/")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom)
        and node.module == "flask"
        and {"request", "session", "g"} & {alias.name for alias in node.names}
    ]


def files_are_short(sources: Iterable[Source]) -> list[str]:
    """A file holds one subject."""
    return [
        f"{source.path} has {count} lines, {MAX_FILE} are the most"
        for source in sources
        if (count := len(source.text.splitlines())) > MAX_FILE
    ]


def functions_are_short(sources: Iterable[Source]) -> list[str]:
    """A function does one thing."""
    return [
        source.at(node, f"{node.name} has {length} lines, {MAX_FUNCTION} are the most")
        for source in sources
        for node in ast.walk(source.tree)
        if isinstance(node, _FUNCTIONS) and (length := _length(node)) > MAX_FUNCTION
    ]


def no_junk_drawers(sources: Iterable[Source]) -> list[str]:
    """A module is named for what it holds."""
    return [
        f"{source.path} is a junk drawer by its name"
        for source in sources
        if _JUNK_DRAWERS.search(source.path)
    ]


def queries_are_statements(sources: Iterable[Source]) -> list[str]:
    """``select()`` only: ``Model.query`` is the old way, ``backref`` hides a column."""
    return [
        source.at(node, "uses Model.query or backref")
        for source in sources
        for node in ast.walk(source.tree)
        if _is_model_query(node) or (isinstance(node, ast.keyword) and node.arg == "backref")
    ]


def modules_say_what_they_know(sources: Iterable[Source]) -> list[str]:
    """Each module opens with one line (an empty package file has nothing to say)."""
    return [
        f"{source.path} does not say what it knows"
        for source in sources
        if source.text.strip() and not ast.get_docstring(source.tree)
    ]


def _writes_state(node: ast.AST, *, own_is_fine: bool) -> bool:
    if isinstance(node, ast.Assign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(_is_state(target, own_is_fine=own_is_fine) for target in targets)
    if not isinstance(node, ast.Call):
        return False
    if _last_name(node.func) == "setattr" and len(node.args) > 1:
        return isinstance(node.args[1], ast.Constant) and node.args[1].value == "state"
    return _last_name(node.func) == "values" and any(word.arg == "state" for word in node.keywords)


def _is_state(target: ast.AST, *, own_is_fine: bool) -> bool:
    parts = target.elts if isinstance(target, ast.Tuple) else [target]
    found = [part for part in parts if isinstance(part, ast.Attribute) and part.attr == "state"]
    return any(not own_is_fine or _last_name(part.value) != "self" for part in found)


def _reads_environment(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom) and node.module == "os":
        return bool({"environ", "environb", "getenv"} & {alias.name for alias in node.names})
    return isinstance(node, ast.Attribute) and ast.unparse(node) in _ENVIRONMENT


def _opens_transaction(block: ast.With) -> bool:
    return any(
        isinstance(item.context_expr, ast.Call)
        and _last_name(item.context_expr.func).endswith("transaction")
        for item in block.items
    )


def _gateway_names(tree: ast.Module) -> set[str]:
    return set(_imported_from(tree, "app.gateways"))


def _imported_from(tree: ast.Module, package: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(package):
            yield from (alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == package.rpartition(".")[0]:
            last = package.rpartition(".")[2]
            yield from (alias.asname or last for alias in node.names if alias.name == last)


def _is_model_query(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr == "query"
        and isinstance(node.value, ast.Name)
        and node.value.id[:1].isupper()
    )


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _last_name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
