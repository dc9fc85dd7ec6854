"""Photos made harmless: decoded by what they are, drawn anew, everything else left behind."""

import io
import struct
import threading
import zlib
from dataclasses import dataclass
from typing import Final

import pillow_heif
from PIL import Image, ImageOps

from app.errors import N_, DomainError

FORMATS: Final = ("JPEG", "PNG", "WEBP", "HEIF")
MAX_BYTES: Final = 15_000_000
MAX_PIXELS: Final = 50_000_000
LONG_SIDE: Final = 2560
THUMB_SIDE: Final = 480
# What decoders raise when a file is not what it claims to be; tried with thousands of broken ones.
_BROKEN: Final = (
    OSError, SyntaxError, ValueError, EOFError, RuntimeError, IndexError, TypeError, KeyError,
    struct.error, zlib.error, MemoryError,
)  # fmt: skip
# The size is checked from the header, before a pixel is unpacked; Pillow's own check only warns.
Image.MAX_IMAGE_PIXELS = None
pillow_heif.register_heif_opener(thumbnails=False)
# A photo of 50 megapixels takes 150 MB while it is unpacked: two at a time in a process.
_few_at_a_time = threading.Semaphore(2)


@dataclass(frozen=True)
class Picture:
    """A photo as we keep it: JPEG, upright, without a word about where or with what."""

    data: bytes
    thumb: bytes
    width: int
    height: int


def redraw(data: bytes, name: str) -> Picture:
    """Return the pixels of a photo as a new JPEG and a thumbnail.

    The type comes from the content, never from the name. Raises DomainError naming the file.
    """
    with _few_at_a_time:
        image = _opened(data, name)
        try:
            return _drawn(image)
        except _BROKEN as error:
            raise DomainError(N_("“%(name)s” is damaged and can't be shown."), name=name) from error


def _opened(data: bytes, name: str) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except _BROKEN as error:
        raise DomainError(
            N_("“%(name)s” is not a photo we can read. Please send JPEG, PNG, WebP or HEIC."),
            name=name,
        ) from error
    if image.width * image.height > MAX_PIXELS:
        raise DomainError(
            N_("“%(name)s” has more than %(limit)s megapixels. Please send a smaller photo."),
            name=name,
            limit=MAX_PIXELS // 1_000_000,
        )
    return image


def _drawn(image: Image.Image) -> Picture:
    image.draft("RGB", (LONG_SIDE, LONG_SIDE))  # JPEG unpacks at a fraction of its size
    upright = ImageOps.exif_transpose(image)
    if upright.mode in ("1", "P"):  # a palette can't be scaled well
        upright = upright.convert("RGBA")
    upright.thumbnail((LONG_SIDE, LONG_SIDE))
    plain = _on_white(upright)
    small = plain.copy()
    small.thumbnail((THUMB_SIDE, THUMB_SIDE))
    return Picture(_jpeg(plain, 85), _jpeg(small, 78), plain.width, plain.height)


def _on_white(image: Image.Image) -> Image.Image:
    """Return the pixels alone: no transparency, no palette, no metadata."""
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        image = Image.new("RGBA", layer.size, "white")
        image.alpha_composite(layer)
    plain = Image.new("RGB", image.size)
    plain.paste(image.convert("RGB"))
    return plain


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()
