"""How the tests of the workflow editor press its buttons and keep its drafts."""

from app import clock
from app.services import workflow_drafts
from tests.admin.test_workflows import published
from workflows import document


def press(owner, page, do, **typed):
    """Press another button of a form than the one that saves; return the answer."""
    sent = page.form("Save draft").filled(**typed)
    return owner.post(page.address, data={**sent, "do": do})


def number_of(world, trigger):
    return [way.trigger for way in published(world).transitions].index(trigger)


def save(world, data):
    read = document.read_data(data)
    assert read.definition is not None
    text = document.write(read.definition)
    workflow_drafts.save(world.enter(), world.owner, "hybrid", text, edition=None, at=clock.now())
