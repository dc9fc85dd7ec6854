"""An outbox with letters in it, and couriers to carry them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select

from app import clock, outbox
from app.gateways import mail
from app.gateways.mail import MailLine, MailServer
from app.models import OutboxMessage
from app.workers.courier import Courier, Line
from tests.harness.world import World


class Post:
    """The outbox of one company, as a test sees it."""

    def __init__(self, world: World) -> None:
        self.world = world

    def promise(self, count: int = 1, key: str = "m", **rest: Any) -> list[int]:
        """Promise letters to the customer; ``key`` parts one call from another."""
        session = self.world.enter()
        rest = {"recipient": f"customer:{self.world.customer.id}", **rest}
        made = [
            outbox.post(
                session,
                outbox.Promise(
                    key=f"{key}.{number}", topic="message", payload={"message": "news"}, **rest
                ),
                at=clock.now(),
            )
            for number in range(count)
        ]
        session.commit()
        return [row.id for row in made]

    def rows(self) -> list[OutboxMessage]:
        """Return what is in the outbox, oldest first, read anew."""
        session = self.world.enter()
        session.rollback()
        statement = select(OutboxMessage).order_by(OutboxMessage.id)
        return list(session.scalars(statement.execution_options(populate_existing=True)))

    def row(self, id_: int) -> OutboxMessage:
        return next(row for row in self.rows() if row.id == id_)

    def statuses(self) -> list[str]:
        return [row.status for row in self.rows()]


@pytest.fixture
def post(world: World) -> Post:
    """The company's outbox; what founding it promised is gone."""
    found = Post(world)
    for row in found.rows():
        world.session.delete(row)
    world.session.commit()
    return found


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no patience with mail servers."""
    monkeypatch.setattr(mail, "ANSWER_S", 0.3)
    monkeypatch.setattr(mail, "LETTER_S", 0.6)
    monkeypatch.setattr(mail, "GOODBYE_S", 0.1)


def mail_line(port: int) -> MailLine:
    return MailLine(MailServer("127.0.0.1", port, "no-reply@callout.example"))


@pytest.fixture
def courier(app: object, hurry: None) -> Iterator[Callable[..., Courier]]:
    """Make couriers over given lines; they hang up in the end."""
    made: list[Courier] = []

    def make(**lines: Line) -> Courier:
        made.append(Courier(lines))
        return made[-1]

    yield make
    for each in made:
        each.close()
