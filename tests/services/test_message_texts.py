"""Messages as owners change them: found, checked, kept, and taken back."""

import pytest

from app import clock
from app.errors import Conflict, Forbidden, NotFound
from app.services import (
    house_texts,
    message_list,
    message_names,
    message_saving,
    message_versions,
    workflow_drafts,
)
from app.services.message_sources import HOUSE, Text, find
from tests.services.messaging import JANUARY, customer, decide, letter
from tests.services.wording import (
    KEY,
    SIGN_IN,
    WHERE,
    form,
    keep,
    publish,
    refusals,
    source,
    take_back,
)
from workflows import versions


@pytest.fixture(autouse=True)
def _january():
    with clock.freeze(JANUARY):
        yield
    versions.forget()


# Where the texts are


@pytest.mark.feature(107, 108)
def test_every_message_of_every_workflow_and_of_the_house_is_listed(world):
    groups = message_list.groups(world.session, world.owner)

    assert [each.where for each in groups] == ["service_request", "estimate", "job", HOUSE]
    assert {line.source.key for line in groups[0].lines} >= {"booking.approved", "booking.declined"}
    assert SIGN_IN in {line.source.key for line in groups[-1].lines}
    assert {line.standing for each in groups for line in each.lines} == {"shipped"}


def test_the_list_says_what_is_changed_what_is_new_and_what_only_stands_in_the_draft(world):
    keep(world, email_subject_de="Neu")
    keep(world, key="own.thanks", email_subject_en="Thanks", email_body_en="Thank you.")
    keep(world, HOUSE, "news", email_body_en="There is news.")

    lines = {
        line.source.key: (line.standing, line.in_draft)
        for group in message_list.groups(world.session, world.owner)
        for line in group.lines
    }

    assert lines[KEY] == ("changed", True)
    assert lines["own.thanks"] == ("own", True)
    assert lines["news"] == ("changed", False)
    assert lines["booking.declined"] == ("shipped", False)


@pytest.mark.feature("D17")
def test_a_missing_language_is_marked(world):
    keep(world, email_subject_es="", email_body_es="")

    [group, *_] = message_list.groups(world.session, world.owner)
    line = next(each for each in group.lines if each.source.key == KEY)

    assert line.channels() == {"email": {"en": True, "es": False, "de": True}}


def test_every_house_message_has_a_name_and_an_occasion():
    assert set(message_names.HOUSE) == set(house_texts.names())


def test_every_placeholder_is_called_something_in_words(world):
    for group in message_list.groups(world.session, world.owner):
        for line in group.lines:
            for _heading, items in message_names.grouped(line.source):
                assert [name for name, words in items if str(words) == name] == []


@pytest.mark.parametrize("role", ["dispatcher", "technician"])
def test_only_owners_get_to_them(world, role):
    who = getattr(world, role)

    with pytest.raises(Forbidden):
        find(world.session, who, HOUSE, SIGN_IN)
    with pytest.raises(Forbidden):
        message_list.groups(world.session, who)


@pytest.mark.parametrize(
    ("where", "key"),
    [("nothing", KEY), (WHERE, "Not A Key"), (WHERE, "a.b.c"), (HOUSE, "nothing"), ("", KEY)],
)
def test_what_is_not_there_is_not_found(world, where, key):
    with pytest.raises(NotFound):
        source(world, where, key)


# What may stand in them


@pytest.mark.feature(107)
def test_an_unknown_placeholder_is_refused_at_its_field_with_the_nearest_one(world):
    wrong = refusals(world, source(world), email_body_de="Guten Tag {{customer.firstname}}")

    assert list(wrong) == ["email_body_de"]
    assert "“customer.firstname”" in wrong["email_body_de"]
    assert "“customer.first_name”" in wrong["email_body_de"]


@pytest.mark.parametrize("text", ["{% raw %}", "{{ 1 + 1 }}", "{{", "{{''.__class__}}", "{# x #}"])
def test_nothing_else_may_stand_in_braces(world, text):
    assert list(refusals(world, source(world), email_body_en=f"Hello {text}")) == ["email_body_en"]


def test_a_link_its_reader_may_not_follow_is_no_placeholder(world):
    found = source(world)

    assert "portal.request_link" in found.known
    assert "admin.request_link" not in found.known
    assert list(refusals(world, found, email_body_en="{{admin.request_link}}")) == ["email_body_en"]


def test_answers_of_the_step_are_placeholders_where_every_sending_has_them(world):
    assert "input.reason" in source(world, key="booking.declined").known
    assert "input.reason" not in source(world).known


def test_half_a_mail_is_refused(world):
    assert list(refusals(world, source(world), email_subject_de="")) == ["email_subject_de"]
    assert list(refusals(world, source(world), email_body_de=" ")) == ["email_body_de"]


def test_too_much_is_refused_at_its_field(world):
    assert list(refusals(world, source(world), sms_body_en="x" * 601)) == ["sms_body_en"]


def test_a_subject_stays_in_its_line(world):
    keep(world, email_subject_en="Approved\r\nBcc: x@y.example")

    assert source(world).text("email", "en").subject == "Approved Bcc: x@y.example"


# Where they are kept


@pytest.mark.feature(69, 107, 108)
def test_a_workflows_text_is_kept_in_its_draft_and_goes_out_once_published(world):
    customer(world).language = "de"
    keep(world, email_subject_de="Wir kommen", email_body_de="Bis bald, {{customer.name}}.")

    assert letter(world, decide(world, "approve")).subject != "Wir kommen"
    publish(world)

    paper = letter(world, decide(world, "approve"))
    assert paper.subject == "Wir kommen"
    assert "Bis bald, Carla Customer." in paper.text


def test_a_new_message_is_made_by_its_first_text(world):
    keep(world, key="own.thanks", email_subject_en="Thanks", email_body_en="Thank you.")

    assert source(world, key="own.thanks").texts == {("email", "en"): Text("Thanks", "Thank you.")}


def test_two_people_can_not_overwrite_each_other(world):
    first = source(world)
    typed = message_saving.read(first, form(first, email_subject_en="Mine"))
    keep(world, email_subject_en="Theirs")

    with pytest.raises(Conflict):
        message_saving.save(
            world.session, world.owner, first, typed, edition=first.edition, at=clock.now()
        )


def test_while_the_draft_is_no_workflow_its_texts_wait(world):
    found = source(world)
    workflow_drafts.save(world.session, world.owner, WHERE, "nothing: [", edition=0, at=clock.now())

    with pytest.raises(Conflict):
        message_saving.save(
            world.session, world.owner, found, found.texts, edition=None, at=clock.now()
        )


# How they came to be


@pytest.mark.feature(107)
def test_versions_in_which_the_text_changed_are_listed_with_the_difference(world):
    keep(world, email_subject_de="Wir kommen")
    publish(world)
    keep(world, key="booking.declined", email_subject_de="Leider nein")
    publish(world)

    newest, first = message_versions.history(world.session, world.owner, source(world))

    assert (newest.number, first.number) == (2, 1)
    [change] = newest.changes
    assert (change.language, change.part, change.after) == ("de", "subject", "Wir kommen")
    assert newest.author == "Olive Owner"


def test_an_earlier_text_can_be_taken_back(world):
    before = source(world).texts
    sms = {f"sms_body_{code}": "On our way." for code in ("en", "es", "de")}
    keep(world, email_subject_de="Wir kommen", **sms)
    publish(world)
    found = source(world)

    take_back(world, found, 1)

    assert source(world).texts == before
    with pytest.raises(NotFound):
        message_versions.texts_at(world.session, world.owner, found, 7)


def test_the_houses_text_goes_back_to_what_it_was(world):
    keep(world, HOUSE, SIGN_IN, email_subject_en="First", email_button_en="In")
    with clock.freeze(JANUARY.replace(hour=9)):
        keep(world, HOUSE, SIGN_IN, email_subject_en="Second")
    found = source(world, HOUSE, SIGN_IN)
    newest, first, ours = message_versions.history(world.session, world.owner, found)
    assert [each.after for each in newest.changes] == ["Second"]

    take_back(world, found, first.number)

    text = source(world, HOUSE, SIGN_IN).text("email", "en")
    assert (text.subject, text.button) == ("First", "In")
    take_back(world, found, ours.number)
    assert not source(world, HOUSE, SIGN_IN).texts
