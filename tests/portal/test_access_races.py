"""The portal's door under pressure: many hands at once, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from app import clock
from app.db import db, transaction
from app.models import OutboxMessage, SignInLink
from app.services import access, links
from app.tenancy import enter_company
from tests.harness.clients import Client
from tests.harness.world import World
from tests.portal import doors

HANDS = 8


def at_once(count: int, do: Callable[[int], int]) -> list[int]:
    """Do something in so many threads, all let go together."""
    barrier = Barrier(count)

    def wait_and_do(number: int) -> int:
        barrier.wait()
        return do(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(wait_and_do, range(count)))


@pytest.mark.feature("A03", 128)
def test_of_many_who_press_continue_together_one_gets_in(world, new_client):
    first = new_client()
    for _ in range(3):
        path = doors.sent_by_staff(world)
        before = len(doors.live_sessions(world))
        pages = [_opened(new_client(), path) for _ in range(HANDS)]

        answers = at_once(HANDS, _press(pages))

        assert sorted(answers) == [303] + [409] * (HANDS - 1)
        assert len(doors.live_sessions(world)) == before + 1
    assert first.get(path).status_code == 410


@pytest.mark.feature("A06", 133)
def test_of_links_sent_at_once_the_newest_alone_works(app, world, client):
    world.enter().commit()

    def resend(number: int) -> int:
        with app.app_context():
            enter_company(db.session(), world.company_id)
            with transaction() as session:
                link = access.resend(session, world.customer.id, world.owner, at=clock.now())
                return link.id

    at_once(HANDS, resend)

    made = world.enter().scalars(select(SignInLink).where(SignInLink.purpose == links.PORTAL)).all()
    assert len(made) == HANDS
    is_open = [client.get(doors.path_of(link, world)).status_code == 200 for link in made]
    assert is_open.count(True) == 1
    assert is_open.index(True) == max(range(HANDS), key=lambda place: made[place].id)
    promises = select(OutboxMessage).where(OutboxMessage.key.like("link-%"))
    mails = {row.key for row in world.enter().scalars(promises)}
    assert {f"link-{link.id}" for link in made} <= mails


@pytest.mark.feature("A11", "D3")
def test_codes_tried_at_once_are_counted_one_by_one(world, new_client):
    asking = new_client()
    doors.ask(asking, world)
    link = doors.newest_link(world)
    right = links.code_of(link) or ""
    wrong = [f"{(int(right) + offset) % 1_000_000:06}" for offset in range(1, HANDS)]
    browsers = [_same_browser(asking, new_client(), world) for _ in range(HANDS)]

    answers = at_once(HANDS - 1, lambda number: _type(browsers[number], world, wrong[number]))

    assert set(answers) == {422}
    world.session.rollback()  # to see what the others wrote
    tries = world.enter().get_one(SignInLink, link.id).code_tries
    assert tries == links.CODE_TRIES
    assert _type(browsers[-1], world, right) == 422
    assert doors.live_sessions(world) == []


def _opened(client: Client, path: str) -> Callable[[], int]:
    form = client.page(path).form("Continue")
    return lambda: client.post(form.action, data=form.filled()).status_code


def _press(pages: list[Callable[[], int]]) -> Callable[[int], int]:
    return lambda number: pages[number]()


def _same_browser(original: Client, copy: Client, world: World) -> Client:
    for name in ("callout", f"callout_ask_{world.slug}"):
        cookie = original.get_cookie(name)
        assert cookie is not None
        copy.set_cookie(name, cookie.value)
    return copy


def _type(client: Client, world: World, code: str) -> int:
    form = client.page(f"/p/{world.slug}/login/sent").form("Continue")
    return client.post(form.action, data=form.filled(code=code)).status_code
