"""What can go wrong, in words a person may read."""

from collections.abc import Mapping
from typing import Any


def N_(message: str) -> str:  # gettext's own name for "translate later"
    """Mark ``message`` for the catalogs; an entrance translates it when it answers."""
    return message


class DomainError(Exception):
    """A refusal with a sentence for the person.

    ``message`` is a msgid with %(name)s parameters; ``texts`` holds the words of an owner's
    definition by language and wins over it.
    """

    code = "refused"
    status = 409

    def __init__(
        self, message: str = "", *, texts: Mapping[str, str] | None = None, **params: Any
    ) -> None:
        super().__init__(message)
        self.message = message
        self.params = params
        self.texts = dict(texts or {})

    @property
    def public(self) -> str:
        """Return the English sentence; entrances translate ``message`` themselves."""
        said = {
            name: value.public if isinstance(value, DomainError) else value
            for name, value in self.params.items()
        }
        return self.texts.get("en") or self.message % said


class NotFound(DomainError):
    """There is no such row, or it is another company's."""

    code = "not_found"
    status = 404

    def __init__(self, noun: str = "", key: object = None) -> None:
        super().__init__(N_("There is nothing here."))
        self.noun, self.key = noun, key


class Forbidden(DomainError):
    """The actor's role may not do this."""

    code = "forbidden"
    status = 403


class Invalid(DomainError):
    """A field is wrong: ``fields`` maps its name to an error each."""

    code = "invalid"
    status = 422

    def __init__(self, fields: Mapping[str, DomainError | str]) -> None:
        super().__init__(N_("Please look at the marked fields. Nothing you typed is lost."))
        self.fields = {
            name: error if isinstance(error, DomainError) else DomainError(error)
            for name, error in fields.items()
        }


class Conflict(DomainError):
    """It came too late, or was asked twice with different words."""

    code = "conflict"


class TransitionBlocked(Conflict):
    """The step is not possible now; ``event`` is the step that came first, if one did."""

    code = "blocked"

    def __init__(self, message: str = "", *, event: Any = None, **rest: Any) -> None:
        super().__init__(message, **rest)
        self.event = event


class PortalClosed(DomainError):
    """The company has switched its portal off. Source: features 120-121."""

    code = "portal_closed"
    status = 503


class GatewayError(Exception):
    """An outside service said no.

    ``permanent`` when trying again can't help, ``ours`` when our own settings are refused (so
    that everybody's messages are), ``down`` when no answer came at all. ``reason`` is a msgid,
    ``detail`` the service's own words.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        ours: bool = False,
        down: bool = False,
        detail: str = "",
    ) -> None:
        super().__init__(reason)
        self.reason, self.permanent, self.ours, self.down = reason, permanent, ours, down
        self.detail = detail
