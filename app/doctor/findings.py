"""What the doctor has to say."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One sentence for the person at the terminal; a note needs no mending."""

    sentence: str
    is_problem: bool = True

    def __str__(self) -> str:
        """Return the line to print."""
        return f"{'PROBLEM' if self.is_problem else 'note   '}  {self.sentence}"


def note(sentence: str) -> Finding:
    """Return something worth knowing."""
    return Finding(sentence, is_problem=False)
