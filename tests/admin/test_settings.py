"""Company Settings: the switches of the portal and of requests, and everything beside them."""

import pytest
from sqlalchemy import select

from app.models import Company, Holiday, OpeningHours
from tests.harness.pages import Page
from tests.portal import doors, work

PORTAL = "/admin/settings/portal"


def company(world):
    return world.enter().get_one(Company, world.company_id)


def switch(client, **fields: str):
    """Save the Customer Portal tab; a switch that is left out is off, as a browser sends it."""
    page = client.page(PORTAL)
    wanted = dict.fromkeys(("portal_enabled", "requests_enabled"), "")
    return client.submit(page, "Save", **{**wanted, **fields})


@pytest.mark.feature(112, 119)
def test_both_switches_stand_on_the_customer_portal_tab(world, owner):
    settings = owner.page(owner.page("/admin/").link("Settings"))
    page = owner.page(settings.link("Customer Portal"))

    assert "Company Settings" in page.text
    assert 'role="switch" name="portal_enabled"' in page.answer.text
    assert 'role="switch" name="requests_enabled"' in page.answer.text
    assert "Customer Service Requests" in page.text


@pytest.mark.feature(113)
def test_requests_are_on_from_the_beginning(world, owner):
    assert owner.page(PORTAL).form("Save").fields.count(("requests_enabled", "1")) == 1


@pytest.mark.feature(112, 117)
def test_requests_are_switched_off_without_the_portal(world, owner):
    switch(owner, portal_enabled="1")

    assert (company(world).portal_enabled, company(world).requests_enabled) == (True, False)


@pytest.mark.feature(115, 118)
def test_switching_requests_off_and_on_loses_no_request(world, owner, dispatcher):
    world.hand_in()

    switch(owner, portal_enabled="1")
    while_off = dispatcher.page("/admin/requests/").text
    switch(owner, portal_enabled="1", requests_enabled="1")

    assert "The kitchen tap drips" in while_off
    assert "The kitchen tap drips" in dispatcher.page("/admin/requests/").text
    assert company(world).requests_enabled


@pytest.mark.feature(114, 116, 117)
def test_requests_off_hides_the_form_and_leaves_the_jobs(world, owner, client):
    doors.sign_in(client, world)
    work.make_job(world, title="Mend the tap")

    switch(owner, portal_enabled="1")

    jobs = client.page(f"/p/{world.slug}/jobs")
    assert "Mend the tap" in jobs.text
    assert "Request Service" not in jobs.text
    assert client.get(f"/p/{world.slug}/requests/new").status_code == 403


@pytest.mark.feature(120, 121, "D4")
def test_the_portal_off_ends_links_and_sessions_with_a_message(world, owner, client, new_client):
    path = doors.sent_by_staff(world)
    doors.sign_in(client, world)

    switch(owner, requests_enabled="1")

    for answer in (client.get(f"/p/{world.slug}/jobs"), new_client().get(path)):
        assert answer.status_code == 503
        assert "portal is currently unavailable" in Page(answer).text


@pytest.mark.feature(122)
def test_the_portal_back_on_has_lost_nothing(world, owner, client):
    world.hand_in()
    switch(owner, requests_enabled="1")
    switch(owner, portal_enabled="1", requests_enabled="1")

    doors.sign_in(client, world)

    assert "The kitchen tap drips" in client.page(f"/p/{world.slug}/requests").text


@pytest.mark.feature(119, 188)
def test_only_owners_reach_the_settings(world, dispatcher, technician, office):
    for client in (dispatcher, technician, office):
        for url in ("/admin/settings/", PORTAL, "/admin/opening-hours/", "/admin/holidays/new/"):
            assert client.get(url).status_code == 403
        page = client.page("/admin/")
        assert not [href for _, href in page.links if "settings" in href]


@pytest.mark.feature(119, 188)
def test_a_posted_switch_of_somebody_else_is_refused(world, owner, dispatcher):
    form = dispatcher.page("/admin/customers/new/").form("Save")

    answer = dispatcher.post(PORTAL, data={**form.filled(), "portal_enabled": ""})

    assert answer.status_code == 403
    assert company(world).portal_enabled


def test_a_tab_changes_its_own_settings_only(world, owner):
    page = owner.page("/admin/settings/messages")

    owner.submit(page, "Save", sender_name="Acme Team", portal_enabled="", name="Stolen")

    found = company(world)
    assert found.sender_name == "Acme Team"
    assert found.portal_enabled
    assert found.name == "Acme Plumbing"


def test_a_wrong_setting_is_told_beside_its_field(world, owner):
    page = owner.page("/admin/settings/company")

    answer = owner.submit(page, "Save", brand="red", name="New Name")

    assert answer.status_code == 422
    assert "Write a colour as #" in Page(answer).text
    assert Page(answer).form("Save").value("name") == "New Name"
    assert company(world).name == "Acme Plumbing"


def test_the_look_language_and_zone_are_the_companys(world, owner):
    page = owner.page("/admin/settings/company")

    owner.submit(page, "Save", brand="#AA3300", language="de", timezone="America/New_York")

    found = company(world)
    assert (found.brand, found.language, found.timezone) == ("#aa3300", "de", "America/New_York")


@pytest.mark.feature(78)
def test_reasons_to_decline_are_edited_a_line_each(world, owner, dispatcher):
    page = owner.page("/admin/settings/declining")

    owner.submit(
        page, "Save", decline_reasons_en="Too far.\nOn holiday.", decline_reasons_de="",
        decline_reasons_es="", decline_instructions_en="Call 0800.",
    )  # fmt: skip

    found = company(world)
    assert found.reasons["decline"] == [{"en": "Too far."}, {"en": "On holiday."}]
    assert found.decline_instructions == {"en": "Call 0800."}
    request = world.hand_in()
    world.session.commit()
    assert dispatcher.page(f"/admin/requests/{request.id}/decline").has_button("Too far.")


def test_a_tab_that_is_not_there_is_not_found(world, owner):
    assert owner.get("/admin/settings/nonsense").status_code == 404


def test_opening_hours_are_a_tab_and_can_be_changed(world, owner):
    page = owner.page("/admin/opening-hours/new/")

    backwards = owner.submit(page, "Save", weekday="5", opens="14:00", closes="10:00")
    right = owner.submit(page, "Save", weekday="5", opens="10:00", closes="14:00")

    assert backwards.status_code == 422
    assert right.status_code == 303
    saturday = world.enter().scalars(select(OpeningHours).where(OpeningHours.weekday == 5)).one()
    assert f"{saturday.opens:%H:%M}" == "10:00"
    assert "Saturday" in owner.page("/admin/opening-hours/").text


def test_a_holiday_is_added_and_taken_away(world, owner):
    owner.submit(owner.page("/admin/holidays/new/"), "Save", day="2031-12-25", name="Christmas")
    row = world.enter().scalars(select(Holiday)).one()

    page = owner.page(f"/admin/holidays/edit/?id={row.id}")
    answer = owner.submit(page, f"Delete {row}")

    assert answer.status_code == 303
    assert world.enter().scalars(select(Holiday)).all() == []


def test_the_same_holiday_twice_is_told_in_the_form(world, owner):
    page = owner.page("/admin/holidays/new/")
    owner.submit(page, "Save", day="2031-12-25", name="Christmas")

    again = owner.submit(page, "Save", day="2031-12-25", name="Christmas again")

    assert again.status_code == 422
    assert "Another entry has this already." in Page(again).text
