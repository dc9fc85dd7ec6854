"""Addresses and hidden fields as no browser sends them: a plain no, never an error of ours."""

import pytest

ODD = ["%00", "x%00y", "%F0%9F%92%A9", "..%2F..", "'%20OR%201=1", "a" * 300, "%ff"]


@pytest.mark.feature("E01", "E13")
@pytest.mark.parametrize("odd", ODD)
def test_odd_addresses_are_not_there(carla, odd):
    for address in (
        f"/p/acme/jobs/{odd}", f"/p/acme/requests/{odd}", f"/p/acme/requests/{odd}/approve",
        f"/p/acme/requests/new/photos/{odd}", f"/p/acme/jobs?show=history&before={odd}",
        f"/p/acme/photos/{odd}",
    ):  # fmt: skip
        assert carla.get(address).status_code == 404, address


@pytest.mark.feature("E13")
@pytest.mark.parametrize(
    "field", ["form_key", "kept_photos", "location", "service", "date_1", "kind"]
)
@pytest.mark.parametrize("odd", ["\x00", "💩" * 400, "-1", "9" * 40, "category:", "NaN", "[]"])
def test_odd_values_are_refused_or_ignored(carla, world, field, odd):
    answers = {**world.answers(), field: odd}

    answer = carla.submit("/p/acme/requests/new", "Submit Request", **answers)

    assert answer.status_code in (303, 422), answer.text
