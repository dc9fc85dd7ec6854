"""An owner changes every part of a workflow by forms: questions, conditions, effects, timers."""

import re

import pytest

from app import clock
from app.models import Staff
from app.services import workflow_drafts
from tests.admin.editing import number_of, press, save
from tests.admin.test_workflows import OUT, PARTS, ROOT, draft, each, published
from tests.harness.pages import Page
from tests.harness.world import make_world
from workflows import document

LANGUAGES = ("en", "es", "de")


@pytest.fixture
def world(session):
    """A company on the preset with review and proposals."""
    return make_world(session, preset="hybrid")


@pytest.fixture
def form(owner):
    """Fill in a form of the editor; return the answer."""

    def fill(page, **typed):
        return owner.submit(owner.page(f"{PARTS}/{page}"), "Save draft", **typed)

    return fill


@pytest.mark.feature("F08")
@pytest.mark.parametrize(
    "page",
    ["state/submitted", "state/counter_proposed", "form", "timers", "basics", "submit",
     *(f"step/{number}" for number in range(11))],
)  # fmt: skip
def test_a_form_that_is_saved_as_it_is_changes_nothing(world, form, page):
    before = workflow_drafts.get(world.enter(), world.owner, "hybrid")

    assert form(page).status_code == 303

    after = workflow_drafts.get(world.enter(), world.owner, "hybrid")
    assert after.read().definition == before.read().definition
    assert after.text.splitlines()[0] == before.text.splitlines()[0]  # its comment


def test_problems_follow_what_is_typed_and_lead_to_their_field(world, owner):
    page = owner.page(f"{PARTS}/state/submitted")

    shown = Page(press(owner, page, "check", **{"customer_label.de": ""}))

    assert "State “New”, what the customer reads: No words in Deutsch yet." in shown.text
    leads = [href for _, href in shown.links if href.endswith("#customer_label.de")]
    assert leads == [f"{PARTS}/state/submitted#customer_label.de"]


def test_conditions_are_rows_and_one_group(world, form):
    number = number_of(world, "decline")
    rule = "conditions.0.rule"
    answer = form(
        f"step/{number}",
        **each("conditions.0.message", "Not now", "Ahora no", "Jetzt nicht"),
        **{
            f"{rule}.join": "all",
            f"{rule}.rows.0.field": "request.urgency", f"{rule}.rows.0.operator": "is",
            f"{rule}.rows.0.value": "urgent", f"{rule}.group.join": "any",
            f"{rule}.group.rows.0.field": "request.photos",
            f"{rule}.group.rows.0.operator": "at_least", f"{rule}.group.rows.0.value": "2",
            f"{rule}.group.rows.1.field": "request.submitted_at",
            f"{rule}.group.rows.1.operator": "older_than", f"{rule}.group.rows.1.value": "48",
        },
    )  # fmt: skip

    assert answer.status_code == 303
    assert draft(world).transitions[number].conditions[0].expression == (
        'request.urgency == "urgent" && '
        '(request.photos >= 2 || request.submitted_at < now - duration("48h"))'
    )


def test_what_was_written_by_hand_is_shown_and_kept(world, owner, form):
    data = published(world).as_data()
    by_hand = "size(request.notes) > 3 || request.photos > 2"
    number = number_of(world, "decline")
    said = dict.fromkeys(LANGUAGES, "Not now")
    data["transitions"][number]["conditions"] = [{"if": by_hand, "message": said}]
    save(world, data)

    shown = owner.get(f"{PARTS}/step/{number}").text
    assert form(f"step/{number}", **{"label.en": "Refuse"}).status_code == 303

    assert "This condition was written by hand" in shown
    assert draft(world).transitions[number].conditions[0].expression == by_hand
    assert draft(world).transitions[number].label["en"] == "Refuse"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"fields.0.label.en": "", "fields.0.label.es": "", "fields.0.label.de": ""}, "fill this"),
        ({"conditions.0.rule.rows.0.field": "os.system"}, "Choose one of the answers"),
        ({"conditions.0.rule.rows.0.field": "request.photos"}, "Please fill this in"),
        ({"effects.9.name": "run_shell"}, "Choose one of the answers"),
        ({"source": None}, "where the step may be taken"),
        ({"undo.count": "soon"}, "whole number"),
        ({"fields.0.min_length": "many"}, "whole number"),
    ],
)
def test_what_can_not_be_is_said_at_its_field_and_nothing_is_kept(world, form, typed, why):
    answer = form(f"step/{number_of(world, 'decline')}", **typed)

    assert answer.status_code == 422
    assert why in Page(answer).text
    assert not workflow_drafts.get(world.enter(), world.owner, "hybrid").is_saved


def test_a_step_sends_a_new_message_whose_words_are_written_next(world, owner, form):
    number = number_of(world, "withdraw")
    sent = {"name": "send_message", "message": "+", "title": "On its way", "to": "dispatchers"}

    form(f"step/{number}", **{f"effects.1.{name}": value for name, value in sent.items()})

    made = draft(world)
    assert made.transitions[number].effects[1].params == {
        "message": "own.on_its_way", "to": "dispatchers",
    }  # fmt: skip
    assert set(made.message("own.on_its_way").email) == set(LANGUAGES)
    links = [href for text, href in owner.page(f"{PARTS}/step/{number}").links if "words" in text]
    assert any("own.on_its_way" in href or "wording" in href for href in links)


def test_a_check_of_the_answers_is_built_of_rows(world, form):
    number = number_of(world, "decline")

    form(
        f"step/{number}",
        **each("validators.0.message", "Say more", "Diga más", "Bitte mehr"),
        **{
            "validators.0.field": "reason", "validators.0.rule.rows.0.field": "input.reason",
            "validators.0.rule.rows.0.operator": "contains",
            "validators.0.rule.rows.0.value": "because",
        },
    )  # fmt: skip

    check = draft(world).transitions[number].validators[0]
    assert (check.expression, check.field) == ('input.reason.contains("because")', "reason")


def test_reminders_and_deadlines_in_a_state(world, form):
    first = {
        "timers.2.after.count": "3", "timers.2.after.unit": "days", "timers.2.clock": "business",
        "timers.2.does": "effects", "timers.2.effects.0.name": "send_message",
        "timers.2.effects.0.message": "booking.proposal_waiting",
        "timers.2.effects.0.to": "customer", "timers.2.repeat.count": "1",
        "timers.2.repeat.unit": "days", "timers.2.times": "3",
    }  # fmt: skip
    assert form("state/counter_proposed", **first).status_code == 303

    made = draft(world).state("counter_proposed").timers
    assert [(one.after, one.fire) for one in made[:2]] == [("PT48H", None), ("P7D", "lapse")]
    assert (made[2].after, made[2].clock, made[2].repeat, made[2].times) == (
        "P3D", "business", "P1D", 3,
    )  # fmt: skip


def test_a_reminder_over_several_states(world, form):
    form("timers", **{"timers.0.states": ["submitted"], "timers.0.after.count": "24"})

    [timer] = draft(world).timers
    assert (timer.states, timer.after, timer.since) == (("submitted",), "PT24H", "submission")


def test_a_language_is_added_and_every_missing_text_is_marked(world, owner, form):
    assert form("basics", other_language="fr").status_code == 303

    assert draft(world).languages[-1] == "fr"
    assert owner.page(ROOT).text.count("No words in fr yet") > 20
    form("basics", languages=["en", "de"])
    assert draft(world).languages == ("en", "de")
    assert "es" not in draft(world).state("submitted").label


def test_roles_the_first_state_and_handing_in(world, form):
    form("basics", roles=["customer", "dispatcher", "owner", "office", "system"])
    form("basics", initial="under_review")
    form("submit", roles=["customer", "office"])

    made = draft(world)
    assert made.roles["office"].kind == "staff"
    assert (made.initial, made.submit.roles) == ("under_review", ("customer", "office"))


def test_comments_of_the_text_outlive_a_form(world, form):
    text = document.write(published(world)) + "# ask Jo before changing this\n"
    workflow_drafts.save(world.enter(), world.owner, "hybrid", text, edition=None, at=clock.now())

    form("state/submitted", **{"label.en": "Fresh"})

    kept = workflow_drafts.get(world.enter(), world.owner, "hybrid").text
    assert kept == text.replace("en: New\n", "en: Fresh\n", 1)


def test_the_draft_goes_out_as_a_file_as_it_is_written(world, owner, form):
    form("state/submitted", **{"label.en": "Fresh"})

    answer = owner.get(f"{OUT}/draft.yaml")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="hybrid-draft.yaml"'
    assert answer.text == workflow_drafts.get(world.enter(), world.owner, "hybrid").text


@pytest.mark.parametrize("page", ["form", "step/1", "basics", "timers"])
def test_a_text_that_can_not_be_read_leads_to_its_lines(world, owner, page):
    workflow_drafts.save(world.enter(), world.owner, "hybrid", "a: [", edition=None, at=clock.now())

    answer = owner.get(f"{PARTS}/{page}")

    assert answer.location.endswith("/yaml")


@pytest.mark.parametrize(
    "do", ["", "add:", "drop:items.99", "up:items.x", "add:a.b.c.d.e.f.g.h.i.j", "x:y", "drop:do"]
)
def test_odd_buttons_do_no_harm(world, owner, do):
    answer = owner.submit(owner.page(f"{PARTS}/form"), "Save draft", do=do, items="x")

    assert answer.status_code in (200, 303, 422)


RAW = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b|\bbooking\.\w+")
ENGLISH = re.compile(r"\b(the|State|Step|Question|Message|is now|Added|Removed|who may)\b")


@pytest.mark.parametrize("address", ["state/submitted", "step/2", "form", "timers", "submit"])
def test_a_german_page_holds_no_raw_name_and_no_english(world, owner, address):
    """What the preset itself says in English stands in its fields, not in the words around."""
    in_german(world)
    change(world)

    shown = [owner.page(f"{PARTS}/{address}").text, owner.page(f"{OUT}/publish").text]

    for text in shown:
        assert RAW.findall(text) == []
        assert ENGLISH.findall(text) == []


def in_german(world):
    world.enter().get_one(Staff, world.owner.id).language = "de"
    world.session.commit()


def change(world):
    """Keep a draft that differs in many ways, and has a problem in each."""
    data = published(world).as_data()
    data["states"][0]["customer_label"].pop("de")
    data["transitions"][1]["roles"] = ["owner", "technician"]
    data["transitions"][2]["silent"] = True
    data["transitions"].pop(0)
    data["timers"][0]["after"] = "P3D"
    data["request_form"].pop()
    data["languages"] = ["en", "de"]
    data.pop("tests", None)
    save(world, data)
