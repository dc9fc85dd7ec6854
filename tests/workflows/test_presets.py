"""The shipped definitions: free of problems, green, and in the words the seeds promise."""

import pytest

from workflows import rules
from workflows.cases import run_cases
from workflows.document import read, write
from workflows.library import FOLDER, definition, names
from workflows.simulator import Simulation
from workflows.verifier import check

REQUESTS = ["service_request", "booking_request", "online_booking", "estimate_request", "hybrid"]
ALL = [*REQUESTS, "job", "estimate", "invoice"]
TRIGGERS = {
    "start_review", "approve", "decline", "counter_propose", "accept", "decline_proposal",
    "withdraw", "cancel", "lapse",
}  # fmt: skip


def request_field(name, field):
    return next(item for item in definition(name).request_form
                if getattr(item, "field", None) == field)  # fmt: skip


def test_all_of_them_are_shipped():
    assert set(ALL) <= set(names())


@pytest.mark.parametrize("name", ALL)
def test_a_shipped_definition_has_no_problem_and_its_tests_are_green(name):
    text = (FOLDER / f"{name}.yaml").read_bytes()

    assert [problem.format(name) for problem in check(text, name)] == []
    assert definition(name).workflow == name
    assert len(definition(name).tests) >= 4
    assert [one.sentence for one in run_cases(definition(name)) if not one.is_green] == []


@pytest.mark.parametrize("name", ALL)
def test_a_shipped_definition_speaks_three_languages(name):
    assert set(definition(name).languages) == {"en", "es", "de"}


@pytest.mark.parametrize("name", ALL)
def test_a_shipped_definition_survives_the_editor(name):
    assert read(write(definition(name))).definition == definition(name)


def test_the_triggers_have_the_names_outsiders_rely_on():
    used = {move.trigger for move in definition("online_booking").transitions}

    assert used >= TRIGGERS


@pytest.mark.feature(187)
@pytest.mark.parametrize("name", REQUESTS)
def test_only_dispatchers_and_owners_decide(name):
    for trigger in ("approve", "decline"):
        for move in definition(name).transitions_of(trigger):
            assert set(move.roles) == {"dispatcher", "owner"}


@pytest.mark.feature(93, 94, 95)
@pytest.mark.parametrize(
    ("state", "staff", "customer"),
    [
        ("submitted", "The request is waiting for your team to review it",
         "Your team has not reviewed the request yet"),
        ("approved", "A job has been created", "A job has been created and will be scheduled"),
        ("declined", "The request was reviewed and could not be fulfilled",
         "The request was reviewed and could not be fulfilled"),
    ],
)  # fmt: skip
def test_the_words_of_a_service_request(state, staff, customer):
    known = definition("service_request").state(state)

    assert staff in (known.meaning or {})["en"]
    assert customer in known.customer_label["en"]


@pytest.mark.feature(96, 97, 99)
def test_the_words_of_an_online_booking():
    online = definition("online_booking")

    assert online.state("submitted").customer_label["en"] == "Your request has been received"
    assert online.state("under_review").customer_label["en"] == "We're reviewing your request"
    assert online.state("approved").label["en"] == "Confirmed"
    assert online.state("counter_proposed").waiting_on == "customer"


@pytest.mark.feature(75, 81, 103, 104)
def test_a_service_request_declines_only_with_a_reason_the_customer_reads():
    (move,) = definition("service_request").transitions_of("decline")
    (reason,) = move.fields

    assert reason.required
    assert reason.visible_to_customer
    assert reason.suggestions == "decline_reasons"
    assert (
        "{{input.reason}}"
        in definition("service_request").message("booking.declined").email["en"].body
    )


@pytest.mark.feature(76)
def test_a_booking_request_may_be_declined_without_a_reason():
    (move,) = definition("booking_request").transitions_of("decline")

    assert not move.fields[0].required


@pytest.mark.feature(91)
@pytest.mark.parametrize("name", ["service_request", "booking_request", "estimate_request"])
def test_a_customer_can_not_cancel_where_that_is_off(name):
    simulation = Simulation(definition(name))
    simulation.submit("customer")

    assert not simulation.take("cancel", "customer", {})
    assert simulation.take("cancel", "dispatcher", {})


@pytest.mark.feature(90)
@pytest.mark.parametrize("name", ["online_booking", "hybrid"])
def test_a_customer_can_cancel_before_confirmation(name):
    simulation = Simulation(definition(name))
    simulation.submit("customer")

    assert simulation.take("cancel", "customer", {})
    assert simulation.here == "cancelled"


@pytest.mark.feature(87)
def test_on_a_counter_proposal_the_customer_answers_or_cancels_and_nothing_else():
    simulation = Simulation(definition("online_booking"))
    simulation.submit("customer")
    simulation.take("counter_propose", "owner", {"proposed_at": "2030-02-01T09:00Z"})

    found = {one.transition.trigger for one in simulation.options("customer")}

    assert found == {"accept", "decline_proposal", "cancel"}


@pytest.mark.feature(73, 84)
@pytest.mark.parametrize("name", REQUESTS)
def test_nothing_leaves_a_decided_request(name):
    for state in definition(name).states:
        if state.final:
            assert definition(name).transitions_from(state.name) == ()


@pytest.mark.feature("D12")
def test_a_recurring_wish_never_becomes_a_silent_single_visit():
    simulation = Simulation(definition("booking_request"), {"request.kind": "recurring"})
    simulation.submit("customer")
    simulation.take("approve", "owner", {})

    assert "propose_plan" in simulation.effects
    assert "create_visit" not in simulation.effects


@pytest.mark.feature(111, "D19")
@pytest.mark.parametrize(("name", "count"), [("online_booking", 1), ("hybrid", 1),
                                             ("service_request", 0)])  # fmt: skip
def test_the_reminder_goes_out_once_where_it_is_on(name, count):
    simulation = Simulation(definition(name))
    simulation.submit("customer")
    simulation.wait("P30D")

    assert simulation.effects.count("send_message:booking.unanswered") == count


@pytest.mark.feature(145)
def test_the_customer_reads_plain_words_about_a_job():
    job = definition("job")

    assert [state.customer_label["en"] for state in job.states] == [
        "Scheduled", "Technician assigned", "On the way", "Technician arrived", "In progress",
        "Paused - we will be in touch", "Completed", "Cancelled",
    ]  # fmt: skip


def test_a_refusing_technician_gives_the_job_back_without_telling_the_customer():
    simulation = Simulation(definition("job"))
    simulation.submit("dispatcher")
    simulation.take("assign", "dispatcher", {"technician": 7})
    before = len(simulation.effects)
    simulation.take("refuse", "technician", {"reason": "On leave"})

    assert simulation.here == "scheduled"
    assert simulation.effects[before:] == ["clear_technician", "send_message:job.refused"]
    assert "Declined" not in {state.customer_label["en"] for state in definition("job").states}


@pytest.mark.feature(6, 12, 14, 13, 17, 19, 20, 24, 25)
def test_the_request_forms_ask_what_the_presets_say():
    assert request_field("service_request", "service").sources == ("category",)
    assert request_field("service_request", "preferred_dates").mode == "single"
    assert request_field("booking_request", "preferred_dates").mode == "window"
    assert request_field("booking_request", "photos").max == 1
    assert request_field("online_booking", "preferred_dates").max == 3
    assert request_field("online_booking", "location").allow == ("on_file", "once")
    assert request_field("estimate_request", "preferred_dates").mode == "datetime"
    assert request_field("hybrid", "location").allow == ("on_file", "once", "add")


@pytest.mark.feature(4)
def test_a_booking_request_knows_its_kinds():
    kinds = request_field("booking_request", "kind").options

    assert set(kinds) >= {"one_time", "recurring", "issue"}


def test_a_technician_works_only_on_the_own_job(seen):
    job = definition("job")
    mine = seen("assigned", "technician", facts={"is_my_job": True})
    theirs = seen("assigned", "technician", facts={"is_my_job": False})

    assert isinstance(rules.decide(job, mine, "start_travel", {}), rules.Decision)
    assert isinstance(rules.decide(job, theirs, "start_travel", {}), rules.Refusals)
