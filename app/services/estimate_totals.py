"""What an estimate comes to: whole minor units, and one rule that rounds them.

A line is quantity times price, halves rounded up. Tax is worked out once a rate, on the sum of
that rate's lines, and rounded the same way.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from app.money import share_cents


class Priced(Protocol):
    """A line of an estimate, as it is typed or as it is stored."""

    @property
    def quantity_milli(self) -> int:
        """Return the quantity in thousandths."""

    @property
    def unit_cents(self) -> int:
        """Return the price of one, in minor units."""

    @property
    def tax_bp(self) -> int:
        """Return the tax in basis points."""


@dataclass(frozen=True)
class Tax:
    """The tax of one rate."""

    tax_bp: int
    cents: int


@dataclass(frozen=True)
class Totals:
    """Sums in minor units; ``taxes`` are by rate, the lowest first, without those of nothing."""

    subtotal_cents: int
    taxes: Sequence[Tax]

    @property
    def tax_cents(self) -> int:
        """Return the tax of all rates."""
        return sum(tax.cents for tax in self.taxes)

    @property
    def total_cents(self) -> int:
        """Return what there is to pay."""
        return self.subtotal_cents + self.tax_cents


def line_cents(line: Priced) -> int:
    """Return what one line comes to before tax."""
    return share_cents(line.unit_cents, Decimal(line.quantity_milli) / 1000)


def totals(lines: Iterable[Priced]) -> Totals:
    """Return what the lines come to together."""
    sums: dict[int, int] = {}
    for line in lines:
        sums[line.tax_bp] = sums.get(line.tax_bp, 0) + line_cents(line)
    taxes = [
        Tax(tax_bp, share_cents(cents, Decimal(tax_bp) / 10_000))
        for tax_bp, cents in sorted(sums.items())
        if tax_bp
    ]
    return Totals(sum(sums.values()), taxes)
