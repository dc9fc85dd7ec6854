"""The staff's door: passwords, invitations, resets, and who is shut out."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.models import Company, SignInLink, Staff, WebSession
from app.services import links, passwords, staff_members
from tests.harness.clients import Client
from tests.harness.pages import Page
from tests.harness.world import PASSWORD, World, make_world


def sign_in(client: Client, email: str, password: str = PASSWORD):
    return client.submit(client.page("/admin/login"), "Sign in", email=email, password=password)


def is_in(client: Client) -> bool:
    return client.get("/admin/login").location == "/admin/"


def staff(world: World, role: str = "dispatcher") -> Staff:
    return world.enter().scalars(select(Staff).where(Staff.role == role)).one()


def link_path(world: World, purpose: str) -> str:
    statement = select(SignInLink).where(SignInLink.purpose == purpose)
    link = world.enter().scalars(statement.order_by(SignInLink.id.desc())).first()
    assert link is not None
    return f"/admin/{purpose}/{world.slug}/{links.token_of(link)}"


def test_the_right_password_opens_the_door(client, world):
    answer = sign_in(client, "dispatcher@acme.example")

    assert (answer.status_code, answer.location) == (303, "/admin/")
    assert is_in(client)


def test_nobody_gets_to_staff_pages_without_signing_in(client, world):
    assert client.get("/admin/").location == "/admin/login?next=%2Fadmin%2F"
    program = client.get("/admin/", headers={"Accept": "application/json"})
    assert (program.status_code, program.json["error"]["code"]) == (401, "sign_in_needed")


@pytest.mark.feature("A09")
def test_wrong_and_unknown_are_answered_in_the_same_words(client, world):
    wrong = sign_in(client, "dispatcher@acme.example", "not it")
    unknown = sign_in(client, "dispatchex@acme.example", "not it")

    assert wrong.status_code == unknown.status_code == 422
    assert Page(wrong).text == Page(unknown).text
    assert len(wrong.data) == len(unknown.data)
    assert not is_in(client)


@pytest.mark.feature("A09")
def test_an_unknown_address_costs_as_much_thinking_as_a_known_one(client, world, monkeypatch):
    asked: list[str | None] = []

    def note(stored: str | None) -> bool:
        asked.append(stored)
        return False

    monkeypatch.setattr(passwords, "fits", lambda stored, typed: note(stored))

    sign_in(client, "somebody@acme.example")
    sign_in(client, "dispatcher@acme.example")

    assert len(asked) == 2
    assert asked[0] is None


def test_after_ten_wrong_passwords_one_has_to_wait(client, world):
    for _ in range(10):
        sign_in(client, "dispatcher@acme.example", "guess")

    answer = sign_in(client, "dispatcher@acme.example")

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "900"
    assert sign_in(client, "technician@acme.example").status_code == 303


def test_right_passwords_do_not_count_as_tries(client, world, new_client):
    for _ in range(12):
        assert sign_in(new_client(), "dispatcher@acme.example").status_code == 303


def test_somebody_at_two_companies_chooses_one(client, session):
    make_world(session)
    other = make_world(session, "other")
    other.enter().scalars(
        select(Staff).where(Staff.role == "owner")
    ).one().email = "both@acme.example"
    first = make_world(session, "third")
    first.enter().scalars(
        select(Staff).where(Staff.role == "owner")
    ).one().email = "both@acme.example"

    choice = sign_in(client, "both@acme.example")
    assert "Other Plumbing" in choice.text
    assert not is_in(client)
    client.submit(choice, "Third Plumbing")

    assert is_in(client)
    row = first.enter().scalars(select(WebSession)).one()
    assert row.company_id == first.company_id


def test_a_choice_of_company_can_not_be_made_up(client, world):
    page = client.page("/admin/login")
    token = page.form("Sign in").value("csrf_token")

    client.post("/admin/login/company", data={"csrf_token": token, "place": "[1, 1]"})

    assert not is_in(client)


def test_an_invitation_lets_its_person_choose_a_password_once(client, world, new_client):
    _invite(world)
    path = link_path(world, links.INVITE)
    new_client().head(path)

    page = client.page(path)
    assert "Welcome to Acme Plumbing" in page.text
    answer = client.submit(page, "Keep it and sign in", password="a few unusual words")

    assert answer.location == "/admin/"
    assert is_in(client)
    assert client.get(path).status_code == 410
    assert sign_in(new_client(), "new@acme.example", "a few unusual words").status_code == 303


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaa", "password1234", "new@acme.example"])
def test_an_easy_password_is_refused_and_the_link_stays_good(client, world, password):
    _invite(world)
    path = link_path(world, links.INVITE)

    answer = client.submit(client.page(path), "Keep it and sign in", password=password)

    assert answer.status_code == 422
    assert client.get(path).status_code == 200


def test_an_invitation_ends_after_a_week(client, world):
    _invite(world)

    with clock.freeze(clock.now() + timedelta(days=7, seconds=1)):
        assert client.get(link_path(world, links.INVITE)).status_code == 410


def test_a_forgotten_password_is_replaced_and_ends_every_session(client, world, new_client):
    thief = new_client()
    sign_in(thief, "dispatcher@acme.example")
    client.submit(client.page("/admin/forgot"), "Send me a link", email="dispatcher@acme.example")

    page = client.page(link_path(world, links.RESET))
    client.submit(page, "Keep it and sign in", password="a few unusual words")

    assert is_in(client)
    assert not is_in(thief)
    assert sign_in(new_client(), "dispatcher@acme.example").status_code == 422


@pytest.mark.feature("A09")
def test_asking_for_a_reset_is_answered_alike_for_anybody(client, world):
    page = client.page("/admin/forgot")
    known = client.submit(page, "Send me a link", email="dispatcher@acme.example")
    unknown = client.submit(page, "Send me a link", email="dispatchex@acme.example")

    assert Page(known).text == Page(unknown).text
    assert len(known.data) == len(unknown.data)
    made = world.enter().scalars(select(SignInLink).where(SignInLink.purpose == links.RESET)).all()
    assert len(made) == 1


@pytest.mark.feature("B01")
@pytest.mark.parametrize("change", ["disable", "email", "sign out", "everywhere", "company"])
def test_a_copied_cookie_is_worth_nothing_afterwards(client, world, new_client, change):
    sign_in(client, "dispatcher@acme.example")
    thief = new_client()
    thief.set_cookie("callout_staff", client.get_cookie("callout_staff").value)
    assert is_in(thief)

    if change == "disable":
        member = staff(world)
        staff_members.disable(world.session, world.owner, member.id, at=clock.now())
    elif change == "email":
        staff(world).email = "else@acme.example"
    elif change == "company":
        world.enter().get_one(Company, world.company_id).closed_at = clock.now()
    else:
        _sign_out(client, everywhere=change == "everywhere")

    assert not is_in(thief)
    answer = thief.get("/admin/", headers={"Accept": "application/json"})
    assert answer.status_code == 401


def test_signing_out_everywhere_ends_other_browsers(client, world, new_client):
    other = new_client()
    sign_in(other, "dispatcher@acme.example")
    sign_in(client, "dispatcher@acme.example")

    _sign_out(client, everywhere=True)

    assert not is_in(other)


@pytest.mark.feature("B02")
def test_staff_are_signed_out_after_half_a_day_without_a_page(client, world):
    sign_in(client, "dispatcher@acme.example")
    start = clock.now()

    with clock.freeze(start + timedelta(hours=11)):
        assert is_in(client)
    with clock.freeze(start + timedelta(hours=22)):
        assert is_in(client)
    with clock.freeze(start + timedelta(hours=35)):
        assert not is_in(client)


@pytest.mark.feature("B02")
def test_staff_sign_in_again_after_a_week_however_busy(client, world):
    sign_in(client, "dispatcher@acme.example")
    start = clock.now()

    for hours in range(10, 7 * 24, 10):
        with clock.freeze(start + timedelta(hours=hours)):
            assert is_in(client)
    with clock.freeze(start + timedelta(days=7, seconds=1)):
        assert not is_in(client)


def test_signing_in_goes_on_to_the_page_that_was_wanted(client, world):
    page = client.page("/admin/login?next=/admin/requests/")

    answer = client.submit(page, "Sign in", email="dispatcher@acme.example", password=PASSWORD)

    assert answer.location == "/admin/requests/"


def _invite(world: World) -> None:
    raw = {"name": "New Person", "email": "new@acme.example", "role": "office"}
    staff_members.invite(world.enter(), world.owner, raw, at=clock.now())


def _sign_out(client: Client, *, everywhere: bool) -> None:
    form = client.page("/admin/forgot").form("Send me a link")
    data = {"csrf_token": form.value("csrf_token"), **({"everywhere": "yes"} if everywhere else {})}
    client.post("/admin/logout", data=data)
