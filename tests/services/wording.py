"""What tests of message texts share: the form as its page fills it in, and what becomes of it."""

import pytest

from app import clock
from app.errors import Invalid
from app.models import Company
from app.services import (
    message_examples,
    message_previews,
    message_saving,
    message_versions,
    publishing,
)
from app.services.message_examples import Wanted
from app.services.message_sources import find

WHERE, KEY = "service_request", "booking.approved"
SIGN_IN = "portal.sign_in_link"


def source(world, where=WHERE, key=KEY):
    return find(world.session, world.owner, where, key)


def form(found, **changes):
    """Return the form as the page would fill it in, with changes by field name."""
    raw = {"edition": str(found.edition)}
    for channel, code in message_saving.places(found):
        text = found.text(channel, code)
        for part in message_saving.parts(channel, found) if text else ():
            raw[message_saving.field_name(channel, part, code)] = getattr(text, part)
    return raw | changes


def keep(world, where=WHERE, key=KEY, **changes):
    found = source(world, where, key)
    typed = message_saving.read(found, form(found, **changes))
    message_saving.save(
        world.session, world.owner, found, typed, edition=found.edition, at=clock.now()
    )


def shown(world, found, channel="email", language="en", record=None):
    row = world.session.get_one(Company, world.company_id)
    words = message_previews.chosen(found, found.texts, Wanted(channel, language), row)
    about = message_examples.about(
        world.session, found, Wanted(channel, words[0], record), row, world.owner, clock.now()
    )
    return message_previews.show(about, found, channel, words)


def refusals(world, found, **changes):
    with pytest.raises(Invalid) as refused:
        message_saving.read(found, form(found, **changes))
    return {name: why.public for name, why in refused.value.fields.items()}


def take_back(world, found, number):
    texts = message_versions.texts_at(world.session, world.owner, found, number)
    typed = message_saving.whole(found, texts)
    message_saving.save(world.session, world.owner, found, typed, edition=None, at=clock.now())


def publish(world):
    picture = publishing.preview(world.session, world.owner, WHERE, at=clock.now())
    answers = {group.name: "stay" for group in picture.groups}
    choices = publishing.Choices(answers, confirm=picture.confirm)
    publishing.publish(world.session, world.owner, WHERE, choices, at=clock.now())
    world.session.flush()
