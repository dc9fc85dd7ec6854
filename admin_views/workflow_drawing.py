"""The picture of a workflow: states in layers, arrows with their labels, how many stand where."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

from app.web.words import pick
from workflows.layout import Link, Plan, Size, Way, plan
from workflows.schema import Definition
from workflows.tones import tone_of

WIDTH = 152
HEIGHT = 44
_LETTER = 6.4  # pixels, of a label
_LINE = 15
_NAME_LETTERS = 20
_LABEL_LETTERS = 24
_LOOP = 22


@dataclass(frozen=True)
class Text:
    """One line of a label: its words and where its middle stands."""

    words: str
    x: float
    y: float


@dataclass(frozen=True)
class Box:
    """One state."""

    name: str
    label: str
    tone: str
    count: int
    x: float
    y: float
    lines: Sequence[Text]
    has_problem: bool = False


@dataclass(frozen=True)
class Arrow:
    """One or more steps from a state to another, with a label on a ground of its own."""

    path: str
    lines: Sequence[Text]
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Picture:
    """What is drawn, how large it is, and the same as sentences."""

    width: int
    height: int
    boxes: Sequence[Box]
    arrows: Sequence[Arrow]
    ways: Sequence[tuple[str, int, Sequence[tuple[str, str]]]]


def draw(
    definition: Definition, counts: Mapping[str, int], troubled: Collection[str] = ()
) -> Picture:
    """Return the drawing: a layer for each distance from the first state, the ends below."""
    steps = _steps(definition)
    loops = {start: lines for (start, end), lines in steps.items() if start == end}
    links = [
        Link(start, end, _size(lines)) for (start, end), lines in steps.items() if start != end
    ]
    order = sorted(definition.states, key=lambda one: one.name != definition.initial)
    # A loop stands to the right of its box; the box keeps as much room on the left.
    boxes = {
        one.name: Size(WIDTH + 2 * _loop_width(loops.get(one.name, [])), HEIGHT) for one in order
    }
    found = plan(boxes, links, [one.name for one in definition.states if one.final])
    arrows = [
        _arrow(way, steps[link.start, link.end], link.label)
        for link, way in zip(links, found.ways, strict=True)
    ]
    arrows += [_loop(found.boxes[name], lines) for name, lines in loops.items()]
    return Picture(
        found.width, found.height, _boxes(definition, counts, troubled, found), arrows,
        _sentences(definition, counts),
    )  # fmt: skip


def _steps(definition: Definition) -> dict[tuple[str, str], list[str]]:
    """Return the words of the arrows, a line or two for each step, by where they lead."""
    labels: dict[tuple[str, str], list[str]] = {}
    for way in definition.transitions:
        for source in way.source:
            if definition.has_state(source) and definition.has_state(way.dest):
                lines = labels.setdefault((source, way.dest), [])
                words = pick(dict(way.label)) or way.trigger
                lines += [one for one in _wrapped(words, _LABEL_LETTERS) if one not in lines]
    return {pair: lines[:4] for pair, lines in labels.items()}


def _wrapped(words: str, letters: int) -> list[str]:
    lines = wrap(words, letters) or [""]
    return lines if len(lines) <= 2 else [lines[0], f"{lines[1][: letters - 1]}…"]


def _size(lines: Sequence[str]) -> Size:
    return Size(int(max(map(len, lines)) * _LETTER) + 10, len(lines) * _LINE + 4)


def _loop_width(lines: Sequence[str]) -> int:
    return _size(lines).width + _LOOP if lines else 0


def _boxes(
    definition: Definition, counts: Mapping[str, int], troubled: Collection[str], found: Plan
) -> list[Box]:
    made = []
    for state in definition.states:
        x, y = found.boxes[state.name]
        label = pick(dict(state.label)) or state.name
        words = _wrapped(label, _NAME_LETTERS)
        top = y - (len(words) - 1) * _LINE / 2 + 4
        made.append(
            Box(
                state.name,
                label,
                tone_of(definition.subject, state),
                counts.get(state.name, 0),
                round(x - WIDTH / 2, 1),
                round(y - HEIGHT / 2, 1),
                [Text(one, x, round(top + n * _LINE, 1)) for n, one in enumerate(words)],
                state.name in troubled,
            )
        )
    return made


def _arrow(way: Way, words: Sequence[str], size: Size) -> Arrow:
    x, y = way.label
    return Arrow(_curve(way.points), *_label(words, size, x, y))


def _label(
    words: Sequence[str], size: Size, x: float, y: float
) -> tuple[list[Text], float, float, float, float]:
    top = y - size.height / 2
    lines = [Text(one, round(x, 1), round(top + 13 + n * _LINE, 1)) for n, one in enumerate(words)]
    return lines, round(x - size.width / 2, 1), round(top, 1), size.width, size.height


def _curve(points: Sequence[tuple[float, float]]) -> str:
    """Return a path that leaves and enters each layer straight."""
    (x, y), *rest = points
    path = [f"M{x:.1f} {y:.1f}"]
    for nx, ny in rest:
        bend = (y + ny) / 2
        path.append(f"C{x:.1f} {bend:.1f} {nx:.1f} {bend:.1f} {nx:.1f} {ny:.1f}")
        x, y = nx, ny
    return "".join(path)


def _loop(middle: tuple[float, float], words: Sequence[str]) -> Arrow:
    x, y = middle[0] + WIDTH / 2, middle[1]
    size = _size(words)
    path = (
        f"M{x:.1f} {y - 9:.1f}C{x + _LOOP:.1f} {y - 16:.1f} {x + _LOOP:.1f} {y + 16:.1f} "
        f"{x:.1f} {y + 9:.1f}"
    )
    return Arrow(path, *_label(words, size, x + _LOOP - 4 + size.width / 2, y))


def _sentences(
    definition: Definition, counts: Mapping[str, int]
) -> list[tuple[str, int, list[tuple[str, str]]]]:
    """Return each state with the steps that leave it, for people who read rather than look."""
    return [
        (
            pick(dict(state.label)), counts.get(state.name, 0),
            [
                (pick(dict(way.label)), pick(dict(definition.state(way.dest).label)))
                for way in definition.transitions_from(state.name)
                if definition.has_state(way.dest)
            ],
        )
        for state in definition.states
    ]  # fmt: skip
