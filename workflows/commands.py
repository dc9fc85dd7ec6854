"""``flask workflow``: check, test, compare and draw definitions from files."""

from __future__ import annotations

from pathlib import Path

import click

from workflows.cases import run_cases
from workflows.diagram import mermaid
from workflows.difference import differences
from workflows.document import Document, read
from workflows.problems import Problem
from workflows.schema import Definition
from workflows.verifier import check_document

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.group("workflow", help="Check, test, compare and draw workflow definitions.")
def workflow() -> None:
    """Hold the commands together."""


@workflow.command("check")
@click.argument("file", type=FILE)
def check_command(file: Path) -> None:
    """Print one line a problem (FILE:LINE RULE sentence); exit 1 if there is an error."""
    problems = check_document(_document(file))
    for problem in problems:
        click.echo(problem.format(str(file)))
    if any(problem.is_error for problem in problems):
        raise SystemExit(1)
    click.echo(f"{file}: no errors.", err=True)


@workflow.command("test")
@click.argument("file", type=FILE)
def test_command(file: Path) -> None:
    """Run the definition's own tests; exit 1 on a red one."""
    document = _document(file)
    errors = [one for one in check_document(document) if one.is_error and one.rule != "E22"]
    definition = _usable(file, document, errors)
    red = 0
    for result in run_cases(definition):
        red += not result.is_green
        mark = "ok " if result.is_green else "RED"
        tail = "" if result.is_green else f": {result.sentence}"
        click.echo(f"{mark} {result.case.name}{tail}")
    click.echo(f"{len(definition.tests)} tests, {red} red.")
    if red:
        raise SystemExit(1)


@workflow.command("diff")
@click.argument("before", type=FILE)
@click.argument("after", type=FILE)
def diff_command(before: Path, after: Path) -> None:
    """Say in words what changed from one file to the other."""
    changes = differences(_definition(before), _definition(after))
    for change in changes:
        click.echo(change.sentence)
    if not changes:
        click.echo("No difference.")


@workflow.command("diagram")
@click.argument("file", type=FILE)
@click.option("--language", help="Label the drawing in this language.")
def diagram_command(file: Path, language: str | None) -> None:
    """Print the definition as a Mermaid state diagram."""
    click.echo(mermaid(_definition(file), language=language), nl=False)


def _document(file: Path) -> Document:
    return read(file.read_bytes(), str(file))


def _definition(file: Path) -> Definition:
    document = _document(file)
    return _usable(file, document, list(document.problems))


def _usable(file: Path, document: Document, errors: list[Problem]) -> Definition:
    for problem in errors:
        click.echo(problem.format(str(file)))
    if errors or document.definition is None:
        raise SystemExit(1)
    return document.definition
