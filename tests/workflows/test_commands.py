"""``flask workflow``: what it prints and how it exits."""

import pytest
from click.testing import CliRunner

from workflows.commands import workflow
from workflows.document import write
from workflows.library import FOLDER


@pytest.fixture
def run():
    """Return a function that runs a command."""
    return lambda *words: CliRunner().invoke(workflow, [str(word) for word in words])


@pytest.fixture
def file(tmp_path, small, define):
    """Return a function that writes the small definition, changed, to a file."""

    def make(name="small.yaml", **changes):
        path = tmp_path / name
        path.write_text(write(define({**small, **changes})), "utf-8")
        return path

    return make


def test_check_is_silent_and_exits_0_on_a_sound_file(run):
    answer = run("check", FOLDER / "online_booking.yaml")

    assert (answer.exit_code, answer.stdout) == (0, "")


def test_check_prints_one_line_a_problem_and_exits_1(run, file):
    path = file(initial="nowhere")

    answer = run("check", path)

    assert answer.exit_code == 1
    line = path.read_text("utf-8").splitlines().index("initial: nowhere") + 1
    assert answer.stdout == (
        f"{path}:{line} E01 The first state 'nowhere' does not exist; name one of the states.\n"
    )


def test_check_says_what_is_wrong_with_a_file_that_can_not_be_read(run, tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_bytes(b"a: &x 1")

    answer = run("check", path)

    assert (answer.exit_code, "E31" in answer.stdout) == (1, True)


def test_a_warning_is_printed_and_does_not_block(run, file, small):
    small["transitions"][0]["bulk"] = True
    small["transitions"][0]["form"] = "create_job"

    answer = run("check", file())

    assert (answer.exit_code, " W02 " in answer.stdout) == (0, True)


def test_test_runs_the_tests(run, file):
    green = run("test", FOLDER / "job.yaml")
    red = run("test", file(tests=[{"name": "never", "then": {"state": "approved"}}]))

    assert green.exit_code == 0
    assert "8 tests, 0 red." in green.stdout
    assert red.exit_code == 1
    assert "RED never: expected the state 'approved'" in red.stdout


def test_test_refuses_a_broken_definition(run, file):
    answer = run("test", file(initial="nowhere"))

    assert (answer.exit_code, "E01" in answer.stdout) == (1, True)


def test_diff_speaks_in_words(run, file):
    before, after = file("a.yaml"), file("b.yaml", title={"en": "Large"})

    assert run("diff", before, after).stdout == (
        "The workflow: the name in English is now “Large”, it was “Small”.\n"
    )
    assert run("diff", before, before).stdout == "No difference.\n"


def test_diagram_prints_mermaid(run):
    answer = run("diagram", FOLDER / "job.yaml", "--language", "de")

    assert answer.stdout.startswith("stateDiagram-v2\n")
    assert "s_scheduled : Geplant" in answer.stdout
