"""Photos for the demo's requests: drawn, so that no stranger's kitchen is in them."""

import io
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import BinaryIO, Final

from PIL import Image, ImageDraw, ImageFilter

SIZE: Final = (1200, 900)
Draw = ImageDraw.ImageDraw


@dataclass(frozen=True)
class Picture:
    """A photo as a form would send it."""

    filename: str
    data: bytes

    @property
    def stream(self) -> BinaryIO:
        """Return the bytes to read, from their beginning."""
        return io.BytesIO(self.data)


@cache
def picture(name: str) -> Picture:
    """Return the picture of that name, the same every time. Raises KeyError."""
    colours, scene = _SCENES[name]
    image = _wall(*colours)
    scene(ImageDraw.Draw(image))
    out = io.BytesIO()
    # Drawn large, sent small: a few hundred pixels are enough for what is seen in the demo.
    small = _grainy(image, len(name)).resize((SIZE[0] * 2 // 3, SIZE[1] * 2 // 3))
    small.save(out, "JPEG", quality=88)
    return Picture(f"{name}.jpg", out.getvalue())


def _wall(top: str, bottom: str) -> Image.Image:
    """Return a plain wall and floor, lit from above."""
    image = Image.new("RGB", SIZE, bottom)
    wall = Image.new("RGB", (SIZE[0], 620), top)
    image.paste(wall, (0, 0))
    shade = Image.linear_gradient("L").resize(SIZE).point(lambda value: value // 3)
    return Image.composite(Image.new("RGB", SIZE, "#20242b"), image, shade)


def _grainy(image: Image.Image, seed: int) -> Image.Image:
    """Return the drawing as a hand-held phone would have taken it."""
    dice = random.Random(seed)  # noqa: S311 - the same picture every time
    tilted = image.rotate(dice.uniform(-2.5, 2.5), resample=Image.Resampling.BICUBIC)
    left, top = SIZE[0] // 20, SIZE[1] // 20
    close = tilted.crop((left, top, SIZE[0] - left, SIZE[1] - top)).resize(SIZE)
    noise = Image.frombytes("L", SIZE, dice.randbytes(SIZE[0] * SIZE[1])).convert("RGB")
    return Image.blend(close.filter(ImageFilter.GaussianBlur(1.2)), noise, 0.06)


def _drip(draw: Draw) -> None:
    draw.rounded_rectangle((380, 60, 820, 130), 30, fill="#b9c0c6", outline="#7d858c", width=4)
    draw.rounded_rectangle((560, 120, 640, 420), 24, fill="#c7ced4", outline="#7d858c", width=4)
    draw.arc((440, 330, 640, 560), 0, 180, fill="#9aa3aa", width=54)
    draw.ellipse((470, 470, 530, 540), fill="#8fb8d8")
    for step, width in ((580, 26), (650, 20), (710, 14)):
        draw.ellipse((500 - width, step, 500 + width, step + 2 * width), fill="#7fb0d6")
    draw.ellipse((300, 770, 760, 860), fill="#86a9c2", outline="#6d90aa", width=3)


def _radiator(draw: Draw) -> None:
    draw.rectangle((180, 250, 1020, 690), fill="#eef0ee", outline="#b9bdb9", width=5)
    for left in range(210, 1000, 60):
        draw.rounded_rectangle((left, 270, left + 40, 670), 16, fill="#f7f8f6", outline="#c4c8c4")
    draw.rounded_rectangle((1010, 600, 1090, 660), 20, fill="#d7d9d7", outline="#8d918d", width=4)
    draw.ellipse((1060, 590, 1130, 670), fill="#f2f2ef", outline="#8d918d", width=4)
    draw.line((240, 690, 240, 860), fill="#b06f4a", width=18)


def _stain(draw: Draw) -> None:
    for grow, colour in ((0, "#cdbf9d"), (40, "#c2b08a"), (90, "#b79f74"), (140, "#ab9063")):
        draw.ellipse((280 + grow, 120 + grow // 2, 930 - grow, 560 - grow // 2), fill=colour)
    draw.ellipse((560, 250, 660, 330), fill="#f3efe4", outline="#8f8a7d", width=5)
    draw.line((610, 330, 610, 470), fill="#8f8a7d", width=4)
    draw.ellipse((596, 470, 624, 520), fill="#9bbfd9")


def _panel(draw: Draw) -> None:
    draw.rounded_rectangle((330, 130, 870, 790), 18, fill="#dfe2e6", outline="#858b92", width=6)
    for row in range(3):
        for column in range(6):
            left, top = 370 + column * 78, 190 + row * 190
            draw.rectangle((left, top, left + 60, top + 130), fill="#f5f6f7", outline="#9aa0a6")
            tripped = (row, column) == (1, 3)
            lever = top + (75 if tripped else 30)
            colour = "#c2410c" if tripped else "#374151"
            draw.rectangle((left + 18, lever, left + 42, lever + 34), fill=colour)


def _hedge(draw: Draw) -> None:
    dice = random.Random(7)  # noqa: S311 - the same picture every time
    draw.rectangle((0, 0, 1200, 420), fill="#bcd3e6")
    for _ in range(900):
        left, top = dice.randrange(-40, 1200), dice.randrange(260, 700)
        size = dice.randrange(20, 70)
        green = dice.choice(("#3f6b3a", "#4d7d45", "#355c33", "#5f9154"))
        draw.ellipse((left, top, left + size, top + size), fill=green)
    draw.line((150, 880, 760, 560), fill="#6b4a2f", width=46)


_SCENES: Final[dict[str, tuple[tuple[str, str], Callable[[Draw], None]]]] = {
    "leak-under-the-sink": (("#d8cfc2", "#8b7a66"), _drip),
    "radiator": (("#e7e3d8", "#a58d6f"), _radiator),
    "ceiling-stain": (("#f1eee6", "#e4dfd2"), _stain),
    "fuse-box": (("#cfd4d8", "#9a9da1"), _panel),
    "garden": (("#bcd3e6", "#7da05f"), _hedge),
}
