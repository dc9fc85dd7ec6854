"""The languages Callout speaks."""

from typing import Final

# Each under its own name, as people look for it in a list.
SHIPPED: Final = {"en": "English", "es": "Español", "de": "Deutsch"}
