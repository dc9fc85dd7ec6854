"""What the portal's tests share."""

from collections.abc import Callable

import pytest

from app import clock
from app.models import Customer
from tests.harness.clients import Client
from tests.harness.world import World
from tests.portal import doors


@pytest.fixture
def carla(client: Client, world: World) -> Client:
    """A browser in which the world's customer is signed in."""
    doors.sign_in(client, world)
    return client


@pytest.fixture
def make_customers(world: World) -> Callable[[int], list[str]]:
    """Make so many customers and return their addresses."""

    def make(count: int) -> list[str]:
        emails = [f"customer{number}@customer.example" for number in range(count)]
        world.enter().add_all(Customer(name=e, email=e, created_at=clock.now()) for e in emails)
        return emails

    return make
