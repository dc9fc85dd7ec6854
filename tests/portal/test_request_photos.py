"""Photos with a request: taken or refused by name, kept with a form, shown to their owner."""

from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from app.models import MediaFile
from tests.harness.pages import Page
from tests.portal import work

FORM = "/p/acme/requests/new"
BUTTON = "Submit Request"


@pytest.fixture
def answers(world):
    """What a customer types."""
    return world.answers()


def photo(color="red", name="tap.jpg"):
    """Return a photo as a browser sends it."""
    out = BytesIO()
    Image.new("RGB", (40, 30), color).save(out, "JPEG")
    return BytesIO(out.getvalue()), name


@pytest.mark.feature("D20", 24)
def test_photos_come_along(carla, world, answers):
    carla.submit(FORM, BUTTON, **answers, photos=[photo(), photo("blue", "pipe.jpg")])

    files = world.enter().scalars(select(MediaFile).order_by(MediaFile.id)).all()
    assert [file.original_name for file in files] == ["tap.jpg", "pipe.jpg"]
    assert {file.request_id for file in files} == {work.requests_of(world)[0].id}


@pytest.mark.feature("D20")
def test_a_file_that_is_no_photo_is_named_and_the_good_ones_wait(carla, world, answers):
    bad = (BytesIO(b"<script>"), "trick.jpg")
    answer = carla.submit(FORM, BUTTON, **answers, photos=[photo(), bad])
    kept = Page(answer).form(BUTTON)

    assert answer.status_code == 422
    assert "“trick.jpg” is not a photo we can read." in answer.text
    assert work.requests_of(world) == []
    again = carla.submit(answer, BUTTON)
    assert kept.value("description") == answers["description"]
    assert again.status_code == 303
    assert world.enter().scalars(select(MediaFile.original_name)).all() == ["tap.jpg"]


@pytest.mark.feature("D20")
def test_photos_wait_when_something_else_is_wrong_and_can_be_seen(carla, world, answers):
    answer = carla.submit(FORM, BUTTON, **{**answers, "description": ""}, photos=[photo()])

    token = Page(answer).form(BUTTON).value("kept_photos")
    shown = carla.get(f"/p/acme/requests/new/photos/{token}")

    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    assert carla.get(f"/p/acme/requests/new/photos/{token}x").status_code == 404


@pytest.mark.feature("D20")
def test_a_kept_photo_can_be_left_out_again(carla, world, answers):
    answer = carla.submit(FORM, BUTTON, **{**answers, "description": ""}, photos=[photo()])

    carla.submit(answer, BUTTON, description="Drips.", kept_photos=None)

    assert len(work.requests_of(world)) == 1
    assert world.enter().scalars(select(MediaFile.id)).all() == []


@pytest.mark.feature("D20", 25)
def test_a_fourth_photo_is_refused_by_the_server(carla, world, answers):
    many = [photo(color, f"{color}.jpg") for color in ("red", "green", "blue", "black")]

    answer = carla.submit(FORM, BUTTON, **answers, photos=many)

    assert answer.status_code == 422
    assert "Please send no more than 3 photos." in answer.text
    assert work.requests_of(world) == []


@pytest.mark.feature("D24", "D20")
def test_pressed_twice_with_a_photo_it_is_still_one_request(carla, world, answers):
    page = carla.page(FORM)

    for _ in range(2):
        assert carla.submit(page, BUTTON, **answers, photos=[photo()]).status_code == 303

    assert len(work.requests_of(world)) == 1
    assert len(world.enter().scalars(select(MediaFile.id)).all()) == 1


@pytest.mark.feature("D20", "C05")
def test_a_photo_is_shown_to_its_customer_alone(carla, world, answers):
    place = carla.submit(FORM, BUTTON, **answers, photos=[photo()]).location
    file = world.enter().scalars(select(MediaFile)).one()
    address = f"/p/acme/photos/{file.ref}"

    assert address in carla.get(place).text
    assert carla.get(address).mimetype == "image/jpeg"
    work.requests_of(world)[0].customer_id = work.another_customer(world).id
    assert carla.get(address).status_code == 404
