"""The drawing: nothing lies on anything else."""

from itertools import combinations

import pytest

from workflows import library
from workflows.layout import Link, Size, plan

BOX, LABEL = Size(150, 44), Size(120, 19)


def drawn(definition):
    boxes = {state.name: BOX for state in definition.states}
    pairs = dict.fromkeys(
        (source, way.dest) for way in definition.transitions for source in way.source
    )
    links = [Link(start, end, LABEL) for start, end in pairs if start != end]
    return links, plan(boxes, links, [one.name for one in definition.states if one.final])


def overlap(one, other):
    (x, y, size), (x2, y2, size2) = one, other
    return (
        abs(x - x2) < (size.width + size2.width) / 2
        and abs(y - y2) < (size.height + size2.height) / 2
    )


@pytest.mark.parametrize("name", library.names())
def test_no_label_lies_on_another_or_on_a_box(name):
    _, found = drawn(library.definition(name))
    things = [(*where, BOX) for where in found.boxes.values()]
    things += [(*way.label, LABEL) for way in found.ways]

    assert not any(overlap(one, other) for one, other in combinations(things, 2))


@pytest.mark.parametrize("name", library.names())
def test_all_of_it_is_inside_and_each_arrow_joins_its_boxes(name):
    links, found = drawn(library.definition(name))

    for link, way in zip(links, found.ways, strict=True):
        for point, end in ((way.points[0], link.start), (way.points[-1], link.end)):
            x, y = found.boxes[end]
            assert abs(point[0] - x) <= BOX.width / 2
            assert abs(point[1] - y) == BOX.height / 2
        assert all(0 <= x <= found.width and 0 <= y <= found.height for x, y in way.points)


def test_the_ends_stand_below_everything_else():
    definition = library.definition("hybrid")
    _, found = drawn(definition)
    ends = {state.name for state in definition.states if state.final}

    lowest = max(y for name, (_, y) in found.boxes.items() if name not in ends)
    assert all(found.boxes[name][1] > lowest for name in ends)


def test_one_state_alone_and_rings_are_drawn_too():
    assert plan({"a": BOX}, [], []).boxes["a"]
    ring = [Link("a", "b", LABEL), Link("b", "c", LABEL), Link("c", "a", LABEL)]
    assert len(plan(dict.fromkeys("abc", BOX), ring, []).ways) == 3
