"""The workflow language: what a definition is, what is wrong with one, and how it steps."""
