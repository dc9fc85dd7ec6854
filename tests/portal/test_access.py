"""The portal's door: links and codes, used once, by the right person, for a short time."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.models import Company, OutboxMessage, SignInLink, WebSession
from app.services import access, links
from tests.portal import doors


@pytest.mark.feature(126, 127)
def test_a_mailed_link_leads_to_the_portal_without_a_password(client, world):
    answer = client.submit(client.page(doors.mailed_path(client, world)), "Continue")

    assert (answer.status_code, answer.location) == (303, f"/p/{world.slug}/")
    assert doors.is_signed_in(client, world)


@pytest.mark.feature("D1", "A01", 128)
def test_looking_at_a_link_uses_nothing_up(client, world, new_client):
    path = doors.mailed_path(client, world)

    scanner = new_client()
    for _ in range(5):
        scanner.head(path)
        shown = scanner.get(path)

    assert "Continue as Carla Customer at Acme Plumbing" in shown.text
    assert doors.live_sessions(world) == []
    assert client.submit(client.page(path), "Continue").status_code == 303


@pytest.mark.feature(128, "A04")
def test_a_link_works_once(client, world, new_client):
    path = doors.mailed_path(client, world)
    stranger = new_client()
    page = stranger.page(path)
    client.submit(client.page(path), "Continue")

    answer = stranger.submit(page, "Continue")

    assert answer.status_code == 409
    assert "Send me a fresh link" in answer.text
    assert not doors.is_signed_in(stranger, world)
    assert len(doors.live_sessions(world)) == 1


@pytest.mark.feature("A04")
def test_a_used_link_lets_nobody_back_in_after_signing_out(client, world):
    path = doors.mailed_path(client, world)
    client.submit(client.page(path), "Continue")
    client.submit(f"/p/{world.slug}/enter/none", "Sign out")

    assert client.get(path).status_code == 410
    assert not doors.is_signed_in(client, world)


@pytest.mark.feature(129)
def test_a_link_that_was_asked_for_ends_after_a_quarter_of_an_hour(client, world):
    path = doors.mailed_path(client, world)

    with clock.freeze(clock.now() + timedelta(minutes=15, seconds=1)):
        assert client.get(path).status_code == 410


@pytest.mark.feature("D2")
def test_a_spent_link_offers_a_fresh_one_to_the_same_address(client, world):
    path = doors.mailed_path(client, world)
    client.submit(client.page(path), "Continue")
    client.delete_cookie(f"callout_p_{world.slug}")

    page = client.page(path)
    assert "c•••@customer.example" in page.text
    client.submit(page, "Send me a fresh link")

    fresh = doors.newest_link(world)
    assert doors.path_of(fresh, world) != path
    assert fresh.sent_to == doors.EMAIL
    assert client.submit(client.page(doors.path_of(fresh, world)), "Continue").status_code == 303


@pytest.mark.feature("D2")
def test_a_link_nobody_made_offers_the_sign_in_page(client, world):
    answer = client.get(f"/p/{world.slug}/enter/{'A' * 32}")

    assert answer.status_code == 410
    assert f'href="/p/{world.slug}/login"' in answer.text


@pytest.mark.feature(133, "A06")
def test_a_newer_link_ends_the_older(client, world):
    older = doors.mailed_path(client, world)
    newer = doors.mailed_path(client, world)

    assert client.get(older).status_code == 410
    assert client.get(newer).status_code == 200


@pytest.mark.feature(130, 184)
def test_a_link_opens_no_other_companys_portal(client, world, stranger):
    doors.ask(client, world)
    token = links.token_of(doors.newest_link(world))

    answer = client.get(f"/p/{stranger.slug}/enter/{token}")

    assert answer.status_code == 410
    assert "Carla" not in answer.text


@pytest.mark.feature(178, 184, 182)
def test_being_signed_in_at_one_company_means_nothing_at_another(client, world, stranger):
    doors.sign_in(client, world)
    cookie = client.get_cookie(f"callout_p_{world.slug}")
    client.set_cookie(f"callout_p_{stranger.slug}", cookie.value)

    assert not doors.is_signed_in(client, stranger)


@pytest.mark.feature(128)
def test_a_forged_cookie_lets_nobody_in(client, world):
    client.set_cookie(f"callout_p_{world.slug}", f"{world.company_id}.guess.guess")

    assert not doors.is_signed_in(client, world)


@pytest.mark.feature("A09", 131)
def test_known_and_unknown_addresses_are_answered_alike(client, world, new_client):
    known, unknown = new_client(), new_client()

    answers = [doors.ask(known, world), doors.ask(unknown, world, email="carlo@customer.example")]

    first, second = answers
    assert first.data == second.data
    assert (first.status_code, first.location) == (second.status_code, second.location)
    assert [name for name, _ in first.headers] == [name for name, _ in second.headers]
    assert len(world.enter().scalars(select(SignInLink).where(SignInLink.customer_id.is_not(None))).all()) == 1


@pytest.mark.feature("A09")
@pytest.mark.parametrize("change", [{"access": "none"}, {"archived_at": clock.now()}])
def test_a_customer_without_access_is_answered_alike_and_gets_nothing(client, world, change):
    for name, value in change.items():
        setattr(doors.customer(world), name, value)

    answer = doors.ask(client, world)

    assert answer.status_code == 303
    assert world.enter().scalars(_portal_links()).all() == []


@pytest.mark.feature("A09")
def test_what_is_no_address_is_said_at_once(client, world):
    answer = doors.ask(client, world, email="carla")

    assert answer.status_code == 422
    assert "This is not a full mail address" in answer.text
    assert 'value="carla"' in answer.text


@pytest.mark.feature(131)
def test_asking_promises_one_mail_that_names_the_link_only(client, world):
    doors.ask(client, world)

    link = doors.newest_link(world)
    promise = world.enter().scalars(
        select(OutboxMessage).where(OutboxMessage.key == f"link-{link.id}")
    ).one()
    assert promise.payload == {"message": "portal.sign_in_link", "link_id": link.id}
    assert promise.recipient == f"customer:{world.customer.id}"


@pytest.mark.feature("A12", "D3", 183)
def test_nothing_stored_lets_anybody_in(client, world):
    doors.ask(client, world)
    link = doors.newest_link(world)
    stored = " ".join(str(value) for value in vars(link).values())

    assert links.token_of(link) not in stored
    assert links.code_of(link) not in stored.split()
    for found in (link.token_digest, link.nonce, link.code_digest):
        assert client.get(f"/p/{world.slug}/enter/{found}").status_code == 410


@pytest.mark.feature("D3", "A10")
def test_no_more_than_ten_mails_an_hour_reach_a_mailbox(client, world, new_client):
    spellings = ["carla@customer.example", " Carla@Customer.Example ", "carla+1@customer.example"]
    for turn in range(30):
        browser = new_client()
        browser.environ_base["REMOTE_ADDR"] = f"10.0.0.{turn}"
        answer = doors.ask(browser, world, email=spellings[turn % 3])
        assert answer.status_code == 303

    made = world.enter().scalars(_portal_links()).all()
    assert 0 < len(made) <= 10
    assert client.get(doors.path_of(made[-1], world)).status_code == 200


@pytest.mark.feature("A10")
def test_the_limit_of_a_mailbox_ends_with_the_hour(client, world):
    for _ in range(12):
        doors.ask(client, world)
    world.enter().execute(
        SignInLink.__table__.update().values(created_at=clock.now() - timedelta(minutes=61))
    )
    client.application.extensions["callout_limits"]._shared.storage.reset()

    doors.ask(client, world)

    assert len(world.enter().scalars(_portal_links()).all()) == 11


@pytest.mark.feature("A10")
def test_forwarded_addresses_do_not_widen_the_limit_of_one_real_one(client, world, make_customers):
    for turn, email in enumerate(make_customers(25)):
        page = client.page(f"/p/{world.slug}/login")
        form = page.form("Send me a link")
        client.post(
            form.action, data=form.filled(email=email),
            headers={"X-Forwarded-For": f"203.0.113.{turn}"},
        )  # fmt: skip

    assert len(world.enter().scalars(_portal_links()).all()) == 20


@pytest.mark.feature("A11")
def test_the_six_digits_open_the_door_at_the_browser_that_asked(client, world):
    doors.ask(client, world)
    code = links.code_of(doors.newest_link(world))

    answer = client.submit(f"/p/{world.slug}/login/sent", "Continue", code=f"{code[:3]} {code[3:]}")

    assert answer.status_code == 303
    assert doors.is_signed_in(client, world)


@pytest.mark.feature("A11")
def test_the_six_digits_open_nothing_elsewhere(client, world, new_client):
    doors.ask(client, world)
    code = links.code_of(doors.newest_link(world))
    thief = new_client()
    doors.ask(thief, world, email="thief@customer.example")

    answer = thief.submit(f"/p/{world.slug}/login/sent", "Continue", code=code)

    assert answer.status_code == 422
    assert not doors.is_signed_in(thief, world)


@pytest.mark.feature("A11", "A09")
def test_after_five_wrong_codes_the_right_one_is_refused_in_the_same_words(client, world):
    doors.ask(client, world)
    code = links.code_of(doors.newest_link(world))
    wrong = "000000" if code != "000000" else "111111"
    pages = [client.submit(f"/p/{world.slug}/login/sent", "Continue", code=wrong) for _ in range(5)]

    answer = client.submit(f"/p/{world.slug}/login/sent", "Continue", code=code)

    assert answer.status_code == 422
    assert "This code does not fit" in answer.text
    assert all("This code does not fit" in page.text for page in pages)
    assert not doors.is_signed_in(client, world)


def test_a_link_lands_on_the_page_it_was_asked_for(client, world):
    target = f"/p/{world.slug}/requests/new"
    path = doors.mailed_path(client, world, next=target)

    assert client.submit(client.page(path), "Continue").location == target


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/admin/", "/p/acme/../../admin/", "/p/acme/\\evil"]
)
def test_a_link_leads_to_no_other_place(client, world, target):
    path = doors.mailed_path(client, world, next=target)

    assert client.submit(client.page(path), "Continue").location == f"/p/{world.slug}/"


@pytest.mark.feature("B01")
def test_signing_out_ends_the_session_and_not_only_the_cookie(client, world, new_client):
    doors.sign_in(client, world)
    stolen = client.get_cookie(f"callout_p_{world.slug}").value
    client.submit(f"/p/{world.slug}/enter/none", "Sign out")

    thief = new_client()
    thief.set_cookie(f"callout_p_{world.slug}", stolen)

    assert not doors.is_signed_in(thief, world)


@pytest.mark.feature("B01")
def test_signing_out_everywhere_ends_the_other_browsers_too(client, world, new_client):
    other = new_client()
    doors.sign_in(other, world)
    doors.sign_in(client, world)

    client.submit(f"/p/{world.slug}/enter/none", "Sign out everywhere")

    assert not doors.is_signed_in(other, world)


@pytest.mark.feature("B01", "D4", "D25", 120)
@pytest.mark.parametrize(
    ("field", "value"),
    [("access", "none"), ("archived_at", clock.now()), ("email", "new@customer.example")],
)
def test_a_change_of_the_record_ends_the_session_at_the_next_page(client, world, field, value):
    doors.sign_in(client, world)

    setattr(doors.customer(world), field, value)

    assert not doors.is_signed_in(client, world)


@pytest.mark.feature(119, 120, 121, 122, "D4")
def test_switching_the_portal_off_shuts_it_and_on_again_loses_nothing(client, world):
    doors.sign_in(client, world)
    path = _second_link(client, world)
    company = world.enter().get_one(Company, world.company_id)

    company.portal_enabled = False
    for address in (path, f"/p/{world.slug}/login", f"/p/{world.slug}/"):
        shut = client.get(address)
        assert (shut.status_code, "currently unavailable" in shut.text) == (503, True)

    world.enter().get_one(Company, world.company_id).portal_enabled = True
    assert doors.is_signed_in(client, world)


@pytest.mark.feature(125)
def test_the_portal_is_part_of_the_better_plans_only(client, world):
    world.enter().get_one(Company, world.company_id).plan = "basic"

    assert client.get(f"/p/{world.slug}/login").status_code == 503


@pytest.mark.feature("B02")
def test_a_session_ends_when_its_days_are_over(client, world):
    doors.sign_in(client, world)

    with clock.freeze(clock.now() + timedelta(days=29)):
        assert doors.is_signed_in(client, world)
    with clock.freeze(clock.now() + timedelta(days=30, seconds=1)):
        assert not doors.is_signed_in(client, world)


def test_a_page_is_written_down_as_seen_every_few_minutes_only(client, world):
    doors.sign_in(client, world)
    before = _seen_at(world)

    with clock.freeze(before + timedelta(minutes=4)):
        client.get(f"/p/{world.slug}/login")
    assert _seen_at(world) == before

    with clock.freeze(before + timedelta(minutes=6)):
        client.get(f"/p/{world.slug}/login")
    assert _seen_at(world) == before + timedelta(minutes=6)


def test_an_unknown_portal_is_not_found(client, world):
    assert client.get("/p/nobody/login").status_code == 404
    assert client.get("/p/nobody/").status_code == 404


def test_a_portal_that_moved_to_another_address_is_found_there_only(client, world):
    client.get(f"/p/{world.slug}/login")
    world.enter().get_one(Company, world.company_id).slug = "acme-new"

    assert client.get("/p/acme-new/login").status_code == 200
    assert client.get("/p/acme/login").status_code == 404


@pytest.mark.feature(134)
def test_the_pages_say_that_a_link_is_like_a_password(client, world):
    assert "like a password" in client.get(f"/p/{world.slug}/login").text
    assert "like a password" in client.get(doors.mailed_path(client, world)).text


def test_signing_in_twice_in_one_browser_leaves_one_session(client, world):
    doors.sign_in(client, world)
    second = _second_link(client, world)

    client.submit(client.page(second), "Continue")

    assert len(doors.live_sessions(world)) == 1


def _portal_links():
    return select(SignInLink).where(SignInLink.purpose == links.PORTAL).order_by(SignInLink.id)


def _second_link(client, world) -> str:
    world.enter()
    link = access.resend(world.session, world.customer.id, world.owner, at=clock.now())
    return doors.path_of(link, world)


def _seen_at(world):
    return world.enter().scalars(select(WebSession).where(WebSession.customer_id.is_not(None))).one().seen_at
