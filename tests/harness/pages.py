"""Reads a page as its user does: the text, the links, and forms by the name of their button."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from werkzeug.test import TestResponse

_VOID = {"input", "br", "img", "meta", "link", "hr", "use"}


@dataclass
class Form:
    """A form: where it goes and what it would send untouched."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    pressed: dict[str, str] = field(default_factory=dict)

    def filled(self, **changes: Any) -> dict[str, Any]:
        """Return what is sent when ``changes`` are typed in (None leaves a field out)."""
        data: dict[str, Any] = {}
        for name, value in self.fields:
            data.setdefault(name, []).append(value)
        data.update(changes)
        if self.pressed.get("name"):
            data[self.pressed["name"]] = self.pressed.get("value", "")
        return {name: value for name, value in data.items() if value is not None}

    def value(self, name: str) -> str | None:
        """Return what a field holds, None when it is not there."""
        return next((value for field_name, value in self.fields if field_name == name), None)


class Page:
    """An answer read as HTML."""

    def __init__(self, answer: TestResponse) -> None:
        self.answer = answer
        self.address = answer.request.path
        reader = _Reader()
        reader.feed(answer.text)
        self.forms = reader.forms
        self.links = reader.links
        self.text = re.sub(r"\s+", " ", " ".join(reader.words)).strip()

    @property
    def status(self) -> int:
        return self.answer.status_code

    def form(self, button: str | None = None) -> Form:
        """Return the form with a button of that name; without a name the page's only one."""
        found = [form for form in self.forms if button is None or form_has(form, button)]
        assert len(found) == 1, f"{len(found)} forms with the button {button!r}: {self.text[:500]}"
        form = found[0]
        form.action = urljoin(self.address, form.action) if form.action else self.address
        form.pressed = next((attrs for text, attrs in form.buttons if text == button), {})
        form.action = form.pressed.get("formaction", form.action)
        return form

    def has_button(self, name: str) -> bool:
        """Return True when there is a form with a button of that name."""
        return any(form_has(form, name) for form in self.forms)

    def link(self, text: str) -> str:
        """Return where the link with that text leads."""
        found = [href for words, href in self.links if words == text]
        assert found, f"no link {text!r} among {[words for words, _ in self.links]}"
        return found[0]


def form_has(form: Form, button: str) -> bool:
    """Return True when the form has a button of that name."""
    return any(text == button for text, _ in form.buttons)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.words: list[str] = []
        self._form: Form | None = None
        self._open: list[tuple[str, dict[str, str], int]] = []
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(found.get("action", ""), found.get("method", "get").lower())
            self.forms.append(self._form)
        elif tag == "input":
            self._take_input(found)
        elif tag == "select":
            self._select = found.get("name")
        elif tag == "option":
            self._take_option(found)
        if tag not in _VOID:
            self._open.append((tag, found, len(self.words)))

    def handle_endtag(self, tag: str) -> None:
        while any(name == tag for name, _, _ in self._open):
            name, attrs, start = self._open.pop()
            if name == tag:
                self._close(tag, attrs, " ".join(self.words[start:]))
                return

    def handle_data(self, data: str) -> None:
        inside = self._open[-1][0] if self._open else ""
        if inside in ("script", "style"):
            return
        if inside == "textarea" and self._form is not None:
            self.words.append(data)
        elif data.strip():
            self.words.append(data.strip())

    def _close(self, tag: str, attrs: dict[str, str], text: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "a":
            self.links.append((text, attrs.get("href", "")))
        elif tag == "textarea":
            self._add(attrs.get("name"), text.removeprefix("\n"))
        elif tag == "button" and attrs.get("type", "submit") == "submit":
            self._take_button(text, attrs)

    def _take_input(self, attrs: dict[str, str]) -> None:
        kind = attrs.get("type", "text")
        if kind in ("submit", "image"):
            self._take_button(attrs.get("value", ""), attrs)
        elif kind in ("radio", "checkbox"):
            if "checked" in attrs:
                self._add(attrs.get("name"), attrs.get("value", "on"))
        elif kind not in ("file", "button", "reset"):
            self._add(attrs.get("name"), attrs.get("value", ""))

    def _take_option(self, attrs: dict[str, str]) -> None:
        form = self._form
        if form is None or self._select is None:
            return
        is_first = all(name != self._select for name, _ in form.fields)
        if "selected" in attrs and not is_first:
            form.fields = [pair for pair in form.fields if pair[0] != self._select]
        if is_first or "selected" in attrs:
            self._add(self._select, attrs.get("value", ""))

    def _take_button(self, text: str, attrs: dict[str, str]) -> None:
        form_id = attrs.get("form")
        form = self._form if form_id is None else None
        if form is not None:
            form.buttons.append((text, attrs))

    def _add(self, name: str | None, value: str) -> None:
        if self._form is not None and name:
            self._form.fields.append((name, value))
