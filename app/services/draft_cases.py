"""The tests of a draft after an edit: kept right where they can be, dropped where they can't."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from app.services.draft_pieces import Data, Desk, insert_like, places
from workflows.calendars import OFFICE_HOURS, Calendar
from workflows.cases import play
from workflows.durations import parse_duration
from workflows.schema import Case, Definition, EffectUse
from workflows.simulator import effect_label

Edit = Callable[[Data], None]


def adapt(
    before: Definition, desk: Desk, after: Definition, calendar: Calendar = OFFICE_HOURS
) -> tuple[list[Data], list[str]]:
    """Return the tests that fit the edited definition, and the names of those dropped.

    ``after`` has no tests. A test that ends elsewhere, or is refused where it was not, speaks of
    what is no more; one whose effects differ only in what the edit touched is brought up to date.
    """
    touched = _touched(before.as_data(), after.as_data())
    kept, dropped = [], []
    for case in before.as_data().get("tests", []):
        for edit in desk.case_edits:
            edit(case)
        fitting = _fitting(after, case, desk.moved, touched, calendar)
        if fitting is None:
            dropped.append(str(case["name"]))
        else:
            kept.append(fitting)
    return _with_new_ones(desk, after, kept, calendar), dropped


def without(*triggers: str) -> Edit:
    """Return an edit that leaves steps of those triggers out."""

    def edit(case: Data) -> None:
        case["when"] = [step for step in case.get("when", []) if not set(triggers) & set(step)]

    return edit


def with_rounds(before: str, after: str) -> Edit:
    """Return an edit for another limit of proposals."""

    def edit(case: Data) -> None:
        given = case.get("given", {})
        if str(given.get("request.proposal_rounds")) == before:
            given["request.proposal_rounds"] = int(after)
            case["name"] = "a proposal beyond the limit is refused"

    return edit


def taken_by(roles: Sequence[str]) -> Edit:
    """Return an edit that has steps of the staff taken by one of those roles."""

    def edit(case: Data) -> None:
        for step in case.get("when", []):
            for given in step.values():
                if isinstance(given, dict) and given.get("as") in ("owner", "dispatcher"):
                    given["as"] = given["as"] if given["as"] in roles else roles[0]

    return edit


def long_enough(label: str, hours: int) -> Edit:
    """Return an edit that lets tests which see an effect wait until it has come."""

    def edit(case: Data) -> None:
        waits = [step for step in case.get("when", []) if "wait" in step]
        if label not in (case["then"].get("effects") or ()) or not waits:
            return
        if parse_duration(waits[-1]["wait"]).approximate_s < hours * 3600 * 4:
            waits[-1]["wait"] = f"PT{hours * 4 + 8}H"

    return edit


def _fitting(
    definition: Definition,
    case: Data,
    moved: dict[str, str],
    touched: set[str],
    calendar: Calendar,
) -> Data | None:
    try:
        found, was_taken = play(definition, Case.model_validate(case), calendar)
    except (ValueError, KeyError):
        return None
    expected = case["then"]
    code = None if was_taken or found.refused is None else found.refused.code
    if code != expected.get("refused"):
        return None
    if found.here not in (expected["state"], moved.get(expected["state"])):
        return None
    wanted = expected.get("effects")
    if wanted is not None and not _differ_only_in(wanted, found.effects, touched):
        return None
    then = {**expected, "state": found.here}
    return {**case, "then": then if wanted is None else {**then, "effects": found.effects}}


def _differ_only_in(one: Iterable[str], other: Iterable[str], touched: set[str]) -> bool:
    return [x for x in one if x not in touched] == [x for x in other if x not in touched]


def _touched(before: Data, after: Data) -> set[str]:
    """Return the effects of every place that one of the two documents has and the other not."""
    old, new = list(places(before)), list(places(after))
    differing = [one for one in old if one not in new] + [one for one in new if one not in old]
    return {label for place in differing for label in _labels(place)}


def _labels(place: Data) -> list[str]:
    return [effect_label(EffectUse.model_validate(use)) for use in place.get("effects", [])]


def _with_new_ones(
    desk: Desk, after: Definition, kept: list[Data], calendar: Calendar
) -> list[Data]:
    """Add the ready-made tests about what was not there before, where they hold as they are."""
    found = list(kept)
    for donor in desk.donors if desk.added else ():
        names = [case.name for case in donor.tests]
        first = _submitting(donor) | _submitting(after)
        for case in donor.as_data().get("tests", []):
            known = {one["name"] for one in found}
            if case["name"] in known or not _is_about(case, desk.added):
                continue
            fitting = _fitting(after, case, _AROUND, first, calendar)
            if fitting is not None:
                insert_like(found, [fitting], names, "name")
    return found


_AROUND: Final = {
    "under_review": "submitted",
    "submitted": "under_review",
    "cancelled": "declined",
    "declined": "cancelled",
}


def _is_about(case: Data, added: set[str]) -> bool:
    steps = {name for step in case.get("when", []) for name in step}
    return bool(added & {*steps, *(case["then"].get("effects") or ())})


def _submitting(definition: Definition) -> set[str]:
    return {effect_label(use) for use in definition.submit.effects}
