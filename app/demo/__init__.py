"""The demo companies: what a visitor finds after `make demo`."""
