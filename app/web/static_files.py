"""Addresses of our own styles, scripts and drawings, new whenever the file is."""

from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from flask import Flask, url_for


def init_app(app: Flask) -> None:
    """Put each file's fingerprint in its address, so that browsers may keep it."""
    folder = Path(app.static_folder or "")

    @cache
    def fingerprint(filename: str) -> str | None:
        file = folder / filename
        return blake2b(file.read_bytes(), digest_size=6).hexdigest() if file.is_file() else None

    @app.url_defaults
    def add_fingerprint(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "v" not in values:
            values["v"] = fingerprint(values["filename"])

    app.add_template_global(lambda name: url_for("static", filename=name), "static_file")
    app.add_template_global(
        lambda name: f"{url_for('static', filename='icons.svg')}#{name}", "icon_address"
    )
