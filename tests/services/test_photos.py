"""Photos redrawn: every kind a phone sends, and what only claims to be one."""

import io
import random

import pytest
from PIL import Image

from app.errors import DomainError
from app.services import photos
from tests.services.pictures import bomb, phone_photo, photo

pytestmark = pytest.mark.feature("D20")


def drawn(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_becomes_a_jpeg_whatever_it_was(kind):
    picture = photos.redraw(photo(kind=kind), "a.bin")

    assert drawn(picture.data).format == "JPEG"
    assert (picture.width, picture.height) == (64, 48)


def test_a_phones_heic_is_converted():
    picture = photos.redraw(photo(kind="HEIF"), "IMG_0001.HEIC")

    assert drawn(picture.data).format == "JPEG"


def test_the_place_it_was_taken_at_is_gone():
    data = phone_photo()
    assert b"SECRETMAKER" in data

    picture = photos.redraw(data, "a.jpg")

    for kept in (picture.data, picture.thumb):
        assert b"SECRETMAKER" not in kept
        assert not drawn(kept).getexif()
        assert "exif" not in drawn(kept).info


def test_a_photo_taken_sideways_stands_upright():
    picture = photos.redraw(phone_photo(), "a.jpg")

    assert (picture.width, picture.height) == (48, 64)


def test_a_large_photo_is_scaled_down_and_gets_a_thumbnail():
    picture = photos.redraw(photo((4000, 3000)), "a.jpg")

    assert (picture.width, picture.height) == (2560, 1920)
    assert drawn(picture.thumb).size == (480, 360)


def test_what_is_transparent_becomes_white():
    picture = photos.redraw(photo(kind="PNG", mode="RGBA", colour="#00000000"), "a.png")

    assert drawn(picture.data).getpixel((5, 5)) == (255, 255, 255)


def test_words_hidden_in_the_file_do_not_survive():
    polyglot = photo() + b"<html><script>alert(1)</script></html>"

    picture = photos.redraw(polyglot, "a.jpg")

    assert b"script" not in picture.data


def test_the_same_photo_gives_the_same_bytes():
    assert photos.redraw(photo(), "a.jpg") == photos.redraw(photo(), "b.jpg")


def test_a_decompression_bomb_is_refused_by_its_header():
    with pytest.raises(DomainError, match="megapixels") as refusal:
        photos.redraw(bomb(), "bomb.png")

    assert refusal.value.params["name"] == "bomb.png"


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<html><body>hello</body></html>",
        b"%PDF-1.7",
        b"GIF89a" + bytes(100),
        b"BM" + bytes(100),
        b"\0" * 1000,
    ],
)
def test_what_is_no_photo_is_refused_whatever_its_name(data):
    with pytest.raises(DomainError, match="not a photo"):
        photos.redraw(data, "holiday.jpg")


def test_a_photo_cut_short_is_refused():
    with pytest.raises(DomainError, match="damaged"):
        photos.redraw(photo((640, 480))[:-2000], "a.jpg")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_no_broken_file_ends_in_an_error_of_ours(kind):
    whole, dice = bytearray(photo((40, 30), kind=kind)), random.Random(20)
    for _ in range(150):
        broken = bytearray(whole)
        for _ in range(dice.randint(1, 8)):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        try:
            drawn_anew = photos.redraw(bytes(broken), "a.jpg")
        except DomainError:
            continue
        assert drawn(drawn_anew.data).format == "JPEG"
