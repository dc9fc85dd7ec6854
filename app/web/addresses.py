"""Where a page may send somebody on to: our own pages only."""

from urllib.parse import unquote, urlsplit


def local_path(text: str | None, *, below: str = "/") -> str | None:
    """Return ``text`` when it is the path of one of our pages under ``below``, else None."""
    if not text or len(text) > 500 or not text.startswith("/"):
        return None
    plain = unquote(text)
    parts = urlsplit(text)
    strange = "\\" in plain or any(letter < " " or letter == "\x7f" for letter in plain)
    if strange or parts.scheme or parts.netloc or plain.startswith("//"):
        return None
    climbs = ".." in plain.split("?", 1)[0].split("/")
    return text if plain.startswith(below) and not climbs else None
