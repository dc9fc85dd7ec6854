"""The shut door every staff page hangs in: it opens only to the roles a page names."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import has_request_context, redirect, request
from flask_admin import BaseView
from werkzeug.wrappers import Response

from app.actor import Actor
from app.errors import N_, Forbidden, NotFound
from app.models import Company
from app.web import gate

Method = TypeVar("Method", bound=Callable[..., Any])
Roles = frozenset[str]

NOBODY: Roles = frozenset()
OWNER: Roles = frozenset({"owner"})
PLANNERS: Roles = frozenset({"owner", "dispatcher"})
OFFICE: Roles = frozenset({"owner", "dispatcher", "office"})
EVERYBODY: Roles = frozenset({"owner", "dispatcher", "office", "technician"})

_LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Doors:
    """Who may do what on a generated screen; what isn't named stays shut for everybody."""

    list: Roles = NOBODY
    read: Roles = NOBODY
    create: Roles = NOBODY
    edit: Roles = NOBODY
    delete: Roles = NOBODY
    export: Roles = NOBODY

    def roles(self, door: str) -> Roles:
        """Return who may pass the door of that name."""
        roles: Roles = getattr(self, door)
        return roles


def opens_to(roles: Roles) -> Callable[[Method], Method]:
    """Open one exposed method to the roles; without this nobody gets in."""

    def open_door(method: Method) -> Method:
        method.opens_to = roles  # type: ignore[attr-defined]  # read by Shut.roles_for
        return method

    return open_door


class Shut:
    """Mixed into every view: nobody passes whom the method doesn't name."""

    doors = Doors()
    group = ""  # pages of one group share a line in the menu and a row of tabs
    in_menu = True
    # Flask-Admin's own methods, by the door they belong to; those left out stay shut.
    door_of = {
        "index_view": "list",
        "details_view": "read",
        "create_view": "create",
        "edit_view": "edit",
        "delete_view": "delete",
        "export": "export",
        "ajax_lookup": "list",
    }

    def roles_for(self, method_name: str) -> Roles:
        """Return who may call an exposed method."""
        named: Roles | None = getattr(getattr(type(self), method_name), "opens_to", None)
        if named is not None:
            return named
        door = self.door_of.get(method_name)
        return self.doors.roles(door) if door else NOBODY

    def may(self, method_name: str) -> bool:
        """Return True when whoever is signed in may call the method."""
        if not has_request_context():
            return True  # Flask-Admin draws up its forms at start, before anybody can ask for one
        return actor().role in self.roles_for(method_name)

    def is_accessible(self) -> bool:
        """Return True when the menu may show the view."""
        return self.may(self._default_view)  # type: ignore[attr-defined]  # Flask-Admin sets it

    def is_visible(self) -> bool:
        """Return True for a view with a line of its own in the menu."""
        return self.in_menu

    def _handle_view(self, name: str, **parts: Any) -> None:
        if not self.may(name):
            raise Forbidden(N_("This page is not for your role."))
        # No database takes these, so nothing can be there.
        if any(isinstance(part, int) and part > _LARGEST_ID for part in parts.values()):
            raise NotFound("page")
        if any("\0" in text for text in request.args.values()):
            raise NotFound("page")

    # Flask-Admin's version calls a view twice when a TypeError is raised inside.
    def _run_view(self, view: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return view(self, *args, **kwargs)


class StaffPage(Shut, BaseView):
    """A page of our own making; each exposed method says ``@opens_to``."""

    def __init__(self, name: Any, path: str, *, group: str = "", **menu: Any) -> None:
        super().__init__(name, **place(path, menu))
        self.group = group or self.endpoint


def place(path: str, menu: dict[str, Any]) -> dict[str, Any]:
    """Return where a view stands: its endpoint, its address, its line in the menu."""
    icon = menu.get("icon")
    return {
        "endpoint": path.replace("-", "_") or "admin",
        "url": f"/admin/{path}".rstrip("/"),
        "category": menu.get("category"),
        "menu_icon_type": "svg" if icon else None,
        "menu_icon_value": icon,
    }


def actor() -> Actor:
    """Return who is signed in. Raises SignInNeeded."""
    return gate.current_actor()


def company() -> Company:
    """Return the company of whoever is signed in, as it was when the request came in."""
    return gate.current_company()


def language() -> str:
    """Return the language whoever is signed in reads."""
    return actor().language


def clean_id(text: str | int | None) -> int | None:
    """Return a row id somebody sent, None for what can't be one."""
    digits = str(text or "").strip()
    if not (digits.isascii() and digits.isdigit()):
        return None
    return int(digits) if 0 < int(digits) <= _LARGEST_ID else None


def form_data() -> dict[str, str | list[str]]:
    """Return the submitted fields: a text each, a list where a name came several times."""
    found: dict[str, str | list[str]] = {}
    for name, values in request.form.lists():
        found[name] = values if len(values) > 1 else values[0]
    return found


def see_other(url: str) -> Response:
    """Return the answer after a step taken: 303, so that reloading repeats nothing."""
    return redirect(url, code=303)
