"""Money as whole minor units and the one rule that rounds it."""

from decimal import ROUND_HALF_UP, Decimal


def share_cents(amount_cents: int, rate: Decimal) -> int:
    """Return ``rate`` of an amount in minor units, halves away from zero."""
    return int((Decimal(amount_cents) * rate).quantize(Decimal(1), rounding=ROUND_HALF_UP))
