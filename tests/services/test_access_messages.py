"""Messages that let somebody in: the link, the code, the warning, and what is never kept."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from app import clock, site
from app.models import OutboxMessage, SignInLink, Staff
from app.services import access, links, message_layout
from app.services.messages import Unwritten
from tests.services.messaging import (
    JANUARY,
    customer,
    letter,
    promise_about,
    write,
)
from workflows import versions


@pytest.fixture(autouse=True)
def _january():
    with clock.freeze(JANUARY):
        yield
    versions.forget()  # some tests reword theirs


@pytest.mark.feature(126, 129, 134)
@pytest.mark.parametrize(
    ("language", "warning"),
    [("en", "like a password"), ("es", "como una contraseña"), ("de", "wie ein Passwort")],
)
def test_a_link_in_comes_with_its_code_its_end_and_a_warning(world, language, warning):
    customer(world).language = language
    access.ask(world.session, "carla@customer.example", "browser", at=clock.now(), target=None)
    row = promise_about(world, "customer", world.customer.id)

    paper = letter(world, row)

    link = world.session.scalars(select(SignInLink)).all()[-1]
    for part in (links.token_of(link), links.code_of(link) or "?", "9:15", warning):
        assert part in paper.text
        assert part in paper.html


@pytest.mark.feature(134)
def test_what_is_kept_of_a_link_lets_nobody_in(world):
    access.ask(world.session, "carla@customer.example", "browser", at=clock.now(), target=None)
    row = promise_about(world, "customer", world.customer.id)
    link = world.session.scalars(select(SignInLink)).all()[-1]

    kept = write(world, row).said

    assert links.token_of(link) not in kept.text + kept.subject
    assert str(links.code_of(link)) not in kept.text + kept.subject
    assert "•••" in kept.text


@pytest.mark.feature(130)
def test_a_link_goes_to_the_address_it_was_made_for(world):
    access.resend(world.session, world.customer.id, world.owner, at=clock.now())
    customer(world).email = "new@customer.example"

    row = promise_about(world, "customer", world.customer.id)

    assert letter(world, row).to == "carla@customer.example"


def test_a_link_staff_sent_has_no_code(world):
    access.resend(world.session, world.customer.id, world.owner, at=clock.now())

    paper = letter(world, promise_about(world, "customer", world.customer.id))

    assert "code" not in paper.text.lower()


def test_an_invitation_leads_to_a_password(world):
    person = world.session.get_one(Staff, world.technician.id)
    access.invite_staff(world.session, person, at=clock.now())

    paper = letter(world, promise_about(world, "staff", person.id))

    assert paper.to == "technician@acme.example"
    assert "/admin/invite/acme/" in paper.text
    assert "Choose a password" in paper.html


@pytest.mark.feature("D25")
def test_the_old_address_is_told_of_the_new_one(world):
    person = customer(world)
    person.email = "new@customer.example"
    access.change_address(world.session, person, "carla@customer.example", at=clock.now())
    rows = world.session.scalars(
        select(OutboxMessage).where(OutboxMessage.subject == "customer")
    ).all()
    row = next(row for row in rows if row.payload["message"] == "portal.address_changed")

    paper = letter(world, row)

    assert paper.to == "carla@customer.example"
    assert "new@customer.example" not in paper.text


def test_after_our_secret_changed_staff_are_told_to_send_a_fresh_link(world, monkeypatch):
    access.resend(world.session, world.customer.id, world.owner, at=clock.now())
    row = promise_about(world, "customer", world.customer.id)
    changed = replace(site.current(), secrets=("another secret",))
    monkeypatch.setattr(site, "_site", changed)

    assert write(world, row) == Unwritten(message_layout.SECRET_CHANGED)
