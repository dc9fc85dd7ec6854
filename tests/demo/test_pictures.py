"""Drawn photos are photos."""

import io

import pytest
from PIL import Image

from app.demo import pictures


@pytest.mark.parametrize("name", ["leak-under-the-sink", "radiator", "garden"])
def test_picture_is_a_photo_and_the_same_every_time(name):
    first = pictures.picture(name).data
    pictures.picture.cache_clear()

    assert pictures.picture(name).data == first
    assert Image.open(io.BytesIO(first)).format == "JPEG"
