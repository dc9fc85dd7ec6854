"""What a company shows of its jobs, and where its customers land. Source: presets C24, C25, C27."""

import pytest

from app import clock
from app.models import ClientService, Company, Customer, Job, Service
from app.services import companies
from tests.portal import work


def settle(world, **raw):
    """Save settings as the owner's form does."""
    session = world.enter()
    companies.update_settings(session, world.owner, raw, at=clock.now())
    session.commit()


@pytest.mark.feature("C24")
def test_customers_land_on_all_jobs_where_the_company_says_so(carla, world):
    work.make_job(world, title="Cold radiator")
    work.make_job(world, "completed", title="Old boiler")
    settle(world, jobs_default_view="all")

    page = carla.page(f"/p/{world.slug}/jobs")

    assert "Cold radiator" in page.text
    assert "Old boiler" in page.text
    assert 'aria-current="page">All jobs' in page.answer.text
    assert "Old boiler" not in carla.page(page.link("Active Jobs")).text


@pytest.mark.feature("C24")
def test_a_link_to_one_job_wins_over_the_landing_page(carla, world):
    job = work.make_job(world, title="Cold radiator")
    settle(world, jobs_default_view="all")

    assert carla.page(f"/p/{world.slug}/jobs/{job.ref}").address.endswith(job.ref)
    assert "Old boiler" not in carla.page(f"/p/{world.slug}/jobs?show=active").text


@pytest.mark.feature("C25", "D22")
@pytest.mark.parametrize(
    ("how", "read"), [("first", "Technician"), ("full", "Technician Doe"), ("none", None)]
)
def test_as_much_of_a_technicians_name_as_the_company_shows(carla, world, how, read):
    job = work.make_job(world, "assigned")
    settle(world, shows_technician=how)

    text = carla.page(f"/p/{world.slug}/jobs/{job.ref}").answer.text

    assert (f"<dd>{read}</dd>" in text) == (read is not None)
    assert ("Doe" in text) == (how == "full")


@pytest.mark.feature("C25")
@pytest.mark.parametrize(("shown", "read"), [("1", True), ("", False)])
def test_prices_of_jobs_are_shown_where_the_company_says_so(carla, world, shown, read):
    job = visit_at_a_price(world, 12_500)
    settle(world, shows_cost=shown)

    assert ("€125.00" in carla.page(f"/p/{world.slug}/jobs/{job.ref}").text) == read


@pytest.mark.feature("C27")
def test_buttons_and_pages_are_called_what_the_company_calls_them(carla, world):
    settle(world, label_request_service_en="Book a visit", label_my_requests_en="My bookings")

    text = carla.page(f"/p/{world.slug}/requests").text

    assert "Book a visit" in text
    assert "My bookings" in text


def test_the_first_completed_job_sets_a_customer_up_where_the_company_says_so(world):
    work.make_job(world, "completed")
    before = world.enter().get_one(Customer, world.customer.id).onboarded_at
    settle(world, onboards_with_first_job="1")

    work.make_job(world, "completed")

    assert before is None
    assert world.enter().get_one(Customer, world.customer.id).onboarded_at is not None


@pytest.mark.parametrize(("typed", "kept"), [("19", 1900), ("7,5", 750), ("", 0)])
def test_the_usual_tax_is_typed_in_percent(world, typed, kept):
    settle(world, tax_percent=typed)

    assert world.enter().get_one(Company, world.company_id).tax_bp == kept


def visit_at_a_price(world, cents) -> Job:
    session = world.enter()
    service = Service(name={"en": "Gutters"})
    session.add(service)
    session.flush()
    plan = ClientService(customer_id=world.customer.id, service_id=service.id,
                         price_cents=cents, created_at=clock.now())  # fmt: skip
    session.add(plan)
    session.flush()
    return work.make_job(world, client_service=plan.id)
