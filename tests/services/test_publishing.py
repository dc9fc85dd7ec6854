"""Publishing while requests are under way: said before, moved after, none lost."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock, failpoints
from app.errors import Conflict, Forbidden, Invalid
from app.models import Company, Event, OutboxMessage, Publication, Request, Timer
from app.services import history, publishing, requests, workflow_drafts
from app.workers.moving import move_due
from tests.harness.world import make_world
from tests.services.workflow_edits import with_quote, without_review, yaml
from workflows import audit, versions

KEY = "hybrid"


@pytest.fixture
def hybrid(session):
    """A company on the preset with review, proposals and reminders."""
    return make_world(session, preset="hybrid")


def published(world):
    session = world.enter()
    return versions.current(session, session.get_one(Company, world.company_id), KEY)


def draft(world, changed):
    workflow_drafts.save(
        world.enter(), world.owner, KEY, yaml(changed), edition=None, at=clock.now()
    )


def picture(world, at=None):
    return publishing.preview(world.enter(), world.owner, KEY, at=at or clock.now())


def publish(world, actor=None, **choices):
    given = publishing.Choices({}, confirm=picture(world).confirm)
    who = actor or world.owner
    chosen = replace(given, **choices)
    return publishing.publish(world.enter(), who, KEY, chosen, at=clock.now())


def move(world, **how):
    """Let the worker do its turn."""
    world.session.commit()
    done = move_due(**how)
    world.enter()
    return done


def in_review(world):
    request = world.hand_in()
    sent = requests.Submission({}, request.event_seq)
    requests.move(world.session, request.id, "start_review", world.owner, sent, at=clock.now())
    return request


def is_whole(world, request):
    return audit.is_whole(history.events(world.session, request), request)


def only_relabelled(world):
    changed = published(world).as_data()
    changed["states"][0]["customer_label"]["en"] = "We have it"
    return changed


@pytest.mark.feature("F08")
def test_the_preview_counts_requests_by_state_and_changes_nothing(hybrid):
    hybrid.hand_in()
    in_review(hybrid)
    draft(hybrid, without_review(published(hybrid)))

    shown = picture(hybrid)

    assert [(each.name, each.count, each.is_gone) for each in shown.groups] == [
        ("submitted", 1, False),
        ("under_review", 1, True),
    ]
    assert "Removed the state “Under review”." in [change.sentence for change in shown.changes]
    assert hybrid.session.scalars(select(Publication)).all() == []


@pytest.mark.feature("F08")
def test_the_preview_says_who_would_notice(hybrid):
    hybrid.hand_in()
    changed = only_relabelled(hybrid)
    changed["timers"][0]["after"] = "PT24H"
    draft(hybrid, changed)

    seen = picture(hybrid).notices

    assert (seen.customers, seen.timers, seen.sooner, seen.called_off) == (1, 1, 1, 0)


@pytest.mark.feature("F08")
def test_the_preview_counts_open_links_that_would_go_dead(hybrid):
    request = hybrid.hand_in()
    later = (clock.now() + timedelta(days=9)).isoformat()
    sent = requests.Submission({"proposed_at": later}, request.event_seq)
    requests.move(hybrid.session, request.id, "counter_propose", hybrid.owner, sent, at=clock.now())
    changed = published(hybrid).as_data()
    gone = "decline_proposal"
    changed["transitions"] = [one for one in changed["transitions"] if one["trigger"] != gone]
    draft(hybrid, changed)

    seen = picture(hybrid).notices

    assert (seen.links_kept, seen.links_dead) == (1, 1)


@pytest.mark.feature("F08")
def test_requests_under_way_move_to_the_new_version_with_an_event_each(hybrid):
    waiting, reviewed = hybrid.hand_in(), in_review(hybrid)
    draft(hybrid, with_quote(published(hybrid)))
    row = publish(hybrid)

    move(hybrid)

    for request in (waiting, reviewed):
        last = history.events(hybrid.session, request)[-1]
        assert request.workflow_version_id == row.workflow_version_id
        assert (last.trigger, last.actor_name) == ("workflow.moved", "Olive Owner")
        assert last.input["version"] == 2
        assert is_whole(hybrid, request)
    assert (row.total, row.moved, row.kept) == (2, 2, 0)
    assert row.done_at is not None


def test_nobody_is_written_to_because_of_a_new_version(hybrid):
    hybrid.hand_in()
    mails = len(hybrid.session.scalars(select(OutboxMessage)).all())
    draft(hybrid, only_relabelled(hybrid))
    publish(hybrid)

    move(hybrid)

    assert len(hybrid.enter().scalars(select(OutboxMessage)).all()) == mails


@pytest.mark.feature("F08")
def test_a_state_that_goes_away_needs_an_answer(hybrid):
    in_review(hybrid)
    draft(hybrid, without_review(published(hybrid)))

    with pytest.raises(Invalid) as refused:
        publish(hybrid)

    assert list(refused.value.fields) == ["under_review"]
    assert published(hybrid).has_state("under_review")


@pytest.mark.feature("F08")
def test_requests_in_a_state_that_goes_away_move_where_the_owner_says(hybrid):
    request = in_review(hybrid)
    draft(hybrid, without_review(published(hybrid)))
    told = {"under_review": {"en": "We simplified our steps"}}
    publish(hybrid, states={"under_review": "into:submitted"}, move_notes=told)

    move(hybrid)

    assert (request.state, request.waiting_on) == ("submitted", "dispatcher")
    assert is_whole(hybrid, request)
    last = history.steps(hybrid.session, request)[-1]
    assert (last.kind, last.label["en"]) == ("moved", "We simplified our steps")


@pytest.mark.feature("F08")
def test_requests_may_stay_on_their_version_and_still_be_decided(hybrid):
    staying, moving = in_review(hybrid), hybrid.hand_in()
    before = staying.workflow_version_id
    draft(hybrid, without_review(published(hybrid)))
    publish(hybrid, states={"under_review": "stay"})

    move(hybrid)

    assert staying.workflow_version_id == before
    assert moving.workflow_version_id != before
    sent = requests.Submission({"reason": "Sorry, not in our area."}, staying.event_seq)
    requests.move(hybrid.session, staying.id, "decline", hybrid.owner, sent, at=clock.now())
    assert staying.state == "declined"


@pytest.mark.parametrize("answer", ["into:nowhere", "into:", "delete"])
def test_an_answer_that_leads_nowhere_is_refused(hybrid, answer):
    in_review(hybrid)
    draft(hybrid, without_review(published(hybrid)))

    with pytest.raises(Invalid):
        publish(hybrid, states={"under_review": answer})


@pytest.mark.feature("F08")
@pytest.mark.parametrize(
    "meanwhile", [lambda world: world.hand_in(), lambda world: draft(world, only_relabelled(world))]
)
def test_the_picture_changing_meanwhile_stops_the_publishing(hybrid, meanwhile):
    draft(hybrid, with_quote(published(hybrid)))
    seen = picture(hybrid).confirm
    meanwhile(hybrid)

    with pytest.raises(Conflict, match="picture has changed"):
        publish(hybrid, confirm=seen)

    assert not published(hybrid).has_state("needs_quote")


@pytest.mark.feature(188)
def test_only_an_owner_publishes(hybrid):
    draft(hybrid, with_quote(published(hybrid)))

    with pytest.raises(Forbidden):
        publish(hybrid, actor=hybrid.dispatcher)


@pytest.mark.parametrize(
    ("policy", "hours"), [("restart_from_state_entry", 24), ("keep_due", 48), ("restart_now", 27)]
)
def test_reminders_follow_the_owners_choice(hybrid, policy, hours):
    begun = clock.now() - timedelta(hours=3)
    request = hybrid.hand_in(at=begun)
    changed = published(hybrid).as_data()
    changed["timers"][0]["after"] = "PT24H"
    draft(hybrid, changed)
    row = publish(hybrid, timers=policy)

    move(hybrid)

    statement = select(Timer).where(Timer.done_at.is_(None), Timer.subject_id == request.id)
    [timer] = hybrid.session.scalars(statement)
    assert abs(timer.due_at - begun - timedelta(hours=hours)) < timedelta(minutes=5)
    assert timer.workflow_version_id == row.workflow_version_id


def test_a_reminder_that_was_sent_is_not_sent_again(hybrid):
    request = hybrid.hand_in(at=clock.now() - timedelta(hours=60))
    [timer] = hybrid.session.scalars(select(Timer).where(Timer.subject_id == request.id))
    timer.fired_at = timer.done_at = clock.now()
    draft(hybrid, only_relabelled(hybrid))
    publish(hybrid)

    move(hybrid)

    statement = select(Timer).where(Timer.done_at.is_(None))
    assert hybrid.session.scalars(statement).all() == []


def test_decided_requests_keep_the_version_they_were_decided_under(hybrid):
    request = hybrid.hand_in()
    sent = requests.Submission({"reason": "Sorry, not in our area."}, request.event_seq)
    requests.move(hybrid.session, request.id, "decline", hybrid.owner, sent, at=clock.now())
    before = request.workflow_version_id
    draft(hybrid, with_quote(published(hybrid)))
    publish(hybrid)

    move(hybrid)

    assert request.workflow_version_id == before


def test_a_mover_that_dies_is_gone_on_from_and_nobody_moves_twice(hybrid):
    handed_in = [hybrid.hand_in().id for _ in range(5)]
    draft(hybrid, with_quote(published(hybrid)))
    row_id = publish(hybrid).id
    hybrid.session.commit()
    failpoints.arm("before_moved_commit=raise")
    with pytest.raises(failpoints.FailpointRaised):
        move(hybrid, batch=2)
    failpoints.arm("")
    row = hybrid.enter().get_one(Publication, row_id, populate_existing=True)
    assert (row.moved, row.done_at) == (0, None)

    move(hybrid, batch=2)

    moved = hybrid.session.scalars(select(Event).where(Event.trigger == "workflow.moved")).all()
    assert sorted(event.subject_id for event in moved) == handed_in
    assert hybrid.session.get_one(Publication, row_id).moved == 5


def test_another_companys_requests_are_left_alone(hybrid):
    other = make_world(hybrid.session, slug="other", preset="hybrid")
    theirs = other.hand_in()
    before = theirs.workflow_version_id
    hybrid.enter()
    hybrid.hand_in()
    draft(hybrid, with_quote(published(hybrid)))
    publish(hybrid)

    move(hybrid)

    row = other.enter().scalars(select(Request).where(Request.id == theirs.id)).one()
    assert (row.workflow_version_id, row.event_seq) == (before, 1)
