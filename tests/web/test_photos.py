"""Photos over HTTP: shown to who may see them, and never as anything but a picture."""

import io

import pytest
from PIL import Image

from app import clock
from app.db import transaction
from app.gateways.media import open_store
from app.models import Customer, MediaFile
from app.services import media
from app.tenancy import company_scope
from tests.admin.conftest import dispatcher, sign_in, technician  # noqa: F401  fixtures
from tests.portal.doors import sign_in as enter_portal
from tests.services.pictures import FakeUpload, photo

pytestmark = pytest.mark.feature("D20")


@pytest.fixture
def shown(app, world) -> MediaFile:
    """A photo of the customer's request, in the real store."""
    store = open_store(app.config["SETTINGS"].media_url)
    kept = media.prepare([FakeUpload("tap.jpg", photo())], store, world.company_id, limit=3)
    request = world.hand_in()
    world.session.flush()
    [file] = media.attach(world.session, request, kept, at=clock.now())
    world.session.commit()
    return file


@pytest.fixture
def customer(client, world):
    enter_portal(client, world)
    return client


def test_its_customer_sees_it_whole_and_small(customer, world, shown):
    whole = customer.get(f"/p/{world.slug}/photos/{shown.ref}")
    small = customer.get(f"/p/{world.slug}/photos/{shown.ref}?size=small")

    for answer in (whole, small):
        assert answer.status_code == 200
        assert Image.open(io.BytesIO(answer.data)).format == "JPEG"


def test_whatever_it_is_browsers_treat_it_as_a_picture(customer, world, shown):
    headers = customer.get(f"/p/{world.slug}/photos/{shown.ref}").headers

    assert headers["Content-Type"] == "image/jpeg"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "private, no-cache"
    assert "tap" not in headers["Content-Disposition"]


def test_asked_again_it_is_not_sent_again(customer, world, shown):
    address = f"/p/{world.slug}/photos/{shown.ref}"
    etag = customer.get(address).headers["ETag"]

    assert customer.get(address, headers={"If-None-Match": etag}).status_code == 304


def test_staff_see_it_on_their_side(dispatcher, shown):  # noqa: F811
    assert dispatcher.get(f"/admin/photos/{shown.ref}").status_code == 200


def test_a_technician_who_has_nothing_to_do_with_it_does_not(technician, shown):  # noqa: F811
    assert technician.get(f"/admin/photos/{shown.ref}").status_code == 404


def test_nobody_sees_it_without_signing_in(new_client, world, shown):
    for address in (f"/p/{world.slug}/photos/{shown.ref}", f"/admin/photos/{shown.ref}"):
        assert new_client().get(address).status_code == 303


@pytest.mark.feature(120, "D4")
def test_once_the_customers_rights_end_the_address_is_worth_nothing(customer, world, shown):
    with company_scope(world.session, world.company_id), transaction() as session:
        session.get_one(Customer, world.customer.id).access = "none"

    assert customer.get(f"/p/{world.slug}/photos/{shown.ref}").status_code != 200


def test_a_file_that_is_gone_is_not_there(app, customer, world, shown):
    open_store(app.config["SETTINGS"].media_url).delete(shown.storage_key)

    assert customer.get(f"/p/{world.slug}/photos/{shown.ref}").status_code == 404
