"""An owner changes how requests are taken: forms, YAML, preview, publishing, going back."""

import io
import re

import pytest
from sqlalchemy import select

from app import clock
from app.models import Company, Request
from app.services import requests, workflow_drafts
from app.workers.moving import move_due
from tests.harness.pages import Page
from tests.harness.world import make_world
from tests.services.workflow_edits import without_review, yaml
from workflows import versions

ROOT = "/admin/workflows/hybrid"
PARTS = "/admin/workflow-parts/hybrid"
OUT = "/admin/workflow-publishing/hybrid"
NEW_STATE = {
    "label.en": "Needs quote",
    "label.es": "Pendiente de presupuesto",
    "label.de": "Angebot nötig",
    "customer_label.en": "We are preparing your quote",
    "customer_label.es": "Preparamos su presupuesto",
    "customer_label.de": "Wir bereiten Ihr Angebot vor",
    "step.en": "Ask for quote",
    "step.es": "Pedir presupuesto",
    "step.de": "Angebot anfordern",
    "field.label.en": "What the quote is for",
    "field.label.es": "Para qué es el presupuesto",
    "field.label.de": "Wofür das Angebot ist",
    "mail.subject.de": "Ihr Angebot kommt",
    "mail.body.de": "Guten Tag {{customer.first_name}}, Ihr Angebot kommt. {{portal.request_link}}",
}


@pytest.fixture
def world(session):
    """A company on the preset with review and proposals."""
    return make_world(session, preset="hybrid")


def each(place, english, spanish, german):
    """Return a text in the languages of the preset, as the forms send it."""
    return {f"{place}.en": english, f"{place}.es": spanish, f"{place}.de": german}


def published(world):
    session = world.enter()
    company = session.get_one(Company, world.company_id, populate_existing=True)
    return versions.current(session, company, "hybrid")


def draft(world):
    return workflow_drafts.get(world.enter(), world.owner, "hybrid").read().definition


def keep_draft(world, changed):
    text = yaml(changed)
    workflow_drafts.save(world.enter(), world.owner, "hybrid", text, edition=None, at=clock.now())


@pytest.mark.feature("F08")
def test_an_owner_adds_a_step_publishes_and_the_request_goes_on_there(world, owner):
    for _ in range(3):
        world.hand_in()
    page = owner.page(f"{PARTS}/insert")
    assert owner.submit(page, "Save draft", **NEW_STATE).status_code == 303

    preview = owner.page(f"{OUT}/publish")
    assert "3 under way" in preview.text
    assert "Added the state “Needs quote”." in preview.text
    assert owner.submit(preview, "Publish version 2").status_code == 303
    move_due()

    now = published(world)
    assert now.state("needs_quote").customer_label["de"] == "Wir bereiten Ihr Angebot vor"
    rows = world.enter().scalars(select(Request)).all()
    assert {versions.number(world.session, row.workflow_version_id) for row in rows} == {2}
    assert "3 of 3 under way follow the newest version" in owner.page(f"{OUT}/versions").text
    shown = owner.page(f"/admin/requests/{rows[0].id}").text
    assert "Olive Owner published a new version" in shown


def test_the_new_step_asks_mails_and_can_be_left(world, owner):
    owner.submit(owner.page(f"{PARTS}/insert"), "Save draft", **NEW_STATE)

    made = draft(world)
    [lead] = [way for way in made.transitions if way.dest == "needs_quote"]
    assert (lead.trigger, lead.fields[0].required) == ("ask_for_quote", True)
    assert lead.effects[0].name == "send_message"
    mail = made.message(str(lead.effects[0].params["message"]))
    assert mail.email["de"].subject == "Ihr Angebot kommt"
    out = {way.trigger for way in made.transitions_from("needs_quote")}
    assert out >= {"approve", "decline", "cancel"}


@pytest.mark.feature(188)
@pytest.mark.parametrize(
    "address",
    [
        "/admin/workflows/",
        ROOT,
        f"{ROOT}/yaml",
        f"{PARTS}/insert",
        f"{OUT}/publish",
        f"{OUT}/what-if",
    ],
)
def test_only_owners_come_in(dispatcher, address):
    assert dispatcher.get(address).status_code == 403


def test_another_name_is_not_there(owner):
    assert owner.get("/admin/workflows/nothing").status_code == 404


@pytest.mark.feature("F08")
def test_every_page_of_a_workflow_is_drawn(world, owner):
    world.hand_in()

    for address in ("/admin/workflows/", ROOT, f"{ROOT}/wording", f"{ROOT}/yaml", f"{PARTS}/state",
                    f"{PARTS}/state/counter_proposed", f"{PARTS}/step", f"{PARTS}/step/2",
                    f"{PARTS}/insert", f"{PARTS}/form", f"{PARTS}/timers", f"{PARTS}/basics",
                    f"{PARTS}/submit", f"{OUT}/versions", f"{OUT}/what-if"):  # fmt: skip
        assert owner.get(address).status_code == 200, address
    answer = owner.get(ROOT)
    assert re.search(r'<text class="n"[^>]*>1</text>', answer.text)


@pytest.mark.feature("F08")
def test_a_draft_that_is_no_yaml_is_kept_and_its_problem_leads_to_the_line(world, owner):
    page = owner.page(f"{ROOT}/yaml")

    answer = owner.submit(page, "Save draft", text="schema: 1\nstates: [")

    assert answer.status_code == 303
    shown = owner.page(ROOT)
    assert "This is not valid YAML" in shown.text
    assert any("/yaml?line=" in link for _, link in shown.links)
    assert "Mend the problems first" in owner.page(f"{OUT}/publish").text


@pytest.mark.feature("F08")
def test_a_text_is_checked_while_it_is_typed_and_not_kept(world, owner):
    token = owner.page(f"{ROOT}/yaml").form("Save draft").value("csrf_token")

    answer = owner.post(f"{ROOT}/check", data={"text": "schema: 2", "csrf_token": token})

    assert "schema" in answer.text
    assert not workflow_drafts.get(world.enter(), world.owner, "hybrid").is_saved


def test_of_two_owners_the_second_is_told(world, owner):
    page = owner.page(f"{PARTS}/state/under_review")
    owner.submit(page, "Save draft", **{"label.en": "Being looked at"})

    answer = owner.submit(page, "Save draft", **{"label.en": "Otherwise"})

    assert answer.status_code == 422
    assert "Somebody else saved" in answer.text
    assert draft(world).state("under_review").label["en"] == "Being looked at"


@pytest.mark.feature(49)
def test_missing_words_are_marked_and_stop_the_publishing(world, owner):
    page = owner.page(f"{ROOT}/wording")

    owner.submit(page, "Save draft", **{"states/0/customer_label|de": ""})

    assert 'placeholder="Missing"' in owner.get(f"{ROOT}/wording").text
    preview = owner.page(f"{OUT}/publish")
    assert owner.submit(preview, "Publish version 2").status_code == 409
    assert not published(world).state("submitted").customer_label.get("fr")


def test_states_are_reordered_and_removed_with_the_steps_that_lead_there(world, owner):
    found = (form.value("csrf_token") for form in owner.page(ROOT).forms)
    token = next(filter(None, found))

    for part, do in (("states.1", "up"), ("states.2", "remove")):
        owner.post(f"{PARTS}/order", data={"part": part, "do": do, "csrf_token": token})

    made = draft(world)
    assert [state.name for state in made.states][:2] == ["under_review", "submitted"]
    assert not made.has_state("counter_proposed")
    assert all(way.dest != "counter_proposed" for way in made.transitions)


def test_a_step_gets_a_condition_by_rows_and_a_question(world, owner):
    page = owner.page(f"{PARTS}/step/1")

    answer = owner.submit(
        page, "Save draft",
        **each("conditions.0.message", "A photo is needed", "Falta una foto", "Es fehlt ein Foto"),
        **each("fields.0.label", "Floor", "Piso", "Stockwerk"),
        **{
            "conditions.0.rule.rows.0.field": "request.photos",
            "conditions.0.rule.rows.0.operator": "at_least",
            "conditions.0.rule.rows.0.value": "1",
            "fields.0.type": "number",
        },
    )  # fmt: skip

    assert answer.status_code == 303
    way = draft(world).transitions[1]
    assert way.conditions[0].expression == "request.photos >= 1"
    assert (way.fields[-1].name, way.fields[-1].type) == ("floor", "number")


@pytest.mark.feature("F08")
def test_a_state_that_goes_away_asks_what_becomes_of_its_requests(world, owner):
    request = world.hand_in()
    sent = requests.Submission({}, request.event_seq)
    requests.move(world.session, request.id, "start_review", world.owner, sent, at=clock.now())
    address = f"/admin/requests/{request.id}"
    keep_draft(world, without_review(published(world)))

    refused = owner.submit(owner.page(f"{OUT}/publish"), "Publish version 2")
    assert refused.status_code == 422
    assert "Say what becomes of these requests." in refused.text

    moved = {"state.under_review": "into:submitted", "told": "We simplified our steps"}
    assert owner.submit(Page(refused), "Publish version 2", **moved).status_code == 303
    move_due()
    assert "We simplified our steps" in owner.page(address).text


@pytest.mark.feature("F08")
def test_a_new_request_meanwhile_shows_the_picture_again(world, owner):
    owner.submit(owner.page(f"{PARTS}/insert"), "Save draft", **NEW_STATE)
    preview = owner.page(f"{OUT}/publish")
    world.enter()
    world.hand_in()

    answer = owner.submit(preview, "Publish version 2")

    assert answer.status_code == 409
    assert "The picture has changed" in answer.text
    assert not published(world).has_state("needs_quote")


@pytest.mark.feature("F08")
def test_a_version_goes_out_as_a_file_and_comes_in_as_a_draft(world, owner):
    file = owner.get(f"{OUT}/versions/1.yaml")
    assert file.headers["Content-Disposition"] == 'attachment; filename="hybrid-1.yaml"'
    text = file.text.replace("en: New\n", "en: Fresh\n")
    token = owner.page(f"{OUT}/versions").form("Take in").value("csrf_token")

    answer = owner.post(
        f"{OUT}/import",
        data={"csrf_token": token, "file": (io.BytesIO(text.encode()), "mine.yaml")},
    )

    assert answer.status_code == 303
    assert draft(world).state("submitted").label["en"] == "Fresh"
    assert published(world).state("submitted").label["en"] == "New"


@pytest.mark.feature("F08")
def test_going_back_is_another_publish(world, owner):
    owner.submit(owner.page(f"{PARTS}/insert"), "Save draft", **NEW_STATE)
    owner.submit(owner.page(f"{OUT}/publish"), "Publish version 2")

    answer = owner.submit(owner.page(f"{OUT}/versions"), "Go back to version 1")
    owner.submit(owner.page(answer.location), "Publish version 3")

    assert not published(world).has_state("needs_quote")


@pytest.mark.feature("F08")
def test_what_if_links_the_requests_that_would_differ(world, owner):
    request = world.hand_in()
    page = owner.page(f"/admin/requests/{request.id}/decline")
    owner.submit(page, "Decline and tell the customer", reason="Not in our area, sorry.")
    number = [way.trigger for way in published(world).transitions].index("decline")
    asked = {**each("fields.1.label", "Area", "Zona", "Gebiet"), "fields.1.required": "1"}
    owner.submit(owner.page(f"{PARTS}/step/{number}"), "Save draft", **asked)

    shown = owner.page(f"{OUT}/what-if")

    assert "0 of 1" in shown.text
    assert any(link.endswith(f"/admin/requests/{request.id}") for _, link in shown.links)
