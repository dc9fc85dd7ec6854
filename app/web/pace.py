"""Answers that take equally long whatever is true, so that a clock learns nothing."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

EVEN_S: Final = 0.08  # well above what the longer of the two ways takes


@contextmanager
def evenly(least_s: float = EVEN_S) -> Iterator[None]:
    """Let the block take at least so long. Source: adversarial A09."""
    started_s = time.monotonic()
    try:
        yield
    finally:
        time.sleep(max(0.0, least_s - (time.monotonic() - started_s)))
