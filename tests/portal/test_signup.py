"""Create Account Now: off, open, or with somebody of the staff in between."""

import pytest
from sqlalchemy import select

from app import clock
from app.models import Company, Customer, OutboxMessage, SignInLink
from app.services import links, messages, signups
from tests.harness.pages import Page
from tests.portal import doors

pytestmark = pytest.mark.feature(175, "C8")
FORM = {"name": "Nora New", "email": "nora@new.example", "street": "Weg 1", "city": "Ulm"}


@pytest.fixture
def opened(world):
    """The company lets anybody sign up at once."""
    return allow(world, "open")


def allow(world, signup):
    world.enter().get_one(Company, world.company_id).signup = signup
    world.session.commit()
    return world


def sign_up(client, world, **changes):
    page = client.page(f"/p/{world.slug}/signup")
    return client.submit(page, "Create my account", **{**FORM, **changes})


def mailed_path(world):
    return f"/p/{world.slug}/signup/{links.token_of(doors.newest_link(world, links.SIGN_UP))}"


def nora(world):
    rows = world.enter().scalars(select(Customer).where(Customer.email == FORM["email"]))
    return rows.one_or_none()


def confirm(client, world):
    return client.submit(client.page(mailed_path(world)), "Continue")


def test_off_hides_the_page_and_the_link_to_it(world, client):
    assert client.get(f"/p/{world.slug}/signup").status_code == 404
    assert client.post(f"/p/{world.slug}/signup", data=FORM).status_code in (400, 404)
    assert "Create Account Now" not in client.page(f"/p/{world.slug}/login").text


@pytest.mark.feature(174)
def test_the_front_page_leads_to_the_form(opened, client):
    login = client.page(f"/p/{opened.slug}/login")

    assert login.link("Create Account Now") == f"/p/{opened.slug}/signup"


def test_nothing_counts_before_the_mailed_link_is_used(opened, client):
    answer = sign_up(client, opened)

    row = nora(opened)
    assert answer.status_code == 303
    assert (row.archived_at is not None, row.access, row.signed_up_at) == (True, "none", None)
    assert not row.can_sign_in()
    assert Page(client.get(mailed_path(opened))).has_button("Continue")
    assert nora(opened).signed_up_at is None


def test_the_mailed_link_lets_a_new_customer_in(opened, client):
    sign_up(client, opened)

    answer = confirm(client, opened)

    row = nora(opened)
    assert answer.status_code == 303
    assert (row.archived_at, row.access, row.locations[0].street) == (None, "full", "Weg 1")
    assert row.signed_up_at is not None
    assert client.get(f"/p/{opened.slug}/jobs").status_code == 200
    assert client.get(f"/p/{opened.slug}/requests/new").status_code == 200
    assert client.get(mailed_path(opened)).status_code == 410


def test_the_mail_says_what_to_do(opened, client):
    sign_up(client, opened)

    row = opened.enter().scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    written = messages.write(opened.session, row, sms_works=False)

    assert isinstance(written, messages.Written)
    assert written.said.to == FORM["email"]
    assert f"/p/{opened.slug}/signup/" in written.paper.text


def test_the_answer_is_the_same_for_an_address_that_is_known(opened, client, new_client):
    fresh = sign_up(client, opened)
    known = sign_up(new_client(), opened, email=doors.EMAIL)

    assert (fresh.status_code, fresh.headers["Location"]) == (
        known.status_code, known.headers["Location"],
    )  # fmt: skip
    newest = opened.enter().scalars(select(SignInLink).order_by(SignInLink.id.desc())).first()
    assert (newest.purpose, newest.customer_id) == (links.PORTAL, opened.customer.id)
    assert len(opened.session.scalars(select(Customer)).all()) == 2


def test_a_second_try_before_the_first_was_confirmed_takes_its_place(opened, client):
    sign_up(client, opened)
    old = mailed_path(opened)
    sign_up(client, opened, name="Nora Newer")

    assert nora(opened).name == "Nora Newer"
    assert client.get(old).status_code == 410
    assert confirm(client, opened).status_code == 303


def test_what_is_missing_is_said_at_its_field(opened, client):
    answer = sign_up(client, opened, name="", email="nora")

    page = Page(answer)
    assert answer.status_code == 422
    assert "Please fill this in." in page.text
    assert "This is not a full mail address" in page.text
    assert 'value="Weg 1"' in answer.text


def test_a_machine_that_fills_in_everything_is_answered_and_forgotten(opened, client):
    answer = sign_up(client, opened, website="https://spam.example")

    assert answer.status_code == 303
    assert nora(opened) is None


def test_with_approval_staff_lets_the_person_in_and_mails_a_link(world, client):
    allow(world, "approval_needed")
    sign_up(client, world)

    answer = confirm(client, world)
    assert "writes to you as soon as your account is open" in answer.text
    assert client.get(f"/p/{world.slug}/jobs").status_code == 303
    id_ = nora(world).id
    signups.accept(world.session, world.dispatcher, id_, at=clock.now())
    world.session.commit()

    assert nora(world).lead_outcome == "won"
    client.submit(client.page(doors.path_of(doors.newest_link(world), world)), "Continue")
    assert client.get(f"/p/{world.slug}/jobs").status_code == 200


def test_another_companys_link_opens_nothing_here(opened, stranger, client):
    allow(stranger, "open")
    opened.enter()
    sign_up(client, opened)
    token = mailed_path(opened).rsplit("/", 1)[1]

    assert client.get(f"/p/{stranger.slug}/signup/{token}").status_code == 410
