"""Photos as phones send them, and files that only claim to be photos."""

import io
import struct
import zlib
from dataclasses import dataclass, field
from typing import BinaryIO

from PIL import Image

GPS = 0x8825
ORIENTATION = 0x0112
TURNED_RIGHT = 6


@dataclass
class FakeUpload:
    """One file of a form."""

    filename: str | None
    data: bytes
    stream: BinaryIO = field(init=False)

    def __post_init__(self) -> None:
        self.stream = io.BytesIO(self.data)


def photo(
    size: tuple[int, int] = (64, 48), kind: str = "JPEG", colour: str = "teal", **options: object
) -> bytes:
    """Return a one-coloured picture file."""
    out = io.BytesIO()
    Image.new(str(options.pop("mode", "RGB")), size, colour).save(out, kind, **options)
    return out.getvalue()


def phone_photo() -> bytes:
    """Return a JPEG lying on its side, with the place it was taken in its EXIF data."""
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED_RIGHT
    exif[GPS] = {1: "N", 2: (48.0, 8.0, 0.0), 3: "E", 4: (11.0, 34.0, 0.0)}
    exif[0x010F] = "SECRETMAKER"
    return photo((64, 48), exif=exif)


def bomb(width: int = 20_000, height: int = 20_000) -> bytes:
    """Return a PNG of a few bytes that claims to be huge."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body
