"""The house rules hold, and each of them has been seen to fail."""

from collections.abc import Callable

import pytest

from tests.architecture import rules, sources
from tests.architecture.sources import Source

Rule = Callable[[list[Source]], list[str]]

# For each rule a file that breaks it, and where that file would stand.
BREACHES: list[tuple[Rule, str, str]] = [
    (rules.only_the_engine_writes_state, "app/services/a.py", "job.state = 'done'"),
    (rules.only_the_engine_writes_state, "app/services/a.py", "a.state, b = 1, 2"),
    (rules.only_the_engine_writes_state, "app/services/a.py", "setattr(job, 'state', 'done')"),
    (rules.only_the_engine_writes_state, "app/services/a.py", "update(Job).values(state='done')"),
    (rules.only_the_engine_writes_state, "app/models/a.py", "self.state = 'done'"),
    (rules.only_the_database_module_commits, "portal/a.py", "db.session.commit()"),
    (rules.only_the_clock_reads_the_time, "app/models/a.py", "at = datetime.now(UTC)"),
    (rules.only_the_clock_reads_the_time, "app/models/a.py", "default=time.time"),
    (rules.only_the_clock_reads_the_time, "app/models/a.py", "created = func.now()"),
    (rules.only_the_configuration_reads_the_environment, "wsgi.py", "os.environ['PORT']"),
    (rules.only_the_configuration_reads_the_environment, "wsgi.py", "from os import getenv"),
    (
        rules.no_gateway_inside_a_transaction,
        "app/workers/a.py",
        "from app.gateways import mail\nwith transaction() as session:\n    mail.send()",
    ),
    (
        rules.no_gateway_inside_a_transaction,
        "app/workers/a.py",
        "from app.gateways.mail import send\nwith db.transaction():\n    if x:\n        send()",
    ),
    (rules.workers_know_no_request, "app/workers/a.py", "from flask import request"),
    (rules.files_are_short, "app/a.py", "a = 1\n" * 301),
    (rules.functions_are_short, "app/a.py", "def long():\n" + "    a = 1\n" * 40),
    (rules.no_junk_drawers, "app/utils.py", ""),
    (rules.no_junk_drawers, "app/helpers/mail.py", ""),
    (rules.queries_are_statements, "app/a.py", "Job.query.all()"),
    (rules.queries_are_statements, "app/a.py", "relationship(backref='jobs')"),
    (rules.modules_say_what_they_know, "app/a.py", "a = 1"),
]
# What stands right beside a breach and is fine.
ALLOWED: list[tuple[Rule, str, str]] = [
    (rules.only_the_engine_writes_state, "workflows/engine.py", "job.state = 'done'"),
    (rules.only_the_engine_writes_state, "app/services/a.py", "if job.state == 'done': pass"),
    (rules.only_the_engine_writes_state, "workflows/machine.py", "self.state = 'done'"),
    (rules.only_the_database_module_commits, "app/db.py", "session.commit()"),
    (rules.only_the_clock_reads_the_time, "app/clock.py", "datetime.now(UTC)"),
    (rules.only_the_clock_reads_the_time, "app/process/a.py", "time.monotonic()"),
    (rules.only_the_configuration_reads_the_environment, "config.py", "os.environ"),
    (
        rules.no_gateway_inside_a_transaction,
        "app/workers/a.py",
        "from app.gateways import mail\nwith transaction():\n    claim()\nmail.send()",
    ),
    (rules.functions_are_short, "app/a.py", "def fine():\n" + "    a = 1\n" * 39),
    (rules.files_are_short, "app/a.py", "a = 1\n" * 300),
]
EVERYWHERE = [
    rules.files_are_short,
    rules.functions_are_short,
    rules.no_junk_drawers,
    rules.modules_say_what_they_know,
]
ALL = list(dict.fromkeys(rule for rule, _, _ in BREACHES))


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.__name__)
def test_the_product_keeps_the_rule(rule):
    assert rule(sources.product()) == []


@pytest.mark.parametrize("rule", EVERYWHERE, ids=lambda rule: rule.__name__)
def test_the_tests_keep_the_rule(rule):
    assert rule(sources.tests()) == []


def test_our_scripts_are_short():
    assert rules.files_are_short(sources.scripts()) == []


@pytest.mark.parametrize(("rule", "path", "text"), BREACHES)
def test_a_breach_is_found(rule, path, text):
    found = rule([Source(path, text)])

    assert found
    assert all(each.startswith(path) for each in found)


@pytest.mark.parametrize(("rule", "path", "text"), ALLOWED)
def test_what_is_right_is_let_through(rule, path, text):
    assert rule([Source(path, text)]) == []
