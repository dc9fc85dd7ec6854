"""Switching between the ways of taking requests, and what becomes of those under way."""

import pytest

from app import clock
from app.models import Company
from app.services import draft_settings, preset_switch, publishing
from tests.harness.pages import Page
from tests.portal import doors
from workflows import versions

WAYS = "/admin/preset-switch/"


def company(world):
    return world.enter().get_one(Company, world.company_id)


def switch(owner, key="hybrid"):
    return owner.submit(owner.page(f"{WAYS}{key}"), "Switch")


def test_the_ways_are_listed_with_what_they_are_good_for(owner):
    page = owner.page(WAYS)

    assert "Good when a dispatcher looks at each request" in page.text
    assert "in use" in page.text
    assert f"{WAYS}hybrid" in [href for _, href in page.links]


@pytest.mark.feature("C3", "C8", "C11", "C12", "C13", "C15", "C21")
def test_the_preview_says_what_changes_for_customers_and_staff(world, owner):
    world.hand_in()

    text = owner.page(f"{WAYS}hybrid").text

    assert "When it would suit them: Up to three days with a time of day instead of One day" in text
    assert "Your request has been received" in text
    assert "“Under review” once somebody has opened it: yes instead of no" in text
    assert "After 48 h without an answer → Dispatchers: Waiting 48 hours" in text
    assert "Who may create an account: Anybody, once you have said yes instead of Nobody" in text
    assert "1 request is under way" in text


def test_switching_changes_the_way_and_its_settings_at_once(world, owner):
    answer = switch(owner)

    found = company(world)
    assert answer.status_code == 303
    assert found.request_workflow == "hybrid"
    assert (found.signup, found.shows["cost"], found.channels) == ("approval_needed", True, {})
    assert "hybrid" in found.versions


def test_what_requests_turn_into_is_published_along(world, owner):
    row = company(world)
    row.versions = {key: id_ for key, id_ in row.versions.items() if key != "estimate"}
    world.session.commit()

    switch(owner)

    assert {"hybrid", "job", "estimate"} <= set(company(world).versions)


def test_requests_under_way_stay_openable_for_staff_and_customer(world, owner, dispatcher, client):
    row = world.hand_in()
    id_, ref = row.id, row.ref
    switch(owner)
    doors.sign_in(client, world)

    assert "The kitchen tap drips" in client.page(f"/p/{world.slug}/requests/{ref}").text
    assert "Pending" in client.page(f"/p/{world.slug}/requests").text
    assert "Decline" in dispatcher.page(f"/admin/requests/{id_}").text
    assert dispatcher.get(f"/admin/requests/{id_}/approve").status_code == 200
    assert client.get(f"/p/{world.slug}/requests/new").status_code == 200


def test_a_picture_that_has_changed_since_is_refused(world, owner):
    page = owner.page(f"{WAYS}hybrid")
    world.hand_in()

    answer = owner.submit(page, "Switch")

    assert answer.status_code == 409
    assert "The picture has changed" in Page(answer).text
    assert company(world).request_workflow == "service_request"


def test_own_changes_are_found_again_after_going_back(world, owner):
    session, at = world.enter(), clock.now()
    draft_settings.change(session, world.owner, {"photos": "7"}, edition=None, at=at)
    shown = publishing.preview(session, world.owner, "service_request", at=at)
    choices = publishing.Choices(states={}, confirm=shown.confirm)
    publishing.publish(session, world.owner, "service_request", choices, at=at)
    number = company(world).versions["service_request"]

    switch(owner)
    assert "your own version 2" in owner.page(WAYS).text
    switch(owner, "service_request")

    found = company(world)
    assert (found.request_workflow, found.versions["service_request"]) == (
        "service_request",
        number,
    )
    assert found.channels == {"*": {"customer": "email"}}


def test_the_way_in_use_can_not_be_switched_to(world, owner):
    assert owner.get(f"{WAYS}service_request").status_code == 303
    assert owner.get(f"{WAYS}nonsense").status_code == 404


def test_words_of_messages_that_were_chosen_alone_stay(session, world):
    row = company(world)
    row.channels = {**row.channels, "booking.approved": {"customer": "both"}}
    shown = preset_switch.preview(session, world.owner, "hybrid")

    preset_switch.switch(session, world.owner, "hybrid", shown.confirm, at=clock.now())

    assert company(world).channels == {"booking.approved": {"customer": "both"}}
    assert versions.current(session, company(world), "hybrid").workflow == "hybrid"
