"""What the settings of the request workflow are called, and their values."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.services.draft_edits import KEYS, NUMBER
from app.services.notifications import When
from app.web.words import pick

_PLACEHOLDER: Final = re.compile(r"\{\{[^{}]*\}\}")
_NEEDS: Final = {
    "hidden": _l("not asked"),
    "optional": _l("optional"),
    "required": _l("required"),
}
_ON: Final = {"on": _l("yes"), "off": _l("no")}


@dataclass(frozen=True)
class Setting:
    """One setting as the page draws it."""

    name: str
    label: Any
    values: Mapping[str, Any]
    help: Any = ""
    needs: str = ""  # the setting that must have a value for this one to mean anything

    @property
    def kind(self) -> str:
        """Return how it is chosen: one, many or number."""
        return KEYS[self.name].kind


def _one(name: str, label: Any, values: Mapping[str, Any] = _ON, help: Any = "",  # noqa: A002
         needs: str = "") -> Setting:  # fmt: skip
    return Setting(name, label, values, help, needs)


GROUPS: Final[Sequence[tuple[Any, Sequence[Setting]]]] = (
    (_l("What customers are asked"), (
        _one("kinds", _l("Kinds of request"), {
            "one_time": _l("One time"), "recurring": _l("Recurring"),
            "issue": _l("Issue report"), "service_change": _l("Change of a plan"),
        }, _l("Recurring wishes and changes of a plan end as a plan you set up, never as a single "
              "visit.")),
        _one("service.list", _l("A service from your list"), _NEEDS,
             _l("If the list and own words are both required, either of them is enough.")),
        _one("service.listed", _l("The list holds"), {
            "bookable": _l("Bookable services"), "catalog": _l("All services"),
        }, needs="service.list"),
        _one("service.free_text", _l("Their own words for the service"), _NEEDS),
        _one("service.category", _l("A category"), _NEEDS),
        _one("preference", _l("When it would suit them"), {
            "single": _l("One day"), "window": _l("From one day to another"),
            "three_dates": _l("Up to three days with a time of day"),
            "datetime": _l("A day and a time"),
        }),
        _one("location", _l("Where"), {
            "own_only": _l("Their addresses on file"),
            "own_or_once": _l("On file, or another for this time"),
            "own_or_add": _l("On file, or a new one"),
        }, _l("A new address stays with the request until you take it into the record.")),
        _one("contact", _l("Whom to call"), {
            "account": _l("The customer"), "choose_or_add": _l("The customer chooses or adds one"),
        }),
        _one("photos", _l("Photos, at most"), {"0": _l("none")}, _l("0 asks for none.")),
        _one("urgency", _l("How urgent it is")),
    )),
    (_l("When a request comes in"), (
        _one("submit.artefact", _l("It also makes"), {
            "none": _l("Nothing else"), "lead": _l("A lead"),
            "open_estimate": _l("An open estimate"),
        }),
        _one("submit.customer", _l("Tell the customer that it has arrived")),
        _one("submit.company", _l("Tell the company")),
    )),
    (_l("Who answers, and how"), (
        _one("reviewers", _l("Who approves and declines"), {
            "owner": _l("Owner"), "dispatcher": _l("Dispatcher"),
        }),
        _one("under_review", _l("“Under review” once somebody has opened it")),
        _one("approve.mode", _l("Approving"), {
            "job_form": _l("Opens a filled-in job form"),
            "auto_visit": _l("Schedules a visit on the customer’s plan at once"),
            "appointment": _l("Confirms an appointment"),
            "estimate": _l("Completes and sends an estimate"),
            "": _l("As your own step says"),
        }, _l("The price then comes from the job, the plan or the estimate.")),
        _one("quote", _l("Sending a quote instead")),
        _one("decline.reason", _l("Reason for declining"),
             {**_NEEDS, "": _l("Not asked in your own step")},
             _l("Common reasons and what to do instead are on the tab Declining.")),
    )),
    (_l("Proposing another time"), (
        _one("counter", _l("Staff may propose another time")),
        _one("counter.rounds", _l("Proposals, at most"), {"": _l("no limit")}, needs="counter"),
        _one("counter.no", _l("The customer’s no"), {
            "back_to_review": _l("brings the request back to you"),
            "close": _l("closes the request"),
        }, needs="counter"),
    )),
    (_l("Cancelling and reminding"), (
        _one("cancel", _l("The customer may cancel"), {
            "off": _l("No, staff does it at their wish"),
            "before_confirmation": _l("Until it is confirmed"),
        }),
        _one("reminder.hours", _l("Hours without an answer until staff are reminded"),
             {"0": _l("never")}, _l("0 never reminds.")),
        _one("reminder.clock", _l("The hours count"), {
            "wall": _l("Day and night"), "business": _l("In opening hours only"),
        }, needs="reminder.hours"),
        _one("reminder.repeat", _l("Remind again every so many hours"),
             {"0": _l("once only")}, _l("0 reminds once."), needs="reminder.hours"),
    )),
)  # fmt: skip
BY_NAME: Final = {one.name: one for _title, settings in GROUPS for one in settings}


def shown(name: str, values: Mapping[str, str]) -> bool:
    """Return True while a setting means something beside the others."""
    needs = BY_NAME[name].needs
    return not needs or values[needs] not in ("off", "hidden", "0")


def value_words(name: str, value: str) -> str:
    """Return a value as people say it."""
    known = BY_NAME[name].values
    if KEYS[name].kind == NUMBER:
        return str(known.get(value, value))
    if not value:
        return str(known.get(value, _("not at all")))
    return ", ".join(str(known.get(one, one)) for one in value.split(","))


def plain(text: str) -> str:
    """Return a message's subject with dots where its placeholders stand."""
    return " ".join(_PLACEHOLDER.sub("…", text).split()).strip(" :")


def when(one: When, subject: str = "request") -> str:
    """Return the event a message goes out with, in words."""
    if one.kind == "submit":
        made = {"job": _("When a job is made"), "estimate": _("When an estimate is made")}
        return made.get(subject, _("When a request comes in"))
    if one.kind == "step":
        return pick(dict(one.label))
    if one.label:
        state = pick(dict(one.label))
        return _("After %(hours)s h in “%(state)s”", hours=one.hours, state=state)
    return _("After %(hours)s h without an answer", hours=one.hours)


def sentence(name: str, before: str, after: str) -> str:
    """Return what a change is, such as «Photos, at most: 3 instead of 1»."""
    if not before:
        return f"{BY_NAME[name].label}: {value_words(name, after)}"
    return _(
        "%(what)s: %(after)s instead of %(before)s",
        what=BY_NAME[name].label,
        after=value_words(name, after),
        before=value_words(name, before),
    )
