"""The verbs, a file a noun. Importing the room binds the effects that definitions may name."""

from app.services import (
    estimate_effects,
    job_effects,
    mailed_answers,
    request_effects,
    visits,
)

__all__ = ["estimate_effects", "job_effects", "mailed_answers", "request_effects", "visits"]
