"""What is typed stays text, links lead only where their reader may go, headers stay in line."""

import pytest

from app import clock
from app.services import messages, requests
from tests.services.messaging import (
    JANUARY,
    company,
    customer,
    decide,
    in_words,
    letter,
    own_words,
)
from workflows import versions


@pytest.fixture(autouse=True)
def _january():
    with clock.freeze(JANUARY):
        yield
    versions.forget()  # some tests reword theirs


def test_it_comes_from_the_company_and_answers_go_there(world):
    company(world).sender_name, company(world).reply_to = (
        "Acme\r\nBcc: x@y.example",
        "hi@acme.example",
    )

    paper = letter(world, decide(world, "approve"))

    assert (paper.sender_name, paper.reply_to) == ("Acme Bcc: x@y.example", "hi@acme.example")


def test_the_message_id_comes_from_the_promise_and_stays_the_same(world):
    row = decide(world, "approve")

    first, second = letter(world, row), letter(world, row)

    assert first == second
    assert first.at == row.created_at
    assert first.message_id.endswith("@127.0.0.1>")


def test_two_promises_have_two_message_ids(world):
    one, two = decide(world, "approve"), decide(world, "decline", reason="Sorry, too far away.")

    assert messages.message_id(one) != messages.message_id(two)


def test_the_subject_stays_in_its_line(world):
    row = decide(world, "decline", reason="Too far away.\r\nBcc: x@y.example")
    own_words(world, row, email={"en": in_words("No: {{input.reason}}")})

    assert letter(world, row).subject == "No: Too far away. Bcc: x@y.example"


def test_what_people_typed_is_text_in_html_too(world):
    attack = '"><img src=x onerror=alert(1)> {{company.email}} {% raw %}'

    paper = letter(world, decide(world, "decline", reason=attack))

    assert "<img" not in paper.html
    assert "&lt;img src=x onerror=alert(1)&gt;" in paper.html
    assert attack in paper.text


def test_the_particulars_and_the_companys_name_are_text_too(world):
    company(world).name = "Acme <b>Plumbing</b>"
    row = decide(world, "approve", description="<img src=x onerror=alert(1)>")
    row.recipient = f"staff:{world.owner.id}"
    requests.for_customer(world.session, world.customer.id)[0].description = "<img src=x>"

    html = letter(world, row).html

    assert "<img" not in html
    assert "<b>" not in html
    assert "&lt;img src=x&gt;" in html


def test_nobody_can_type_a_link_of_ours(world):
    row = decide(world, "decline", reason="See \ue000 and \uf8ff here.")

    assert "See  and  here." in letter(world, row).text


def test_a_link_the_customer_typed_is_no_link_in_our_mail(world):
    paper = letter(world, decide(world, "decline", reason="See https://evil.example/ please"))

    assert 'href="https://evil.example' not in paper.html


def test_the_last_link_becomes_a_button(world):
    paper = letter(world, decide(world, "approve"))

    request = requests.for_customer(world.session, world.customer.id)[0]
    url = f"/p/acme/requests/{request.ref}"
    assert "See the request:\nhttp://127.0.0.1:8000" + url in paper.text
    assert paper.html.count(url) == 1
    assert ">See the request</a>" in paper.html


@pytest.mark.feature(120)
@pytest.mark.parametrize("change", [{"portal_enabled": False}, {"plan": "basic"}])
def test_no_mail_leads_to_a_portal_that_is_shut(world, change):
    row = decide(world, "approve")
    for name, value in change.items():
        setattr(company(world), name, value)

    assert "/p/acme" not in letter(world, row).html


def test_no_mail_leads_a_customer_to_where_they_may_not_go(world):
    row = decide(world, "approve")
    customer(world).access = "none"

    assert "/p/acme" not in letter(world, row).text


def test_one_click_answers_lead_to_their_step(world):
    row = decide(world, "approve")
    row.payload = {**row.payload, "actions": ["decline"]}
    own_words(
        world, row, email={"en": in_words("S", "No: {{action.decline}} or {{action.approve}}.")}
    )

    paper = letter(world, row)

    assert "/decline" in paper.text
    assert "/approve" not in paper.text
    assert ">Decline</a>" in paper.html
