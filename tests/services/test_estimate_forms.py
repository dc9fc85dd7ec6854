"""The estimate form: what people type, and what it comes to."""

import pytest

from app import clock
from app.errors import Invalid
from app.models import Company, Service
from app.services import estimate_forms
from app.services.estimate_forms import LineInput
from app.services.estimate_totals import line_cents, totals
from tests.harness import offers


def line(quantity_milli: int, unit_cents: int, tax_bp: int = 0) -> LineInput:
    return LineInput("x", quantity_milli, unit_cents, tax_bp)


def clean(world, **changes):
    company = world.enter().get_one(Company, world.company_id)
    return estimate_forms.clean(world.session, offers.answers(**changes), company, at=clock.now())


def complaints(world, **changes) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        clean(world, **changes)
    return {name: error.message for name, error in refused.value.fields.items()}


@pytest.mark.parametrize(
    ("quantity_milli", "unit_cents", "cents"),
    [(1000, 6000, 6000), (2500, 7600, 19000), (333, 1, 0), (500, 1, 1), (1500, 333, 500)],
)
def test_a_line_is_quantity_times_price_halves_up(quantity_milli, unit_cents, cents):
    assert line_cents(line(quantity_milli, unit_cents)) == cents


def test_tax_is_worked_out_once_a_rate_on_the_sum():
    found = totals([line(1000, 10, 1900), line(1000, 10, 1900), line(1000, 10, 1900),
                    line(1000, 1000, 700), line(1000, 500)])  # fmt: skip

    # Three times 1.9 would be 6 when each is rounded; on the sum of 30 it is 5.7.
    assert [(tax.tax_bp, tax.cents) for tax in found.taxes] == [(700, 70), (1900, 6)]
    assert (found.subtotal_cents, found.tax_cents, found.total_cents) == (1530, 76, 1606)


def test_the_form_reads_numbers_as_people_write_them(world):
    wanted = clean(world, line_1_quantity="2,5", line_1_price="60", line_1_tax="5.5 %")

    assert wanted.lines[0] == LineInput("Labour", 2500, 6000, 550, None)
    assert [line.unit_cents for line in wanted.lines] == [6000, 8990]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("line_1_price", "12.505"), ("line_1_price", "1e3"), ("line_1_price", "-4"),
        ("line_1_price", "1,234.50"), ("line_1_price", ""), ("line_1_quantity", "0"),
        ("line_1_quantity", "many"), ("line_1_quantity", "٣"), ("line_1_tax", "101"),
        ("line_1_name", "   "), ("line_1_service", "999"), ("line_1_service", "x"),
        ("valid_until", "2020-01-01"), ("valid_until", "soon"), ("title", " "),
        ("title", "x" * 201), ("note", "x" * 5001),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named(world, field, typed):
    assert set(complaints(world, **{field: typed})) == {field}


def test_an_estimate_needs_a_line(world):
    found = complaints(world, line_1_name="", line_1_price="", line_2_name="", line_2_price="")

    assert set(found) == {"lines"}


def test_a_service_gives_its_name_and_price_to_a_line_left_blank(world):
    service = Service(name={"en": "Boiler service", "de": "Kesselwartung"}, price_cents=9900)
    world.enter().add(service)
    world.session.flush()

    wanted = clean(world, line_1_service=str(service.id), line_1_name="", line_1_price="")

    assert wanted.lines[0] == LineInput("Boiler service", 2500, 9900, 1900, service.id)


def test_another_companys_service_is_a_wrong_field(world, stranger):
    theirs = Service(name={"en": "Theirs"}, price_cents=1)
    stranger.enter().add(theirs)
    stranger.session.flush()

    assert set(complaints(world, line_1_service=str(theirs.id))) == {"line_1_service"}


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("up-2", ["b", "a", "c"]), ("down-2", ["a", "c", "b"]), ("remove-1", ["b", "c"]),
        ("add", ["a", "b", "c", ""]), ("up-1", ["a", "b", "c"]), ("down-3", ["a", "b", "c"]),
        ("remove-9", ["a", "b", "c"]), ("dance", ["a", "b", "c"]),
    ],
)  # fmt: skip
def test_lines_are_rearranged_without_losing_what_was_typed(order, names):
    raw = {
        "title": "T",
        **{f"line_{n}_name": name for n, name in zip((1, 2, 3), "abc", strict=True)},
    }

    found = estimate_forms.rearranged(raw, order, {"quantity": "1"})

    assert [row.cells["name"] for row in estimate_forms.rows(found)] == names
    assert found["title"] == "T"
