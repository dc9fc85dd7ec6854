"""What the terminal says once the demo is up: where to look and how to get in."""

from typing import Final

import config

# The slugs that the demo loads, one a seed preset and the recommended one.
COMPANIES: Final = ("navigator", "visits", "booking", "bridge", "callout")
CUSTOMER: Final = "carla@customer.example"


def greet(settings: config.Settings, *, is_ready: bool) -> str:
    """Return the lines to print."""
    base = settings.public_url
    lines = [f"Callout is up at {base}" if is_ready else f"Callout is slow to start at {base}"]
    if settings.is_demo:
        lines += _demo_lines(base, settings.demo_password or "")
    lines += ["", f"  Logs      {settings.var_dir / 'log'}", "  Stop      Ctrl-C", ""]
    return "\n".join(lines)


def _demo_lines(base: str, password: str) -> list[str]:
    portals = [f"            {base}/p/{slug}/" for slug in COMPANIES]
    return [
        "",
        f"  Staff     {base}/admin/login",
        "            owner@SLUG.example, dispatcher@SLUG.example, technician@SLUG.example",
        f"            SLUG is one of {', '.join(COMPANIES)}",
        f"            password {password}",
        "",
        f"  Customer  {CUSTOMER}, by a link in the mail, at",
        *portals,
        f"  Mail      {base}/demo/inbox",
    ]
