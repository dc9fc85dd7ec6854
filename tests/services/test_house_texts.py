"""An owner's words in place of ours: who reads them, what is kept of them, what never stops."""

from datetime import timedelta

import pytest

from app import clock
from app.errors import Forbidden, NotFound
from app.models import MessageText
from app.services import access, house_texts
from app.services.house_texts import Own
from app.services.message_shelf import Shelf
from app.tenancy import company_scope
from tests.races.test_statements import statements
from tests.services.messaging import (
    JANUARY,
    company,
    customer,
    letter,
    promise,
    promise_about,
    write,
)

KEY = "portal.sign_in_link"
MINE = Own("Hello {{person.first_name}}, come in.", "Your way in")


@pytest.fixture(autouse=True)
def _january():
    with clock.freeze(JANUARY):
        yield


def reword(world, texts, *, key=KEY, later=0):
    at = clock.now() + timedelta(minutes=later)
    return house_texts.save(world.session, world.owner, key, texts, at=at)


def ask(world):
    access.ask(world.session, "carla@customer.example", "browser", at=clock.now(), target=None)
    return promise_about(world, "customer", world.customer.id)


@pytest.mark.feature(107, 108)
def test_the_owners_words_go_out_with_our_link_code_and_warning(world):
    reword(world, {("email", "en"): MINE, ("button", "en"): Own("In you go")})

    paper = letter(world, ask(world))

    assert paper.subject == "Your way in"
    assert "Hello Carla, come in." in paper.text
    assert "In you go:\nhttp" in paper.text
    assert "Treat this mail like a password" in paper.text
    assert "/enter/" in paper.html


@pytest.mark.feature(108, "D17")
def test_a_language_the_owner_left_alone_keeps_our_words_in_it(world):
    reword(world, {("email", "de"): MINE})
    company(world).language, customer(world).language = "de", "es"

    written = write(world, ask(world))

    assert written.paper.subject == "Su enlace a Acme Plumbing"
    assert written.said.language == "es"


@pytest.mark.feature("D17")
def test_a_language_nobody_has_words_in_falls_back_to_the_companys(world):
    reword(world, {("email", "de"): MINE})
    company(world).language, customer(world).language = "de", "fr"

    written = write(world, ask(world))

    assert (written.paper.subject, written.said.language) == ("Your way in", "de")


@pytest.mark.feature(107)
def test_going_back_to_ours_is_a_version_too(world):
    reword(world, {("email", "en"): MINE})
    reword(world, {("email", "en"): Own(None)}, later=1)

    assert letter(world, ask(world)).subject == "Your link to Acme Plumbing"
    kept = house_texts.history(world.session, world.owner, KEY)
    assert [each.texts[("email", "en")] for each in kept] == [Own(None), MINE]
    assert kept[0].before[("email", "en")] == MINE


def test_what_stays_the_same_is_no_new_version(world):
    assert reword(world, {("email", "en"): MINE, ("email", "de"): Own(None)}) == 1
    assert reword(world, {("email", "en"): MINE}, later=1) == 0


@pytest.mark.parametrize(
    ("subject", "body"),
    [("S", "{{nothing.known}}"), ("S", "{{ 1 + 1 }}"), ("S", " "), ("S", "{% x %}")],
)
def test_broken_words_never_stop_a_mail_and_staff_learn_of_it(world, subject, body):
    row = MessageText(
        key=KEY, channel="email", language="en", number=1, subject=subject, body=body,
        author="x", created_at=clock.now(),
    )  # fmt: skip
    world.session.add(row)

    written = write(world, ask(world))

    assert "this is your way into the customer portal" in written.paper.text
    assert written.said.note == house_texts.UNSOUND


@pytest.mark.feature("C01")
def test_another_companys_words_are_never_ours(world, stranger):
    with company_scope(world.session, stranger.company_id):
        house_texts.save(
            world.session, stranger.owner, KEY, {("email", "en"): MINE}, at=clock.now()
        )

    assert letter(world, ask(world)).subject == "Your link to Acme Plumbing"


def test_a_batch_reads_the_words_once(world):
    reword(world, {("email", "en"): MINE, ("sms", "en"): Own("Come in.")})
    row = ask(world)
    shelf = Shelf(world.session, [row])

    with statements() as seen:
        for _ in range(5):
            assert shelf.house_texts

    assert len([each for each in seen if "message_text" in each]) == 1


def test_only_an_owner_words_them(world):
    with pytest.raises(Forbidden):
        house_texts.save(world.session, world.dispatcher, KEY, {}, at=clock.now())


@pytest.mark.parametrize(
    ("key", "place"),
    [("nothing", ("email", "en")), (KEY, ("fax", "en")), (KEY, ("email", "xx"))],
)
def test_only_what_there_is_can_be_worded(world, key, place):
    with pytest.raises(NotFound):
        reword(world, {place: MINE}, key=key)


def test_a_phone_gets_the_owners_short_words(world):
    texts = {("email", "en"): MINE, ("sms", "en"): Own("There is news, {{person.first_name}}:")}
    reword(world, texts, key="news")
    customer(world).channel, customer(world).phone = "sms", "+49 731 123456"

    said = write(
        world, promise(world, "news", f"customer:{world.customer.id}"), sms_works=True
    ).said

    assert said.text.startswith("There is news, Carla:")


def test_the_way_in_goes_to_the_address_it_proves(world):
    customer(world).channel, customer(world).phone = "sms", "+49 731 123456"

    said = write(world, ask(world), sms_works=True).said

    assert (said.channel, said.to) == ("email", "carla@customer.example")
