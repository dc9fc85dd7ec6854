"""Approvals that come late, twice, or from where they should not."""

import pytest
from sqlalchemy import select

from app.models import Event
from tests.admin.approving import approve, job_of
from tests.portal import work


@pytest.mark.feature(74)
def test_cancelling_the_job_leaves_its_request_approved(world, dispatcher):
    request = world.hand_in()
    work.approve(world, request)
    job = job_of(world, request)

    page = dispatcher.page(f"/admin/jobs/{job.id}/cancel")
    answer = dispatcher.submit(page, "Cancel job and tell the customer")

    assert answer.status_code == 303
    assert (job.state, request.state) == ("cancelled", "approved")


def test_the_steps_event_keeps_what_was_asked(world, dispatcher):
    request = world.hand_in()

    approve(dispatcher, request, title="Tap")

    event = world.enter().scalars(select(Event).where(Event.trigger == "approve")).one()
    assert event.actor_ref == world.dispatcher.ref
