"""The picture of a workflow: states in layers, arrows between them, how many stand where."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.web.words import pick
from workflows.schema import Definition
from workflows.tones import tone_of

WIDTH = 150
HEIGHT = 42
_GAP_X = 30
_GAP_Y = 62
_MARGIN = 10
_LABEL = 22


@dataclass(frozen=True)
class Box:
    """One state."""

    name: str
    label: str
    tone: str
    count: int
    x: int
    y: int

    @property
    def middle(self) -> int:
        """Return the middle of the box, across."""
        return self.x + WIDTH // 2


@dataclass(frozen=True)
class Arrow:
    """One or more steps from a state to another."""

    path: str
    label: str
    x: int
    y: int


@dataclass(frozen=True)
class Picture:
    """What is drawn, and how large it is."""

    width: int
    height: int
    boxes: list[Box]
    arrows: list[Arrow]


def draw(definition: Definition, counts: Mapping[str, int]) -> Picture:
    """Return the drawing: a layer a distance from the first state, arrows from top to bottom."""
    layers = _layers(definition)
    widest = max(len(layer) for layer in layers)
    width = 2 * _MARGIN + widest * (WIDTH + _GAP_X) - _GAP_X
    boxes: dict[str, Box] = {}
    for row, layer in enumerate(layers):
        free = width - len(layer) * (WIDTH + _GAP_X) + _GAP_X
        for column, name in enumerate(layer):
            state = definition.state(name)
            boxes[name] = Box(
                name, _short(pick(dict(state.label))), tone_of(definition.subject, state),
                counts.get(name, 0), free // 2 + column * (WIDTH + _GAP_X),
                _MARGIN + row * (HEIGHT + _GAP_Y),
            )  # fmt: skip
    height = 2 * _MARGIN + len(layers) * (HEIGHT + _GAP_Y) - _GAP_Y
    return Picture(width, height, list(boxes.values()), _arrows(definition, boxes))


def _layers(definition: Definition) -> list[list[str]]:
    """Sort states by how far they are from the first; ends stand together at the bottom."""
    first = definition.initial or definition.states[0].name
    far = {first: 0} if definition.has_state(first) else {}
    waiting = list(far)
    while waiting:
        here = waiting.pop(0)
        for way in definition.transitions_from(here):
            if way.dest not in far and definition.has_state(way.dest):
                far[way.dest] = far[here] + 1
                waiting.append(way.dest)
    deepest = max((far.get(s.name, 0) for s in definition.states if not s.final), default=0)
    rows: dict[int, list[str]] = {}
    for state in definition.states:
        row = deepest + 1 if state.final else far.get(state.name, deepest)
        rows.setdefault(row, []).append(state.name)
    return [rows[row] for row in sorted(rows)]


def _arrows(definition: Definition, boxes: Mapping[str, Box]) -> list[Arrow]:
    labels: dict[tuple[str, str], list[str]] = {}
    for way in definition.transitions:
        for source in way.source:
            if source in boxes and way.dest in boxes and source != way.dest:
                labels.setdefault((source, way.dest), []).append(pick(dict(way.label)))
    return [
        _arrow(boxes[source], boxes[dest], words, number)
        for number, ((source, dest), words) in enumerate(labels.items())
    ]


def _arrow(start: Box, end: Box, words: list[str], number: int) -> Arrow:
    label = _short(", ".join(dict.fromkeys(words)))
    if start.y == end.y:
        left, right = sorted((start, end), key=lambda box: box.x)
        begins, ends = (left.x + WIDTH, right.x) if start is left else (right.x, left.x + WIDTH)
        y = start.y + HEIGHT // 2
        return Arrow(f"M{begins} {y} {ends} {y}", label, (begins + ends) // 2, y - 6)
    down = end.y > start.y
    y1, y2 = (start.y + HEIGHT, end.y) if down else (start.y, end.y + HEIGHT)
    side = 0 if down else 24
    x1, x2 = start.middle + side, end.middle + side
    bend = (y2 - y1) // 2
    path = f"M{x1} {y1}C{x1} {y1 + bend} {x2} {y2 - bend} {x2} {y2}"
    low = 0.35 + 0.15 * (number % 3)
    x = int(x1 + (x2 - x1) * low)
    return Arrow(path, label, x, int(y1 + (y2 - y1) * low) + 4)


def _short(text: str) -> str:
    return text if len(text) <= _LABEL else f"{text[: _LABEL - 1]}…"
