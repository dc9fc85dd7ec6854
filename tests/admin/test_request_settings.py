"""How requests work: settings of form and steps, saved in the draft and published from there."""

import pytest
from sqlalchemy import select

from app import clock
from app.models import Company, Service, WorkflowDraft
from app.services import draft_edits, publishing, workflow_drafts
from tests.harness.pages import Page
from workflows import document, versions

SETTINGS = "/admin/request-settings/"


def save(owner, **fields):
    return owner.submit(owner.page(SETTINGS), "Save in the draft", **fields)


def draft_of(world, key="service_request"):
    rows = world.enter().scalars(select(WorkflowDraft).where(WorkflowDraft.key == key))
    return rows.one_or_none()


def publish(world, key="service_request"):
    session, at = world.enter(), clock.now()
    shown = publishing.preview(session, world.owner, key, at=at)
    choices = publishing.Choices(states={}, confirm=shown.confirm)
    publishing.publish(session, world.owner, key, choices, at=at)


@pytest.mark.feature("C17", "C20")
def test_settings_are_saved_in_the_draft_under_the_owners_name(world, owner):
    answer = save(owner, photos="1", **{"reminder.hours": "24"})

    draft = draft_of(world)
    found = document.read(draft.text).definition
    assert found is not None
    assert answer.status_code == 303
    assert draft.author == "Olive Owner"
    assert found.timers[0].after == "PT24H"
    page = owner.page(SETTINGS)
    assert "Photos, at most: 1 instead of 3" in page.text
    assert "Publish it to make it count" in page.text
    assert page.link("Preview and publish") == "/admin/workflow-publishing/service_request/publish"


@pytest.mark.feature("C17")
def test_nothing_changes_for_customers_until_it_is_published(world, owner):
    save(owner, photos="7")
    company = world.enter().get_one(Company, world.company_id)
    before = draft_edits.values(versions.current(world.session, company, "service_request"))

    publish(world)

    after = draft_edits.values(versions.current(world.session, company, "service_request"))
    assert (before["photos"], after["photos"]) == ("3", "7")


def test_the_note_of_the_version_says_what_changed(world, owner):
    save(owner, photos="1")
    page = owner.page("/admin/workflow-publishing/service_request/publish")

    owner.submit(page, "Publish version 2")

    versions_page = owner.page("/admin/workflow-publishing/service_request/versions")
    assert "Photos, at most: 1 instead of 3" in versions_page.text


def test_what_is_as_it_was_leaves_no_draft(world, owner):
    answer = save(owner)

    assert answer.status_code == 303
    assert draft_of(world) is None


def test_an_odd_number_is_named_at_its_field_and_nothing_is_kept(world, owner):
    answer = save(owner, photos="99", urgency="off")

    assert answer.status_code == 422
    assert "Write a number from 0 to 20." in answer.text
    assert 'value="99"' in answer.text
    assert draft_of(world) is None


@pytest.mark.feature("C16")
def test_a_change_the_draft_can_not_take_says_why_and_changes_nothing(world, owner):
    session = world.enter()
    draft = workflow_drafts.get(session, world.owner, "service_request")
    data = workflow_drafts.data_of(draft) or {}
    data["transitions"] = [way for way in data["transitions"] if way["trigger"] != "decline"]
    data["tests"] = []
    saved = workflow_drafts.save_data(session, world.owner, draft, data, at=clock.now())

    page = owner.page(SETTINGS)
    answer = owner.post(SETTINGS, data={**page.form("Save in the draft").filled(),
                                        "decline.reason": "optional"})  # fmt: skip

    assert answer.status_code == 422
    assert "Declining asks for no reason" in answer.text
    assert draft_of(world).edition == saved.edition


def test_a_draft_somebody_else_saved_meanwhile_is_not_overwritten(world, owner):
    page = owner.page(SETTINGS)
    save(owner, photos="1")

    answer = owner.submit(page, "Save in the draft", photos="2")

    assert answer.status_code == 409
    assert "Somebody else saved this draft meanwhile" in answer.text


def test_a_draft_that_can_not_be_read_leads_to_its_text(world, owner):
    key = "service_request"
    workflow_drafts.save(world.enter(), world.owner, key, "a: [", edition=None, at=clock.now())

    assert "can’t be read" in owner.page(SETTINGS).text
    assert save(owner, photos="1").status_code == 409


@pytest.mark.feature(188)
def test_only_owners_may_change_how_requests_work(dispatcher):
    assert dispatcher.get(SETTINGS).status_code == 403
    assert dispatcher.get("/admin/notifications/").status_code == 403


@pytest.mark.feature(124)
def test_bookable_services_are_ticked_and_put_in_order(world, owner):
    session = world.enter()
    rows = [Service(name={"en": name}) for name in ("Gutters", "Windows")]
    session.add_all(rows)
    session.flush()
    first, second = (row.id for row in rows)
    page = owner.page("/admin/bookable/")

    owner.submit(page, "Save", **{f"bookable_{first}": "", f"place_{first}": "2",
                                  f"place_{second}": "1"})  # fmt: skip

    world.enter()
    gutters, windows = (session.get_one(Service, id_) for id_ in (first, second))
    assert (gutters.bookable, gutters.position) == (False, 2)
    assert (windows.bookable, windows.position) == (True, 1)


def test_an_odd_place_of_a_service_is_named(world, owner):
    row = Service(name={"en": "Gutters"})
    world.enter().add(row)
    world.session.flush()

    page = owner.page("/admin/bookable/")
    answer = owner.submit(page, "Save", **{f"place_{row.id}": "first"})

    assert answer.status_code == 422
    assert "Write a whole number." in Page(answer).text
