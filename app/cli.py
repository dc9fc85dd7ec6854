"""Commands for the people who run Callout."""

from flask import Flask


def register(app: Flask) -> None:
    """Give ``app`` its commands."""
