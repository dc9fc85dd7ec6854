"""By which names this site may be called. Source: adversarial A14."""

from urllib.parse import urlsplit

from flask import Flask, redirect, request
from flask.typing import ResponseReturnValue

from config import Settings

_OWN_MACHINE = ("localhost", "127.0.0.1", "[::1]")


def init_app(app: Flask, settings: Settings) -> None:
    """Refuse requests by any other name; lead a company's own name to its portal."""
    domain = settings.portal_domain
    names = [urlsplit(settings.public_url).hostname or "localhost", *_OWN_MACHINE]
    app.config["TRUSTED_HOSTS"] = names + ([f".{domain}"] if domain else [])

    @app.get("/")
    def front() -> ResponseReturnValue:
        host = request.host.partition(":")[0]
        if domain and host.endswith(f".{domain}"):
            return redirect(f"/p/{host.removesuffix(f'.{domain}')}/")
        return redirect("/admin/")
