"""A layered drawing: where boxes stand, how arrows run, and a place of its own for each label.

The way of Sugiyama: cycles are turned, boxes sorted into layers, long arrows cut at each layer,
layers ordered by where their neighbours stand. A label is a thing in a layer between, so none
lies on another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

GAP = 26
_THIN = 10
_SWEEPS = 10
_AIR = 16  # above and below a layer of labels
_MARGIN = 8


@dataclass(frozen=True)
class Size:
    """How much room something takes."""

    width: int
    height: int


@dataclass(frozen=True)
class Link:
    """An arrow from a box to another, and how large its label is."""

    start: str
    end: str
    label: Size


@dataclass(frozen=True)
class Way:
    """Where an arrow runs, from its start to its end, and the middle of its label."""

    points: Sequence[tuple[float, float]]
    label: tuple[float, float]


@dataclass(frozen=True)
class Plan:
    """Where everything is: the middle of each box, each arrow in the links' order."""

    width: int
    height: int
    boxes: Mapping[str, tuple[float, float]]
    ways: Sequence[Way]


@dataclass
class _Piece:
    """A box, a label, or where a long arrow passes a layer."""

    rank: int
    size: Size
    x: float = 0
    y: float = 0
    up: list[_Piece] = field(default_factory=list)
    down: list[_Piece] = field(default_factory=list)

    @property
    def weight(self) -> int:
        """Return how much it wants to stand straight: arrows more than boxes."""
        return 3 if self.size.width <= _THIN else 1


def plan(boxes: Mapping[str, Size], links: Sequence[Link], bottom: Sequence[str]) -> Plan:
    """Return the drawing: the first box on top, those of ``bottom`` in the last layer."""
    turned = _turned(list(boxes), links)
    ranks = _ranks(list(boxes), links, turned, bottom)
    pieces = {name: _Piece(ranks[name], size) for name, size in boxes.items()}
    chains = [
        _chain(link, link in turned, pieces, _label_rank(ranks, link, number))
        for number, link in enumerate(links)
    ]
    everything = [*pieces.values(), *(one for chain in chains for one in chain[1:-1])]
    layers = _ordered(everything)
    _place_across(layers)
    height = _place_down(layers)
    left = min(one.x - one.size.width / 2 for one in everything) - _MARGIN
    for one in everything:
        one.x -= left
    width = max(one.x + one.size.width / 2 for one in everything) + _MARGIN
    ways = _ways(links, chains, turned)
    where = {name: (one.x, one.y) for name, one in pieces.items()}
    return Plan(int(width), int(height), where, ways)


def _turned(names: Sequence[str], links: Sequence[Link]) -> set[Link]:
    """Return the arrows that lead back to where the way came from."""
    onward: dict[str, list[Link]] = {name: [] for name in names}
    for link in links:
        onward[link.start].append(link)
    done: set[str] = set()
    turned: set[Link] = set()
    for name in names:
        open_: list[tuple[str, int]] = [(name, 0)] if name not in done else []
        on_way = {name}
        while open_:
            here, number = open_.pop()
            if number >= len(onward[here]):
                done.add(here)
                on_way.discard(here)
                continue
            open_.append((here, number + 1))
            link = onward[here][number]
            if link.end in on_way:
                turned.add(link)
            elif link.end not in done:
                on_way.add(link.end)
                open_.append((link.end, 0))
    return turned


def _ranks(
    names: Sequence[str], links: Sequence[Link], turned: set[Link], bottom: Sequence[str]
) -> dict[str, int]:
    """Return each box's layer: below everything that leads to it; labels lie between."""
    ranks = dict.fromkeys(names, 0)
    pairs = [(b.end, b.start) if b in turned else (b.start, b.end) for b in links]
    for _ in names:
        for above, below in pairs:
            ranks[below] = max(ranks[below], min(ranks[above] + 2, 4 * len(names)))
    last = max((ranks[name] for name in names if name not in bottom), default=0) + 2
    return {name: last if name in bottom else rank for name, rank in ranks.items()}


def _label_rank(ranks: Mapping[str, int], link: Link, number: int) -> int:
    """Return the layer of a label; those of long arrows are spread over the layers they pass."""
    low, high = sorted((ranks[link.start], ranks[link.end]))
    between = range(low + 1, max(high, low + 2), 2)
    return between[number % len(between)]


def _chain(
    link: Link, is_turned: bool, pieces: Mapping[str, _Piece], label_rank: int
) -> list[_Piece]:
    """Return what an arrow runs through, from top to bottom, joined to its neighbours."""
    ends = (link.end, link.start) if is_turned else (link.start, link.end)
    top, low = (pieces[name] for name in ends)
    made = [top]
    for rank in range(top.rank + 1, low.rank):
        size = link.label if rank == label_rank else Size(_THIN, 0)
        made.append(_Piece(rank, size))
    made.append(low)
    for above, below in pairwise(made):
        above.down.append(below)
        below.up.append(above)
    return made


def _ordered(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    """Return the layers, each ordered so that few arrows cross."""
    layers: list[list[_Piece]] = [[] for _ in range(max(one.rank for one in pieces) + 1)]
    for one in pieces:
        layers[one.rank].append(one)
    best, fewest = [list(layer) for layer in layers], _crossings(layers)
    for sweep in range(_SWEEPS):
        rows = layers[1:] if sweep % 2 == 0 else layers[-2::-1]
        for row in rows:
            _sort_row(row, layers, down=sweep % 2 == 0)
        crossing = _crossings(layers)
        if crossing < fewest:
            best, fewest = [list(layer) for layer in layers], crossing
    return best


def _sort_row(row: list[_Piece], layers: Sequence[Sequence[_Piece]], *, down: bool) -> None:
    places = {id(one): number for layer in layers for number, one in enumerate(layer)}

    def middle(one: _Piece) -> float:
        near = one.up if down else one.down
        known = [places[id(each)] for each in near] or [places[id(one)]]
        return sum(known) / len(known)

    row.sort(key=middle)


def _crossings(layers: Sequence[Sequence[_Piece]]) -> int:
    found = 0
    for upper, lower in pairwise(layers):
        places = {id(one): number for number, one in enumerate(lower)}
        ends = [sorted(places[id(b)] for b in one.down if id(b) in places) for one in upper]
        seen: list[int] = []
        for row in ends:
            found += sum(before > now for now in row for before in seen)
            seen += row
    return found


def _place_across(layers: Sequence[Sequence[_Piece]]) -> None:
    """Move everything towards its neighbours, as far as the order and the room allow."""
    for layer in layers:
        at = 0.0
        for one in layer:
            one.x = at + one.size.width / 2
            at += one.size.width + GAP
    for sweep in range(24):
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            _settle(layer)


def _settle(layer: Sequence[_Piece]) -> None:
    """Solve one layer: as near as can be to the wishes, nothing on top of another.

    Blocks that would overlap are pooled and stand where their wishes agree best.
    """
    offsets, at = [], 0.0
    for before, one in zip([None, *layer], layer, strict=False):
        if before is not None:
            at += (before.size.width + one.size.width) / 2 + GAP
        offsets.append(at)
    blocks: list[tuple[float, int, int]] = []  # wish, weight, how many
    for one, offset in zip(layer, offsets, strict=True):
        near = [*one.up, *one.down]
        wish = sum(each.x for each in near) / len(near) if near else one.x
        blocks.append((wish - offset, one.weight, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (a, wa, na), (b, wb, nb) = blocks[-2:]
            blocks[-2:] = [((a * wa + b * wb) / (wa + wb), wa + wb, na + nb)]
    wishes = [wish for wish, _, count in blocks for _ in range(count)]
    for one, wish, offset in zip(layer, wishes, offsets, strict=True):
        one.x = wish + offset


def _place_down(layers: Sequence[Sequence[_Piece]]) -> float:
    at = float(_MARGIN)
    for layer in layers:
        height = max((one.size.height for one in layer), default=0)
        air = _AIR if layer and layer[0].rank % 2 else 0
        for one in layer:
            one.y = at + air + height / 2
        at += height + 2 * air
    return at + _MARGIN


def _ways(links: Sequence[Link], chains: Sequence[list[_Piece]], turned: set[Link]) -> list[Way]:
    """Return the arrows' points; those that share a side of a box are spread along it."""
    ports = _ports(chains)
    found = []
    for number, (link, chain) in enumerate(zip(links, chains, strict=True)):
        top, low = chain[0], chain[-1]
        points = [(ports[number, 0], top.y + top.size.height / 2)]
        for one in chain[1:-1]:
            half = one.size.height / 2
            points += [(one.x, one.y - half), (one.x, one.y + half)] if half else [(one.x, one.y)]
        points.append((ports[number, 1], low.y - low.size.height / 2))
        label = next((one for one in chain[1:-1] if one.size is link.label), chain[0])
        found.append(Way(points[::-1] if link in turned else points, (label.x, label.y)))
    return found


def _ports(chains: Sequence[list[_Piece]]) -> dict[tuple[int, int], float]:
    sides: dict[tuple[int, int], list[tuple[float, int]]] = {}
    for number, chain in enumerate(chains):
        sides.setdefault((id(chain[0]), 0), []).append((chain[1].x, number))
        sides.setdefault((id(chain[-1]), 1), []).append((chain[-2].x, number))
    found: dict[tuple[int, int], float] = {}
    boxes = {id(one): one for chain in chains for one in (chain[0], chain[-1])}
    for (box, side), met in sides.items():
        one = boxes[box]
        step = min(24.0, (one.size.width - 24) / max(1, len(met) - 1)) if len(met) > 1 else 0
        for place, (_x, number) in enumerate(sorted(met)):
            found[number, side] = one.x + (place - (len(met) - 1) / 2) * step
    return found
