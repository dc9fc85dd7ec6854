"""Drafts: kept whatever stands in them, published only when nothing is wrong."""

import pytest

from app import clock
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.models import Company, Staff, WorkflowVersion
from app.services import publishing, workflow_drafts
from tests.services.workflow_edits import with_quote, yaml
from workflows import versions

KEY = "service_request"


def published(world):
    session = world.enter()
    return versions.current(session, session.get_one(Company, world.company_id), KEY)


def save(world, text, edition=None, actor=None):
    who = actor or world.owner
    return workflow_drafts.save(world.enter(), who, KEY, text, edition=edition, at=clock.now())


def publish(world, note=None):
    session = world.enter()
    seen = publishing.preview(session, world.owner, KEY, at=clock.now())
    choices = publishing.Choices({}, note=note, confirm=seen.confirm)
    return publishing.publish(session, world.owner, KEY, choices, at=clock.now())


def errors(world):
    draft = workflow_drafts.get(world.enter(), world.owner, KEY)
    found = workflow_drafts.problems(world.session, world.owner, draft)
    return [problem.rule for problem in found if problem.is_error]


def test_before_the_first_save_the_draft_is_what_is_published(world):
    draft = workflow_drafts.get(world.session, world.owner, KEY)

    assert not draft.is_saved
    assert draft.read().definition == published(world)
    assert errors(world) == []


@pytest.mark.feature("F08")
@pytest.mark.parametrize("text", ["", "states: [", "schema: 1\n", "x" * 70_000, "a: &b 1"])
def test_a_draft_keeps_whatever_is_typed_but_is_not_published(world, text):
    save(world, text)

    assert workflow_drafts.get(world.session, world.owner, KEY).text == text
    assert errors(world)
    with pytest.raises(Conflict, match="problems"):
        publish(world)


def test_a_text_beyond_reason_is_refused(world):
    with pytest.raises(Invalid):
        save(world, "x" * 200_000)


def test_of_two_who_save_at_once_the_second_is_told(world):
    save(world, "one", edition=0)

    with pytest.raises(Conflict, match="Somebody else"):
        save(world, "two", edition=0)


@pytest.mark.feature(188)
def test_only_an_owner_may_save(world):
    with pytest.raises(Forbidden):
        save(world, "x", actor=world.dispatcher)


def test_a_draft_is_the_companys_own(world, stranger):
    save(world, "ours")

    theirs = workflow_drafts.get(stranger.enter(), stranger.owner, KEY)

    assert not theirs.is_saved


def test_a_draft_of_another_name_can_not_be_published(world):
    save(world, yaml({**published(world).as_data(), "workflow": "other"}))

    assert errors(world) == ["E30"]


def test_a_step_for_a_role_nobody_has_stops_the_publishing(world):
    changed = with_quote(published(world))
    changed["roles"]["office"] = {"kind": "staff"}
    changed["transitions"][-1]["roles"] = ["office"]
    save(world, yaml(changed))

    assert errors(world) == ["E40"]

    world.session.get_one(Staff, world.technician.id).role = "office"
    world.session.flush()
    assert errors(world) == []


def test_a_red_test_stops_the_publishing(world):
    changed = published(world).as_data()
    changed["tests"] = [{"name": "never", "then": {"state": "approved"}}]
    save(world, yaml(changed))

    assert errors(world) == ["E22"]


@pytest.mark.feature("F08")
def test_a_version_is_listed_with_author_note_and_difference(world):
    save(world, yaml(with_quote(published(world))))
    publish(world, note="Quotes first")

    [(newest, changes), (first, none)] = workflow_drafts.history(world.session, world.owner, KEY)

    assert (newest.number, newest.author, newest.note) == (2, "Olive Owner", "Quotes first")
    assert "Added the state “Needs quote”." in [change.sentence for change in changes]
    assert (first.number, none) == (1, ())
    assert not workflow_drafts.get(world.session, world.owner, KEY).is_saved


@pytest.mark.feature("F08")
def test_the_way_back_is_another_version_and_the_old_one_stays_frozen(world):
    before = published(world)
    save(world, yaml(with_quote(before)))
    publish(world)

    workflow_drafts.take_up(world.session, world.owner, KEY, 1, at=clock.now())
    publish(world)

    assert published(world) == before
    rows = workflow_drafts.history(world.session, world.owner, KEY)
    assert [row.number for row, _ in rows] == [3, 2, 1]
    assert "needs_quote" in str(rows[1][0].document)


def test_another_companys_version_is_not_there(world, stranger):
    row = WorkflowVersion(
        key=KEY, number=9, sha256="", document={}, author="x", created_at=clock.now()
    )
    world.enter().add(row)
    world.session.flush()

    with pytest.raises(NotFound):
        workflow_drafts.version(stranger.enter(), stranger.owner, KEY, 9)
