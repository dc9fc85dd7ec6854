"""The demo companies have what a visitor looks for, and tell nobody about their past."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from app.demo import load as demo_load
from app.gateways.media import open_store
from app.models import (
    ClientService,
    Customer,
    Job,
    Location,
    MediaFile,
    OutboxMessage,
    Request,
    Staff,
    Timer,
)
from app.services import companies, passwords
from app.tenancy import enter_company

NOW = datetime(2026, 3, 4, 15, 30, tzinfo=UTC)
PASSWORD = "a demo password of some length"
HASH = passwords.hash_password(PASSWORD)
OPEN = ("submitted", "under_review", "counter_proposed")


@pytest.fixture
def around(tmp_path):
    return demo_load.Circumstances(PASSWORD, HASH, open_store(str(tmp_path)), NOW)


@pytest.fixture
def callout(session, around):
    demo_load.load(session, "callout", around)
    return enter(session, "callout")


def enter(session, slug):
    company = companies.find(session, slug)
    enter_company(session, company.id)
    return company


def count(session, model):
    return session.scalar(select(func.count(model.id)))


@pytest.mark.on_database("sqlite")
@pytest.mark.parametrize("slug", demo_load.SLUGS)
def test_each_company_has_what_a_visitor_looks_for(session, around, slug):
    assert demo_load.load(session, slug, around)

    enter(session, slug)
    customers = session.scalars(select(Customer)).all()
    carla = [row for row in customers if row.email == "carla@customer.example"]
    requests = session.scalars(select(Request)).all()
    assert len(customers) - len(carla) >= 12
    assert {row.language for row in customers} == {"en", "es", "de"}
    assert len(carla) == (2 if slug == "bridge" else 1)
    assert all(len(row.locations) == 2 for row in carla)
    assert len([row for row in requests if row.state in OPEN]) == 5
    assert {row.outcome for row in requests} == {None, "won", "lost"}
    assert set(session.scalars(select(Job.state))) == {
        "scheduled", "assigned", "on_the_way", "arrived",
        "in_progress", "on_hold", "completed", "cancelled",
    }  # fmt: skip
    assert count(session, ClientService) >= 4


def test_staff_sign_in_with_the_demo_password(session, callout):
    staff = session.scalars(select(Staff)).all()

    roles = {row.email: row.role for row in staff}
    assert roles["owner@callout.example"] == "owner"
    assert roles["dispatcher@callout.example"] == "dispatcher"
    assert roles["technician@callout.example"] == "technician"
    assert all(passwords.fits(row.password_hash, PASSWORD) for row in staff)


def test_nothing_of_the_past_is_left_to_send_or_to_fire(session, callout):
    waiting = select(OutboxMessage).where(
        OutboxMessage.sent_at.is_(None), OutboxMessage.gave_up_at.is_(None)
    )
    due = select(Timer).where(Timer.done_at.is_(None), Timer.due_at <= NOW)

    assert session.scalars(waiting).all() == []
    assert session.scalars(due).all() == []


def test_history_is_in_the_past_and_appointments_come(session, callout):
    requests = session.scalars(select(Request)).all()
    coming = session.scalars(select(Job).where(Job.starts_at > NOW)).all()

    assert all(row.submitted_at < NOW and row.state_since <= NOW for row in requests)
    assert coming


def test_photos_come_with_their_files(session, callout, around):
    files = session.scalars(select(MediaFile)).all()

    assert len(files) >= 5
    for file in files:
        with around.store.open(file.storage_key) as stored:
            assert len(stored.read()) == file.size_bytes


def test_second_load_changes_nothing(session, callout, around):
    before = [count(session, model) for model in (Customer, Location, Request, Job, OutboxMessage)]

    assert not demo_load.load(session, "callout", around)

    after = [count(session, model) for model in (Customer, Location, Request, Job, OutboxMessage)]
    assert after == before


def test_password_that_was_changed_counts(session, callout, around):
    new = "another demo password entirely"
    fresh = demo_load.Circumstances(new, passwords.hash_password(new), around.store, NOW)

    demo_load.load(session, "callout", fresh)

    enter(session, "callout")
    staff = session.scalars(select(Staff)).all()
    assert all(passwords.fits(row.password_hash, new) for row in staff)
