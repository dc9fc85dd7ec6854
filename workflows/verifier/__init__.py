"""What is wrong with a definition: every rule, with its line and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workflows.calendars import OFFICE_HOURS, Calendar
from workflows.cases import run_cases
from workflows.document import Document, path_text, read
from workflows.phrases import Phrase
from workflows.problems import N_, Problem
from workflows.schema import Definition
from workflows.verifier.advice import warnings
from workflows.verifier.effects import effect_findings
from workflows.verifier.expressions import expression_findings
from workflows.verifier.finding import Finding, Findings, found
from workflows.verifier.graph import graph_findings
from workflows.verifier.messages import message_findings
from workflows.verifier.names import name_findings
from workflows.verifier.roles import member_findings, role_findings
from workflows.verifier.texts import text_findings
from workflows.yaml_tree import Lines

_RULES = (
    name_findings,
    graph_findings,
    role_findings,
    text_findings,
    expression_findings,
    effect_findings,
    message_findings,
)

__all__ = ["check", "check_document", "verify"]


def check(text: str | bytes, file: str = "definition") -> list[Problem]:
    """Return what is wrong with a file: whether it can be read, the rules, its tests."""
    return check_document(read(text, file))


def check_document(document: Document, members: Mapping[str, int] | None = None) -> list[Problem]:
    """Return what is wrong with a document that has been read, in the order of its lines."""
    if document.definition is None:
        return list(document.problems)
    return verify(document.definition, lines=document.lines, members=members)


def verify(
    definition: Definition,
    *,
    lines: Lines | None = None,
    members: Mapping[str, int] | None = None,
    calendar: Calendar = OFFICE_HOURS,
) -> list[Problem]:
    """Return every problem and warning; with ``members`` (staff by role) E40 too.

    The definition's own tests run when nothing else is wrong: on a broken one they would only
    say the same again.
    """
    known = lines or Lines({})
    findings = list(_findings(definition, members))
    if not any(finding.rule.startswith("E") for finding in findings):
        findings.extend(_red_tests(definition, calendar))
    problems = [_placed(finding, known) for finding in findings]
    return sorted(problems, key=lambda problem: problem.line)


def _findings(definition: Definition, members: Mapping[str, int] | None) -> Iterator[Finding]:
    for rule in _RULES:
        yield from rule(definition)
    yield from warnings(definition)
    if members is not None:
        yield from member_findings(definition, members)


def _red_tests(definition: Definition, calendar: Calendar) -> Findings:
    for index, result in enumerate(run_cases(definition, calendar)):
        if not result.is_green:
            yield found(
                "E22",
                ("tests", index),
                N_("The test '%(test)s' is red: %(said)s."),
                test=result.case.name,
                said=Phrase(result.msgid, result.params),
            )


def _placed(finding: Finding, lines: Lines) -> Problem:
    line = lines.find(finding.path)
    return Problem(finding.rule, path_text(finding.path), line, finding.msgid, finding.params)
