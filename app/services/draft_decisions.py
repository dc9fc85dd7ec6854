"""Edits of a draft about what submitting makes, what approving does and what declining asks."""

from collections.abc import Iterator
from typing import Any, Final

from app.errors import N_, Conflict
from app.services import draft_estimates, draft_questions, draft_steps
from app.services.draft_pieces import Data, Desk, keys_sent, shipped
from workflows.schema import Definition, Transition

MODES: Final = ("job_form", "auto_visit", "appointment", "estimate")
ARTEFACTS: Final = {"none": None, "lead": "create_lead", "open_estimate": "create_estimate"}
_PLANNED: Final = ("recurring", "service_change")
AS_ASKED: Final = "approve_as_asked"  # the form of a job, filled in whole, by one press
_TIME: Final = "job.starts_at"
_NO_APPROVE: Final = N_("There is no step called approve any more; change it in the workflow.")


def mode(definition: Definition) -> str:
    """Return what approving does; blank when an owner's own step does something else."""
    for way in definition.transitions_of("approve"):
        names = {use.name for use in way.effects}
        if "send_estimate" in names:
            return "estimate"
        if "create_visit" in names:
            return "auto_visit"
        if "create_job" in names:
            return "appointment" if _names_the_time(definition, way) else "job_form"
    return ""


def set_mode(desk: Desk, value: str) -> None:
    """Have approving do something else, as the shipped definitions do it.

    Who may approve, from where, and what an owner added beside stays.
    """
    ways = list(_deciding(desk))
    if not ways:
        raise Conflict(_NO_APPROVE)
    if value != "job_form":
        desk.drop(AS_ASKED)
    donor = desk.donor(lambda one: mode(one) == value)
    model = next(way for way in donor.as_data()["transitions"] if _decides(way))
    made = desk.spoken(model, donor)
    ours = {label for one in shipped() for label in _approving(one)} | draft_estimates.OWN
    for way in ways:
        own = [use for use in way.get("effects", []) if _label(use) not in ours]
        for part in ("form", "validators"):
            way.pop(part, None)
            if part in made:
                way[part] = made[part]
        way["effects"] = [*[dict(use) for use in made.get("effects", [])], *own]
    for key in keys_sent(made.get("effects", [])):
        desk.take_message(key, donor, anew=True)
    _put_words(desk, donor)
    draft_estimates.settle(desk)


def artefact(definition: Definition) -> str:
    """Return what submitting makes beside the request: none, lead or open_estimate."""
    names = {use.name for use in definition.submit.effects}
    return next((key for key, effect in ARTEFACTS.items() if effect in names), "none")


def set_artefact(desk: Desk, value: str) -> None:
    """Have submitting make a lead or an open estimate, or nothing."""
    submit = desk.data["submit"]
    made = set(filter(None, ARTEFACTS.values()))
    kept = [use for use in submit.get("effects", []) if not made & set(use)]
    effect = ARTEFACTS[value]
    submit["effects"] = [*([{effect: {}}] if effect else []), *kept]
    _answer_by_estimate(desk, wanted=value == "open_estimate")
    draft_estimates.settle(desk)


def _answer_by_estimate(desk: Desk, *, wanted: bool) -> None:
    """Let an estimate that is sent from its own page answer the request it was opened for."""
    desk.drop("quote_sent")
    donors = [one for one in desk.donors if one.transitions_of("quote_sent")]
    if wanted and donors and desk.has("approved"):
        for way in desk.add_ways("quote_sent", donors[0]):
            draft_steps.fit(desk, way)


def reason(definition: Definition) -> str:
    """Return whether declining needs a reason: required or optional; blank when none is asked."""
    for way in definition.transitions_of("decline"):
        for field in way.fields:
            if field.name == "reason":
                return "required" if field.required else "optional"
    return ""


def set_reason(desk: Desk, value: str) -> None:
    """Ask for a reason, or leave it to whoever declines."""
    fields = [one for way in desk.of("decline") for one in way.get("fields", [])
              if one["name"] == "reason"]  # fmt: skip
    if not fields:
        raise Conflict(N_("Declining asks for no reason; add the question in the workflow."))
    for field in fields:
        field.pop("required", None)
        field.pop("min_length", None)
        if value == "required":
            field |= {"required": True, "min_length": 10}


def set_kinds(desk: Desk, value: str) -> None:
    """Let customers choose these kinds; recurring ones lead to a plan, never to one visit."""
    draft_questions.set_kinds(desk, value)
    wanted = bool(set(_PLANNED) & set(value.split(",")))
    planning = [way for way in desk.of("approve") if _plans(way)]
    if wanted and not planning:
        _add_plans(desk)
    elif planning and not wanted:
        desk.data["transitions"] = [way for way in desk.ways if way not in planning]
        for way in _deciding(desk):
            asked = way.get("conditions", [])
            way["conditions"] = [one for one in asked if "request.kind" not in one["if"]]


def _add_plans(desk: Desk) -> None:
    """Split approving in two: what recurs becomes a plan for staff to set up. Source: D12."""
    main = list(_deciding(desk))
    if not main:
        raise Conflict(_NO_APPROVE)
    donor = desk.donor(_has_plans)
    data = donor.as_data()["transitions"]
    plan = desk.spoken(next(way for way in data if _plans(way)), donor)
    single = desk.spoken(next(way for way in data if _decides(way)), donor)
    for way in main:
        way["conditions"] = [*way.get("conditions", []), *single["conditions"]]
    last = desk.ways.index(main[-1])
    taken = {part: main[-1][part] for part in ("label", "source", "dest", "roles")}
    desk.ways.insert(last + 1, {**plan, **taken})
    desk.added.add("propose_plan")
    for key in keys_sent(plan["effects"]):
        desk.take_message(key, donor)


def _has_plans(definition: Definition) -> bool:
    return any(_plans(way) for way in definition.as_data().get("transitions", []))


def _plans(way: Data) -> bool:
    return any("propose_plan" in use for use in way.get("effects", []))


def _decides(way: Data) -> bool:
    return way["trigger"] == "approve" and not _plans(way)


def _deciding(desk: Desk) -> Iterator[Data]:
    return (way for way in desk.ways if _decides(way))


def _approving(definition: Definition) -> Iterator[str]:
    for way in definition.as_data()["transitions"]:
        if _decides(way):
            yield from (_label(use) for use in way.get("effects", []))


def _label(use: Data) -> str:
    name, params = next(iter(use.items()))
    return f"{name}:{params['message']}" if name == "send_message" else name


def _names_the_time(definition: Definition, way: Transition) -> bool:
    """An appointment is confirmed by its time: it stands in the subject of the mail."""
    for use in way.effects:
        message = definition.messages.get(str(use.params.get("message")))
        if message and message.email:
            return all(_TIME in mail.subject for mail in message.email.values())
    return False


def _put_words(desk: Desk, donor: Definition) -> None:
    """Say what approved means now, unless the owner has words of their own for it."""
    ours = [_said(desk.spoken(state, one)) for one in shipped()
            for state in one.as_data()["states"] if state["name"] == "approved"]  # fmt: skip
    if not donor.has_state("approved"):
        return
    fresh = next(one for one in donor.as_data()["states"] if one["name"] == "approved")
    for state in desk.data["states"]:
        if state["name"] == "approved" and _said(state) in ours:
            state.pop("meaning", None)
            state.update(_said(desk.spoken(fresh, donor)))


def _said(state: Data) -> dict[str, Any]:
    return {part: state[part] for part in ("label", "customer_label", "meaning") if part in state}
