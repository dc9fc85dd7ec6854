"""Messages shown before they go out, exactly as they would, and sent to an owner as a test."""

from dataclasses import replace

import pytest

from app import clock, site
from app.errors import Conflict, Invalid
from app.models import OutboxMessage, Staff
from app.services import message_examples, message_list, message_previews
from app.services.message_examples import Wanted
from app.services.message_lengths import measure
from app.services.message_sources import HOUSE, Text, of_definition
from app.services.messages import Unwritten
from tests.services.messaging import JANUARY, company, decide, letter, write
from tests.services.wording import SIGN_IN, keep, shown, source
from workflows import library, versions


@pytest.fixture(autouse=True)
def _january():
    with clock.freeze(JANUARY):
        yield
    versions.forget()


# How they look


@pytest.mark.feature("D17")
def test_who_reads_a_missing_language_gets_the_companys_then_english(world):
    keep(world, email_subject_es="", email_body_es="")
    found = source(world)

    assert found.fallback("email", "es", company(world))[0] == "en"
    company(world).language = "de"
    assert found.fallback("email", "es", company(world))[0] == "de"
    assert shown(world, found, language="es").language == "de"


def test_an_example_is_shown_exactly_as_it_would_go_out(world):
    paper = shown(world, source(world), language="de")

    assert paper.subject == "Ihre Anfrage R-1042 ist angenommen"
    assert "Guten Tag Olive" in paper.text
    assert "Reparatur eines Wasserhahns" in paper.text
    assert "Anfrage ansehen" in paper.html


def test_a_real_record_is_shown_and_no_link_of_it_leads_anywhere(world):
    row = decide(world, "decline", reason="That is too far away.")

    paper = shown(world, source(world, key="booking.declined"), record=row.subject_id)

    assert "That is too far away." in paper.text
    assert "Rosenweg 3, Ulm" in paper.text
    assert f"{site.current().public_url}/#test" in paper.text
    assert "/p/acme/" not in paper.text + paper.html


@pytest.mark.feature("C01")
def test_no_record_of_another_company_can_be_shown(world, stranger):
    theirs = stranger.enter() and stranger.hand_in()
    stranger.session.flush()
    world.enter()

    with pytest.raises(Invalid):
        shown(world, source(world), record=theirs.id)
    assert message_examples.records(world.session, source(world), company(world)) == []


def test_an_example_of_an_estimate_has_its_number_and_its_price(world):
    definition = library.definition("estimate")
    found = of_definition(definition, "estimate", "estimate.sent", 0)

    paper = shown(world, found, language="de")

    assert paper.subject == "Angebot E-42: 119,00 €"
    assert "Ja: Annehmen" in paper.text.replace(f"{site.current().public_url}/#test", "Annehmen")


@pytest.mark.parametrize("key", ["portal.sign_in_link", "staff.invitation", "news"])
def test_house_messages_are_shown_with_a_link_that_opens_nothing(world, key):
    paper = shown(world, source(world, HOUSE, key))

    assert paper.subject
    assert "/enter/" not in paper.text
    assert "http" not in paper.text.replace(f"{site.current().public_url}/#test", "")


def test_every_message_of_every_workflow_can_be_shown_in_every_language(world):
    for group in message_list.groups(world.session, world.owner):
        for line in group.lines:
            for code in line.codes:
                for channel in ("email", "sms"):
                    paper = shown(world, line.source, channel, code)
                    assert paper.language == code
                    assert "{{" not in paper.subject + paper.text + paper.html
                    assert "  " not in paper.text.replace("-- ", "")


@pytest.mark.parametrize(
    ("text", "letters", "parts"),
    [("", 0, 0), ("a" * 160, 160, 1), ("a" * 161, 161, 2), ("€" * 80, 160, 1), ("a" * 307, 307, 3),
     ("я" * 70, 70, 1), ("я" * 71, 71, 2), ("🙂" * 35, 70, 1), ("ñü" * 80, 160, 1)],
)  # fmt: skip
def test_an_sms_is_counted_as_the_network_counts(text, letters, parts):
    length = measure(text)

    assert (length.letters, length.parts) == (letters, parts)


# Sent as a test


def send_test(world, found, channel="email", language="en", **text):
    words = (language, replace(found.text(channel, language) or Text(), **text))
    return message_previews.send_test(
        world.session, world.owner, found, Wanted(channel, language), words, clock.now()
    )


def test_a_test_goes_to_the_owner_with_what_is_typed_and_opens_nothing(world):
    row = send_test(world, source(world), body="Only typed, {{customer.first_name}}.")

    paper = letter(world, row)

    assert paper.to == "owner@acme.example"
    assert paper.subject.startswith("[Test] ")
    assert "Only typed, Olive." in paper.text
    assert "/p/acme" not in paper.text


def test_a_test_of_the_sign_in_mail_lets_nobody_in(world):
    paper = letter(world, send_test(world, source(world, HOUSE, SIGN_IN)))

    assert "/enter/" not in paper.text + paper.html
    assert "000000" in paper.text


def test_a_test_by_sms_goes_to_the_owners_phone(world):
    found = source(world)
    with pytest.raises(Conflict):
        send_test(world, found, "sms", body="Come")
    world.session.get_one(Staff, world.owner.id).phone = "+49 731 123456"

    said = write(world, send_test(world, found, "sms", body="Come"), sms_works=True).said

    assert (said.channel, said.to) == ("sms", "+49731123456")
    assert said.text.startswith("[Test] Come")


def test_where_no_sms_can_go_a_test_says_so(world):
    world.session.get_one(Staff, world.owner.id).phone = "+49 731 123456"

    row = send_test(world, source(world), "sms", body="Come")

    assert write(world, row, sms_works=False) == Unwritten(message_previews.NO_SMS)


def test_a_test_is_a_promise_like_any_other(world):
    row = send_test(world, source(world))

    assert isinstance(row, OutboxMessage)
    assert (row.topic, row.recipient) == ("message", world.owner.ref)
