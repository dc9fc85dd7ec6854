"""A customer's page, and the way staff open and shut the portal to them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.models import Asset, Company, Contact, Customer, Location, OutboxMessage, SignInLink
from app.services import links
from tests.harness.pages import Page
from tests.portal import doors, work

NO_EMAIL = "There is no e-mail address on record, so no sign-in link can be sent. Add one."


def page_of(client, world):
    return client.page(f"/admin/customers/{world.customer.id}")


def row(world):
    return world.enter().get_one(Customer, world.customer.id)


def open_links(world) -> list[SignInLink]:
    found = world.enter().scalars(doors.portal_links())
    return [link for link in found if link.is_open(clock.now())]


@pytest.mark.feature(132)
def test_staff_resend_the_link_from_the_customers_page(world, dispatcher):
    found = dispatcher.page("/admin/customers/").link("Carla Customer")
    page = dispatcher.page(found)

    answer = dispatcher.submit(page, "Resend Access Link")

    assert "Portal Access" in page.text
    assert answer.location == found
    link = open_links(world)[0]
    newest = select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(1)
    mail = world.enter().scalars(newest).one()
    assert mail.payload["link_id"] == link.id
    assert mail.due_at <= clock.now()
    assert "A new link is on its way" in dispatcher.page(found).text


@pytest.mark.feature(133)
def test_resending_ends_the_link_before(world, dispatcher):
    for _ in range(2):
        dispatcher.submit(page_of(dispatcher, world), "Resend Access Link")

    every = world.enter().scalars(doors.portal_links()).all()
    assert [link.is_open(clock.now()) for link in every] == [False, True]


@pytest.mark.feature(132, 133)
def test_only_the_newest_link_lets_the_customer_in(world, dispatcher, new_client):
    paths = []
    for _ in range(2):
        dispatcher.submit(page_of(dispatcher, world), "Resend Access Link")
        paths.append(doors.path_of(doors.newest_link(world, links.PORTAL), world))

    old, new = (Page(new_client().get(path)) for path in paths)

    assert not old.has_button("Continue")
    assert new.has_button("Continue")


@pytest.mark.feature(134)
def test_staff_are_told_that_a_link_is_like_a_password(world, dispatcher):
    text = page_of(dispatcher, world).text

    assert "A link lets its reader in like a password would" in text
    assert "never forward it" in text


@pytest.mark.feature(137)
def test_without_an_address_the_page_says_why_no_link_can_be_sent(world, dispatcher):
    row(world).email = None

    answer = dispatcher.get(f"/admin/customers/{world.customer.id}")

    assert NO_EMAIL in Page(answer).text
    button = answer.text.split("Resend Access Link")[0].rsplit("<button", 1)[1]
    assert "disabled" in button


@pytest.mark.feature(137)
@pytest.mark.parametrize("way", ["resend", "grant"])
def test_without_an_address_a_forced_link_is_refused(world, dispatcher, way):
    page = page_of(dispatcher, world)
    row(world).email = None
    form = page.form("Resend Access Link")

    answer = dispatcher.post(
        f"/admin/customers/{world.customer.id}/portal/{way}", data=form.filled()
    )

    assert answer.status_code == 422
    assert open_links(world) == []


@pytest.mark.feature(138)
def test_access_is_given_by_hand_from_the_customers_page(world, dispatcher):
    row(world).portal_since = None

    answer = dispatcher.submit(page_of(dispatcher, world), "Give portal access")

    assert answer.status_code == 303
    assert row(world).portal_since is not None
    assert len(open_links(world)) == 1
    assert page_of(dispatcher, world).has_button("Resend Access Link")


def test_withdrawing_access_ends_links_and_sessions(world, dispatcher, client):
    doors.sign_in(client, world)
    dispatcher.submit(page_of(dispatcher, world), "Resend Access Link")

    dispatcher.submit(page_of(dispatcher, world), "Withdraw access")

    assert row(world).access == "none"
    assert open_links(world) == []
    assert doors.live_sessions(world) == []
    assert "No access" in page_of(dispatcher, world).text


@pytest.mark.feature(123)
def test_requests_can_be_switched_off_for_one_customer(world, dispatcher):
    answer = dispatcher.submit(page_of(dispatcher, world), "Save", requests="off")

    assert answer.status_code == 303
    assert row(world).requests == "off"
    assert "New requests are switched off at the moment" in page_of(dispatcher, world).text


def test_the_page_says_that_links_would_not_work_while_the_portal_is_off(world, dispatcher):
    world.enter().get_one(Company, world.company_id).portal_enabled = False

    assert "The customer portal is switched off" in page_of(dispatcher, world).text


def test_the_page_shows_places_people_requests_and_jobs(world, dispatcher):
    world.enter().add(Contact(customer_id=world.customer.id, name="Karl Keeper", phone="+49 30 99"))
    world.session.add(Asset(location_id=world.location_id, name="Gas boiler"))
    world.hand_in(description="Tap drips badly")
    work.make_job(world, title="Mend the tap")

    text = page_of(dispatcher, world).text

    for words in ("Karl Keeper", "Rosenweg 3", "Gas boiler", "Tap drips badly", "Mend the tap"):
        assert words in text


@pytest.mark.feature(186)
def test_the_office_sees_customers_but_not_their_requests(world, office):
    world.hand_in(description="Tap drips badly")

    page = page_of(office, world)

    assert page.status == 200
    assert "Tap drips badly" not in page.text
    assert not [href for _, href in page.links if "/requests" in href]


def test_a_customer_is_added_with_a_first_place(world, dispatcher):
    page = dispatcher.page("/admin/customers/new/")

    answer = dispatcher.submit(
        page, "Save", name="Neil New", email="NEIL@new.example", street="Tulpenweg 8", city="Ulm",
        sla_hours="4",
    )  # fmt: skip

    made = world.enter().scalars(select(Customer).where(Customer.name == "Neil New")).one()
    assert answer.location == f"/admin/customers/{made.id}"
    assert (made.email, made.sla_hours, made.access) == ("neil@new.example", 4, "full")
    assert [place.street for place in made.locations] == ["Tulpenweg 8"]


def test_a_wrong_address_is_shown_beside_its_field_with_what_was_typed(world, dispatcher):
    page = dispatcher.page("/admin/customers/new/")

    answer = dispatcher.submit(page, "Save", name="Neil New", email="not an address")

    assert answer.status_code == 422
    assert "not a full mail address" in Page(answer).text
    assert Page(answer).form("Save").value("name") == "Neil New"
    field = answer.text.split('for="email"')[1].split("</div>")[0]
    assert 'aria-invalid="true"' in field
    assert "email-error" in field


@pytest.mark.feature("D25")
def test_a_new_address_ends_old_links_and_tells_the_old_one(world, dispatcher):
    dispatcher.submit(page_of(dispatcher, world), "Resend Access Link")
    old = open_links(world)[0].id
    page = dispatcher.page(f"/admin/customers/edit/?id={world.customer.id}")

    dispatcher.submit(page, "Save", email="carla@new.example")

    assert old not in [link.id for link in open_links(world)]
    told = world.enter().scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    assert "carla@customer.example" in [mail.payload.get("to") for mail in told]


@pytest.mark.feature("C03")
def test_only_what_the_form_asks_is_written(world, stranger, dispatcher):
    world.enter()
    before = row(world)
    ref, since, created = before.ref, before.portal_since, before.created_at
    page = dispatcher.page(f"/admin/customers/edit/?id={world.customer.id}")

    dispatcher.submit(
        page, "Save", name="Renamed", company_id=str(stranger.company_id), id="99", ref="mine",
        portal_since="", created_at="2001-01-01", archived_at="2001-01-01",
    )  # fmt: skip

    after = row(world)
    assert after.name == "Renamed"
    assert (after.ref, after.portal_since, after.created_at) == (ref, since, created)
    assert (after.company_id, after.archived_at) == (world.company_id, None)


def test_the_archive_takes_a_customer_out_and_gives_them_back(world, dispatcher):
    dispatcher.submit(page_of(dispatcher, world), "Move to the archive")
    archived = row(world).archived_at
    page = page_of(dispatcher, world)
    dispatcher.submit(page, "Bring back from the archive")

    assert archived is not None
    assert "This customer is in the archive" in page.text
    assert row(world).archived_at is None


def test_customers_are_found_by_name_address_and_phone(world, dispatcher):
    row(world).phone = "+49 30 1234567"
    world.session.add(Customer(name="Someone Else", email="x@y.example", created_at=clock.now()))

    for words in ("carla", "CUSTOMER.EXAMPLE", "1234567"):
        text = dispatcher.page(f"/admin/customers/?search={words}").text
        assert "Carla Customer" in text
        assert "Someone Else" not in text


def test_customers_are_filtered_by_their_access(world, dispatcher):
    row(world).access = "read_only"
    world.session.add(Customer(name="Someone Else", email="x@y.example", created_at=clock.now()))
    page = dispatcher.page("/admin/customers/")

    chip = dispatcher.page(page.link("Portal access: Look only"))

    assert "Carla Customer" in chip.text
    assert "Someone Else" not in chip.text


def test_a_place_is_added_from_the_customers_page_and_leads_back(world, dispatcher):
    page = dispatcher.page(page_of(dispatcher, world).link("Add location"))

    answer = dispatcher.submit(page, "Save", street="Tulpenweg 8")

    assert answer.location == f"/admin/customers/{world.customer.id}"
    place = world.enter().scalars(select(Location).where(Location.street == "Tulpenweg 8")).one()
    assert place.customer_id == world.customer.id


def test_flask_admins_own_details_address_leads_to_the_page(world, dispatcher):
    answer = dispatcher.get(f"/admin/customers/details/?id={world.customer.id}")

    assert answer.location == f"/admin/customers/{world.customer.id}"


def test_the_portals_state_is_told(world, dispatcher, client):
    assert "Not invited yet" in page_of(dispatcher, world).text
    dispatcher.submit(page_of(dispatcher, world), "Resend Access Link")
    assert "Invited" in page_of(dispatcher, world).text
    with clock.freeze(clock.now() + timedelta(minutes=1)):
        doors.sign_in(client, world)
        assert "Active" in page_of(dispatcher, world).text
