"""The whole of a definition by form: its name, languages, roles, first state, and handing in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from app.errors import N_
from app.services.workflow_effects import put_effects, uses
from app.services.workflow_forms import Data
from app.services.workflow_steps import Known, condition_trees, put_conditions
from app.services.workflow_tree import Pen, Tree, many, text, words

STAFF: Final = ("owner", "dispatcher", "technician", "office")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
_TEXTS: Final = ("title", "label", "customer_label", "meaning", "help", "confirm", "message")


def basics_tree(data: Mapping[str, Any]) -> Tree:
    """Return name, languages, roles and first state as the form shows them."""
    return {
        "title": dict(data["title"]),
        "languages": list(data["languages"]),
        "roles": list(data["roles"]),
        "initial": data.get("initial", ""),
    }


def write_basics(pen: Pen, tree: Tree) -> None:
    """Write name, languages, roles and first state of a form into the document."""
    _put_languages(pen, tree)
    title = words(tree, "title", pen.languages)
    if not title:
        pen.complain(f"title.{pen.languages[0]}", N_("Please fill this in."))
    pen.data["title"] = title
    _put_roles(pen, tree)
    if text(tree, "initial"):
        pen.data["initial"] = text(tree, "initial")


def submit_tree(data: Mapping[str, Any], known: Known) -> Tree:
    """Return who may hand in, when, and what happens then, as the form shows it."""
    submit = data["submit"]
    return {
        "roles": list(submit["roles"]),
        "conditions": condition_trees(submit, "conditions", known.facts, known.zone),
        "effects": uses(submit),
    }


def write_submit(pen: Pen, tree: Tree, known: Known) -> None:
    """Write who may hand in, when, and what happens then into the document."""
    submit: Data = pen.data["submit"]
    submit["roles"] = many(tree, "roles")
    if not submit["roles"]:
        pen.complain("roles", N_("Choose who may take the step."))
    put_conditions(pen, submit, tree, known.facts, known.zone)
    put_effects(pen, submit, tree, "", known.effects)


def _put_languages(pen: Pen, tree: Tree) -> None:
    wanted = [code for code in dict.fromkeys(many(tree, "languages")) if _LANGUAGE.fullmatch(code)]
    other = text(tree, "other_language")
    if other and not _LANGUAGE.fullmatch(other):
        pen.complain("other_language", N_("Write a language code such as fr."))
    elif other and other not in wanted:
        wanted.append(other)
    if not wanted:
        pen.complain("languages", N_("Choose at least one language."))
        return
    gone = [code for code in pen.data["languages"] if code not in wanted]
    kept = [code for code in pen.data["languages"] if code in wanted]
    pen.data["languages"] = [*kept, *(code for code in wanted if code not in kept)]
    for said in list(_texts(pen.data)):
        for code in gone:
            said.pop(code, None)


def _texts(part: Any) -> Iterator[Data]:
    """Yield every text by language that lies in a part of the document."""
    children = part.items() if isinstance(part, dict) else enumerate(part)
    for key, value in children:
        if isinstance(value, dict) and (key in _TEXTS or key in ("email", "sms")):
            yield value
        elif isinstance(value, dict | list):
            yield from _texts(value)


def _put_roles(pen: Pen, tree: Tree) -> None:
    wanted = many(tree, "roles")
    roles: dict[str, Any] = pen.data["roles"]
    for name in [name for name in roles if name not in wanted]:
        del roles[name]
    for name in wanted:
        if name in ("customer", "system", *STAFF):
            roles.setdefault(name, {"kind": name if name in ("customer", "system") else "staff"})
    if not roles:
        pen.complain("roles", N_("Choose at least one."))
