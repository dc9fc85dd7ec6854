"""Tests of the demo companies."""
