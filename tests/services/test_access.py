"""Links that staff send, and what a change of address does."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock, site
from app.errors import Conflict, Invalid, NotFound
from app.models import Company, Customer, OutboxMessage, SignInLink
from app.services import access, customers, links, sessions


def promises(world):
    return list(world.enter().scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def customer(world):
    return world.enter().get_one(Customer, world.customer.id)


def resend(world, customer_id=None):
    who = world.customer.id if customer_id is None else customer_id
    return access.resend(world.enter(), who, world.dispatcher, at=clock.now())


@pytest.mark.feature(132, 130)
def test_a_link_sent_by_staff_is_mailed_to_the_record_s_address_and_lasts_a_day(world):
    link = resend(world)

    assert link.sent_to == "carla@customer.example"
    assert link.expires_at - link.created_at == timedelta(hours=24)
    assert promises(world)[-1].payload == {"message": "portal.sign_in_link", "link_id": link.id}
    assert access.link_code(link) is None


@pytest.mark.feature(133)
def test_sending_again_ends_the_older_link(world):
    older = resend(world)
    newer = resend(world)

    world.session.refresh(older)
    assert not older.is_open(clock.now())
    assert newer.is_open(clock.now())


@pytest.mark.feature(137)
def test_without_an_address_nothing_is_sent_and_the_reason_said(world):
    customer(world).email = None
    before = len(promises(world))

    with pytest.raises(Invalid) as refused:
        resend(world)

    assert "no e-mail address on record" in refused.value.fields["email"].public
    assert len(promises(world)) == before


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("access", "none", "access is off"), ("archived_at", clock.now(), "in the archive")],
)
def test_a_customer_who_may_not_come_in_gets_no_link(world, field, value, said):
    setattr(customer(world), field, value)

    with pytest.raises(Conflict) as refused:
        resend(world)

    assert said in refused.value.public


@pytest.mark.feature(120)
@pytest.mark.parametrize(("field", "value"), [("portal_enabled", False), ("plan", "basic")])
def test_while_the_portal_is_off_no_link_is_sent(world, field, value):
    setattr(world.enter().get_one(Company, world.company_id), field, value)

    with pytest.raises(Conflict, match="switched off"):
        resend(world)


@pytest.mark.feature(182)
def test_another_company_s_customer_is_not_there(world, stranger):
    with pytest.raises(NotFound):
        resend(world, stranger.customer.id)


@pytest.mark.feature(138)
def test_staff_can_open_the_portal_to_a_customer(world):
    row = customer(world)
    row.access, row.portal_since = "none", None

    access.grant(world.session, row.id, world.dispatcher, at=clock.now())

    assert (row.access, row.portal_since is not None) == ("full", True)
    assert promises(world)[-1].recipient == f"customer:{row.id}"


@pytest.mark.feature("D25")
def test_a_new_address_ends_the_old_way_in_and_both_are_told(world):
    old_link = resend(world)
    token = sessions.begin(world.session, customer(world), agent="", at=clock.now())

    raw = {"email": "carla@new.example"}
    customers.update(world.session, world.dispatcher, world.customer.id, raw, at=clock.now())

    world.session.refresh(old_link)
    assert not old_link.is_open(clock.now())
    assert sessions.find_customer(world.enter(), token, at=clock.now()) is None
    to_old, to_new = promises(world)[-2:]
    assert to_old.payload == {"message": "portal.address_changed", "to": "carla@customer.example"}
    fresh = world.enter().get_one(SignInLink, to_new.payload["link_id"])
    assert fresh.sent_to == "carla@new.example"


@pytest.mark.feature("D25")
def test_a_link_sent_to_an_address_that_changed_opens_nothing(world):
    link = resend(world)
    customer(world).email = "carla@new.example"  # however it came to that

    with pytest.raises(Conflict):
        access.enter(world.session, links.token_of(link), agent="", at=clock.now())


@pytest.mark.feature("D23")
def test_of_several_records_with_one_address_the_latest_to_get_the_portal_is_meant(world):
    at = clock.now()
    later = Customer(
        name="Carla at work", email="carla@customer.example", created_at=at, portal_since=at
    )
    world.enter().add(later)

    access.ask(world.session, "carla@customer.example", "b", at=at, target=None)

    link = world.session.scalars(select(SignInLink).where(SignInLink.purpose == "portal")).one()
    assert link.customer_id == later.id


@pytest.mark.feature("A12")
def test_a_mail_can_be_written_again_even_after_the_secret_was_renewed(world, monkeypatch):
    link = resend(world)
    company = world.enter().get_one(Company, world.company_id)
    address = access.link_url(link, company)
    now = site.current()

    monkeypatch.setattr(site, "_site", site.Site(now.public_url, ("newer" * 9, *now.secrets)))
    assert access.link_url(link, company) == address

    monkeypatch.setattr(site, "_site", site.Site(now.public_url, ("newer" * 9,)))
    with pytest.raises(LookupError):
        access.link_url(link, company)


def test_a_company_s_own_host_name_stands_in_the_mail(world, monkeypatch):
    now = site.current()
    monkeypatch.setattr(site, "_site", site.Site(now.public_url, now.secrets, "portal.example"))

    address = access.link_url(resend(world), world.enter().get_one(Company, world.company_id))

    assert address.startswith("https://acme.portal.example/p/acme/enter/")
