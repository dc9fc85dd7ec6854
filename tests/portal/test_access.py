"""The portal's door: links, used once, by the right person, for a short time."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.models import OutboxMessage, SignInLink
from app.services import links
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


@pytest.mark.feature("A09", 131)
def test_known_and_unknown_addresses_are_answered_alike(client, world, new_client):
    known, unknown = new_client(), new_client()

    answers = [doors.ask(known, world), doors.ask(unknown, world, email="carlo@customer.example")]

    first, second = answers
    assert first.data == second.data
    assert (first.status_code, first.location) == (second.status_code, second.location)
    assert [name for name, _ in first.headers] == [name for name, _ in second.headers]
    assert (
        len(
            world.enter()
            .scalars(select(SignInLink).where(SignInLink.customer_id.is_not(None)))
            .all()
        )
        == 1
    )


@pytest.mark.feature("A09")
@pytest.mark.parametrize("change", [{"access": "none"}, {"archived_at": clock.now()}])
def test_a_customer_without_access_is_answered_alike_and_gets_nothing(client, world, change):
    for name, value in change.items():
        setattr(doors.customer(world), name, value)

    answer = doors.ask(client, world)

    assert answer.status_code == 303
    assert world.enter().scalars(doors.portal_links()).all() == []


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
    promise = (
        world.enter()
        .scalars(select(OutboxMessage).where(OutboxMessage.key == f"link-{link.id}"))
        .one()
    )
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


def test_a_link_lands_on_the_page_it_was_asked_for(client, world):
    target = f"/p/{world.slug}/requests/new"
    path = doors.mailed_path(client, world, next=target)

    assert client.submit(client.page(path), "Continue").location == target


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/admin/",
        "/p/acme/../../admin/",
        "/p/acme/\\evil",
    ],
)
def test_a_link_leads_to_no_other_place(client, world, target):
    path = doors.mailed_path(client, world, next=target)

    assert client.submit(client.page(path), "Continue").location == f"/p/{world.slug}/"


@pytest.mark.feature(134)
def test_the_pages_say_that_a_link_is_like_a_password(client, world):
    assert "like a password" in client.get(f"/p/{world.slug}/login").text
    assert "like a password" in client.get(doors.mailed_path(client, world)).text
