"""Who acts: a plain value that outlives the transaction it was read in."""

from dataclasses import dataclass
from typing import Literal

ActorKind = Literal["staff", "customer", "system"]
STAFF_ROLES = ("owner", "dispatcher", "technician", "office")


@dataclass(frozen=True)
class Actor:
    """A person or the system, inside one company."""

    kind: ActorKind
    id: int | None
    company_id: int
    role: str
    name: str
    language: str = "en"
    email: str | None = None
    session_id: int | None = None

    @property
    def ref(self) -> str:
        """Return the short stored form, such as ``staff:12`` or ``system``."""
        return self.kind if self.id is None else f"{self.kind}:{self.id}"

    def may_review(self) -> bool:
        """Return True for those who decide on requests. Source: feature 187."""
        return self.role in ("owner", "dispatcher")


def system(company_id: int) -> Actor:
    """Return the actor that timers and sweepers act as."""
    return Actor("system", None, company_id, "system", "Callout")
