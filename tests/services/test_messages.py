"""Messages as their readers get them: whose words, which language, what is left out."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.models import Event, Job, KeptMail
from app.services import messages, requests
from tests.services.messaging import (
    JANUARY,
    company,
    customer,
    decide,
    in_words,
    letter,
    own_words,
    promise,
    write,
)
from workflows import versions

REASON = "Sorry, this is outside our area."


@pytest.fixture(autouse=True)
def _january():
    with clock.freeze(JANUARY):
        yield
    versions.forget()  # some tests reword theirs


@pytest.mark.feature(103, 105, 107)
def test_the_approval_says_that_a_job_was_made_and_will_be_scheduled(world):
    paper = letter(world, decide(world, "approve"))

    assert "approved" in paper.subject
    assert "a job has been created and will be scheduled" in paper.text
    assert paper.to == "carla@customer.example"
    assert "Rosenweg 3, Ulm" in paper.text


@pytest.mark.feature(81, 82, 104, 107)
def test_the_decline_says_why_in_the_very_words(world):
    paper = letter(world, decide(world, "decline", reason=REASON))

    assert "was reviewed and could not be fulfilled" in paper.text
    assert REASON in paper.text
    assert REASON in paper.html


@pytest.mark.feature(83)
def test_the_companys_instructions_come_with_a_decline(world):
    company(world).decline_instructions = {"en": "Please call us instead."}

    assert "Please call us instead." in letter(world, decide(world, "decline", reason=REASON)).text


@pytest.mark.feature(69, 108)
@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "was approved"), ("es", "se ha aprobado"), ("de", "ist angenommen")],
)
def test_a_customer_reads_their_own_language(world, language, words):
    customer(world).language = language

    written = write(world, decide(world, "approve"))

    assert words in written.paper.text
    assert written.said.language == written.paper.language == language


@pytest.mark.feature("D17")
@pytest.mark.parametrize(
    ("there", "chosen"),
    [(["es", "de", "en"], "es"), (["de", "en"], "de"), (["en"], "en")],
)
def test_a_missing_language_falls_back_to_the_companys_then_to_english(world, there, chosen):
    customer(world).language, company(world).language = "es", "de"
    row = decide(world, "approve")
    own_words(world, row, email={name: in_words(f"in {name}") for name in there})

    written = write(world, row)

    assert (written.paper.subject, written.said.language) == (f"in {chosen}", chosen)


@pytest.mark.feature("D17")
def test_with_no_words_that_anybody_reads_ours_go_out_in_english(world):
    row = decide(world, "approve")
    own_words(world, row, email={"fr": in_words()})

    written = write(world, row)

    assert "there is news about" in written.paper.text
    assert written.said.language == "en"


@pytest.mark.feature("D17")
@pytest.mark.parametrize("blank", ["{{input.nothing}}", " {{job.completed_at}} "])
def test_no_mail_is_empty(world, blank):
    row = decide(world, "approve")
    own_words(world, row, email={"en": in_words("Subject", blank)})

    assert "there is news about" in letter(world, row).text


@pytest.mark.feature("D18")
def test_times_are_the_companys_and_say_so(world):
    row = decide(world, "approve", date="2030-01-05", start_time="10:00", end_time="12:00")
    own_words(world, row, email={"en": in_words("{{job.starts_at}}")})

    paper = letter(world, row)

    assert paper.subject == "Saturday 5 January 2030, 10:00 (Berlin time)"
    assert "Appointment: Saturday 5 January 2030, 10:00–12:00 (Berlin time)" in paper.text


@pytest.mark.feature("D22", 147)
def test_customers_read_no_more_than_a_technicians_first_name(world):
    row = decide(world, "approve", date="2030-01-05", start_time="10:00", end_time="12:00")
    job = world.session.scalars(select(Job)).one()
    job.technician_id = world.technician.id
    event = world.session.scalars(select(Event).where(Event.seq == row.payload["seq"])).first()
    event.actor_name, event.actor_role = "Technician Doe", "technician"
    own_words(
        world, row, email={"en": in_words("{{actor.name}}", "{{job.technician}} {{actor.name}}")}
    )

    paper = letter(world, row)

    assert "Technician: Technician\n" in paper.text
    assert "Doe" not in paper.text + paper.html + paper.subject


def test_staff_read_the_whole_name(world):
    row = decide(world, "approve")
    event = world.session.scalars(select(Event).where(Event.seq == row.payload["seq"])).first()
    event.actor_name, event.actor_role = "Technician Doe", "technician"
    row.recipient = f"staff:{world.owner.id}"
    own_words(world, row, email={"en": in_words("{{actor.name}}")})

    assert letter(world, row).subject == "Technician Doe"


@pytest.mark.feature(109)
def test_the_office_reads_who_asked_for_what_and_how_to_reach_them(world):
    customer(world).phone = "+49 731 123456"
    row = decide(world, "approve")
    row.recipient = f"staff:{world.owner.id}"

    text = letter(world, row).text

    for known in ("Carla Customer", "+49 731 123456", "carla@customer.example", "kitchen tap"):
        assert known in text
    assert "/admin/requests/" in text


@pytest.mark.feature(109)
def test_the_companys_own_address_gets_its_copy(world):
    company(world).email = "office@acme.example"
    row = decide(world, "approve")
    row.recipient = f"company:{world.company_id}"

    assert letter(world, row).to == "office@acme.example"


def test_a_company_without_an_address_gets_its_copy_through_its_owner(world):
    row = decide(world, "approve")
    row.recipient = f"company:{world.company_id}"

    assert letter(world, row).to == "owner@acme.example"


@pytest.mark.feature(110)
def test_on_submission_the_customer_reads_what_they_sent(world):
    world.hand_in()
    request = requests.for_customer(world.session, world.customer.id)[0]
    row = promise(
        world, "booking.received", f"customer:{world.customer.id}", subject="request",
        subject_id=request.id,
        payload={"version_id": request.workflow_version_id, "seq": 1},
    )  # fmt: skip

    text = letter(world, row).text

    assert "Address: Rosenweg 3, Ulm" in text
    assert "Description: The kitchen tap drips since Sunday." in text


def test_a_letter_is_kept_once(world):
    paper = letter(world, decide(world, "approve"))

    for _ in range(2):
        messages.keep(world.session, paper)
        world.session.flush()

    [kept] = world.session.scalars(select(KeptMail)).all()
    assert (kept.to, kept.subject, kept.text) == (paper.to, paper.subject, paper.text)


def test_a_brand_colour_is_readable(world):
    company(world).brand = "#ffee00"

    html = letter(world, decide(world, "approve")).html

    assert "background:#ffee00" in html
    assert "color:#000000" in html


def test_wishes_are_said_as_days(world):
    soon = (JANUARY + timedelta(days=3)).date().isoformat()
    request = world.hand_in(date_1=soon)
    row = promise(
        world, "booking.received", f"customer:{world.customer.id}", subject="request",
        subject_id=request.id, payload={"version_id": request.workflow_version_id, "seq": 1},
    )  # fmt: skip

    assert "Preferred: Saturday 5 January 2030" in letter(world, row).text
