"""A real browser walks through the product as its real processes serve it."""
