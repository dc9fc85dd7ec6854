"""One form sent by five hands at once, as a flaky phone does, on both databases."""

import pytest
from sqlalchemy import func, select

from app.models import Request
from tests.harness.clients import Client
from tests.harness.world import World
from tests.portal import doors
from tests.portal.test_access_races import at_once

HANDS = 5
FORM = "/p/acme/requests/new"


@pytest.mark.feature("D24", "G02")
@pytest.mark.parametrize("round_number", range(3))
def test_five_sendings_at_once_make_one_request_and_lead_to_it(
    client: Client, world: World, new_client, round_number: int
) -> None:
    doors.sign_in(client, world)
    form = client.page(FORM).form("Submit Request")
    answers = form.filled(**world.answers(description="The tap drips."))
    hands = [_same_browser(client, new_client()) for _ in range(HANDS)]
    places = [""] * HANDS

    def send(number: int) -> int:
        answer = hands[number].post(FORM, data=answers)
        places[number] = answer.location or answer.text
        return answer.status_code

    assert at_once(HANDS, send) == [303] * HANDS, places
    assert len(set(places)) == 1
    assert world.enter().scalar(select(func.count(Request.id))) == 1


def _same_browser(original: Client, copy: Client) -> Client:
    for name in ("callout", "callout_p_acme"):
        cookie = original.get_cookie(name)
        assert cookie is not None
        copy.set_cookie(name, cookie.value)
    return copy
