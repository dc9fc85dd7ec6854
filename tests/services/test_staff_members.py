"""People are invited, changed and let go by owners."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.models import OutboxMessage, SignInLink, Staff, WebSession
from app.services import sessions, staff_members

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FORM = {"name": "Nina New", "email": "Nina@Acme.example", "role": "dispatcher"}


def invite(world, actor=None, **changes):
    form = {**FORM, **changes}
    return staff_members.invite(world.session, actor or world.owner, form, at=NOON)


def test_invited_person_gets_a_mail_with_a_link(world):
    before = len(world.session.scalars(select(OutboxMessage)).all())

    member = invite(world)

    link = world.session.scalars(select(SignInLink).where(SignInLink.staff_id == member.id)).one()
    assert (member.email, member.role) == ("nina@acme.example", "dispatcher")
    assert (link.purpose, link.is_open(NOON)) == ("invite", True)
    assert len(world.session.scalars(select(OutboxMessage)).all()) == before + 1


@pytest.mark.feature(188)
@pytest.mark.parametrize("role", ["dispatcher", "technician", "customer"])
def test_only_an_owner_changes_who_works_here(world, role):
    actor = getattr(world, role)

    with pytest.raises(Forbidden):
        invite(world, actor)
    with pytest.raises(Forbidden):
        staff_members.change_role(world.session, actor, world.technician.id, "owner")
    with pytest.raises(Forbidden):
        staff_members.disable(world.session, actor, world.owner.id, at=NOON)
    with pytest.raises(Forbidden):
        staff_members.enable(world.session, actor, world.owner.id)
    with pytest.raises(Forbidden):
        staff_members.invite_again(world.session, actor, world.owner.id, at=NOON)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "owner@acme.example"),
        ("email", "x"),
        ("email", ""),
        ("name", ""),
        ("role", "king"),
    ],
)
def test_wrong_invitation_is_refused_at_its_field(world, field, value):
    with pytest.raises(Invalid) as caught:
        invite(world, **{field: value})

    assert list(caught.value.fields) == [field]


def test_same_address_may_work_at_two_companies(world, stranger):
    member = invite(world, email="dispatcher@other.example")

    assert member.company_id == world.company_id


def test_second_invitation_ends_the_first(world):
    member = invite(world)

    staff_members.invite_again(world.session, world.owner, member.id, at=NOON)

    world.session.expire_all()
    links = world.session.scalars(select(SignInLink).where(SignInLink.staff_id == member.id)).all()
    assert [link.is_open(NOON) for link in sorted(links, key=lambda row: row.id)] == [False, True]


def test_disabled_person_is_signed_out_and_not_invited_again(world):
    session = world.session
    row = session.get_one(Staff, world.dispatcher.id)
    sessions.begin(session, row, agent="", at=NOON)

    staff_members.disable(session, world.owner, row.id, at=NOON)

    session.expire_all()
    assert not row.is_active()
    assert session.scalars(select(WebSession)).one().ended_at == NOON
    with pytest.raises(Conflict):
        staff_members.invite_again(session, world.owner, row.id, at=NOON)


def test_person_let_in_again_is_active(world):
    staff_members.disable(world.session, world.owner, world.dispatcher.id, at=NOON)

    member = staff_members.enable(world.session, world.owner, world.dispatcher.id)

    assert member.is_active()


def test_last_owner_stays(world):
    with pytest.raises(Conflict, match="only owner"):
        staff_members.disable(world.session, world.owner, world.owner.id, at=NOON)
    with pytest.raises(Conflict, match="only owner"):
        staff_members.change_role(world.session, world.owner, world.owner.id, "dispatcher")


def test_owner_may_go_once_there_is_another(world):
    staff_members.change_role(world.session, world.owner, world.dispatcher.id, "owner")

    member = staff_members.change_role(world.session, world.owner, world.owner.id, "office")

    assert member.role == "office"


def test_disabled_owner_does_not_count(world):
    staff_members.change_role(world.session, world.owner, world.dispatcher.id, "owner")
    staff_members.disable(world.session, world.owner, world.dispatcher.id, at=NOON)

    with pytest.raises(Conflict):
        staff_members.disable(world.session, world.owner, world.owner.id, at=NOON)


def test_people_change_their_own_record_and_no_others(world):
    me = world.technician
    member = staff_members.update(world.session, me, me.id, {"language": "de", "phone": ""})
    assert (member.language, member.name) == ("de", "Technician Doe")

    with pytest.raises(Forbidden):
        staff_members.update(world.session, me, world.owner.id, {"name": "Hacked"})


def test_wrong_own_record_is_refused_at_its_field(world):
    with pytest.raises(Invalid) as caught:
        staff_members.update(world.session, world.owner, world.owner.id, {"name": " "})

    assert list(caught.value.fields) == ["name"]


@pytest.mark.feature(182)
def test_another_companys_staff_are_not_there(world, stranger):
    with pytest.raises(NotFound):
        staff_members.disable(world.session, world.owner, stranger.dispatcher.id, at=NOON)
    with pytest.raises(NotFound):
        staff_members.find(world.session, "dispatcher@other.example")


def test_list_has_those_who_left_at_its_end(world):
    staff_members.disable(world.session, world.owner, world.dispatcher.id, at=NOON)
    world.session.flush()

    names = [member.name for member in staff_members.everyone(world.session)]

    assert names == ["Olive Owner", "Technician Doe", "Dispatcher Doe"]
