"""Takes a customer through the portal's door in tests, by what a mail would hold."""

from datetime import datetime

from sqlalchemy import Select, select

from app import clock
from app.models import Customer, SignInLink, WebSession
from app.services import access, links
from tests.harness.clients import Client
from tests.harness.world import World

EMAIL = "carla@customer.example"


def ask(client: Client, world: World, email: str = EMAIL, **fields: str):
    """Type an address into the sign-in page and send it."""
    page = client.page(f"/p/{world.slug}/login")
    return client.submit(page, "Send me a link", email=email, **fields)


def newest_link(world: World, purpose: str = links.PORTAL) -> SignInLink:
    """Return the link made last."""
    statement = select(SignInLink).where(SignInLink.purpose == purpose)
    found = world.enter().scalars(statement.order_by(SignInLink.id.desc())).first()
    assert found is not None
    return found


def path_of(link: SignInLink, world: World) -> str:
    """Return the address in the mail, without the host."""
    return f"/p/{world.slug}/enter/{links.token_of(link)}"


def mailed_path(client: Client, world: World, **fields: str) -> str:
    """Ask for a link and return where it leads."""
    ask(client, world, **fields)
    return path_of(newest_link(world), world)


def sign_in(client: Client, world: World) -> None:
    """Leave the client signed in as the world's customer."""
    answer = client.submit(client.page(mailed_path(client, world)), "Continue")
    assert answer.status_code == 303, answer.text


def customer(world: World) -> Customer:
    """Return the world's customer, read anew."""
    return world.enter().get_one(Customer, world.customer.id)


def live_sessions(world: World) -> list[WebSession]:
    """Return the customers' sessions that have not been ended."""
    statement = select(WebSession).where(
        WebSession.customer_id.is_not(None), WebSession.ended_at.is_(None)
    )
    return list(world.enter().scalars(statement))


def is_signed_in(client: Client, world: World) -> bool:
    """Return True when the door lets the client pass without asking."""
    return client.get(f"/p/{world.slug}/login").location == f"/p/{world.slug}/"


def portal_links() -> Select[SignInLink]:
    """Return the statement for the customers' links, oldest first."""
    return select(SignInLink).where(SignInLink.purpose == links.PORTAL).order_by(SignInLink.id)


def sent_by_staff(world: World) -> str:
    """Have staff send a link and return where it leads."""
    world.enter()
    assert world.customer.id is not None
    link = access.resend(world.session, world.customer.id, world.owner, at=clock.now())
    return path_of(link, world)


def seen_at(world: World) -> datetime:
    """Return when the customer's only session was last seen."""
    return (
        world.enter()
        .scalars(select(WebSession).where(WebSession.customer_id.is_not(None)))
        .one()
        .seen_at
    )


def own_token(client: Client) -> dict[str, str]:
    """Return what a form of ours sends to show that it is ours."""
    value = client.page("/p/acme/login").form("Send me a link").value("csrf_token")
    return {"csrf_token": value or ""}
