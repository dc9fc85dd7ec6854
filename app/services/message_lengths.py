"""How long a text message is: phones take it in parts, and special letters make parts short."""

from dataclasses import dataclass
from typing import Final

# Source: 3GPP TS 23.038, the default alphabet and its extension (which counts twice).
_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = frozenset("^{}\\[~]|€\f")


@dataclass(frozen=True)
class Length:
    """Letters, counted as the network does, and the parts they go out in."""

    letters: int
    parts: int
    odd: str = ""  # letters that make every part short


def measure(text: str) -> Length:
    """Return how long a text is as an SMS."""
    odd = "".join(dict.fromkeys(c for c in text if c not in _BASIC and c not in _EXTENDED))
    if odd:
        letters = len(text.encode("utf-16-le")) // 2
        return Length(letters, _parts(letters, 70, 67), odd)
    letters = len(text) + sum(c in _EXTENDED for c in text)
    return Length(letters, _parts(letters, 160, 153))


def _parts(letters: int, alone: int, chained: int) -> int:
    return (1 if letters else 0) if letters <= alone else -(-letters // chained)
