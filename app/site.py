"""This installation: the address it is known by and the secrets it signs with, told at start."""

import hashlib
import hmac
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Site:
    """What links and signatures need to know; ``secrets`` has the newest first."""

    public_url: str
    secrets: tuple[str, ...] = field(repr=False)
    portal_domain: str | None = None

    def portal_url(self, slug: str) -> str:
        """Return the address of a company's portal, without a slash at its end."""
        if self.portal_domain:
            return f"https://{slug}.{self.portal_domain}/p/{slug}"
        return f"{self.public_url}/p/{slug}"

    def derive(self, purpose: str, seed: str) -> tuple[bytes, ...]:
        """Return 32 bytes that only we can make of ``seed``, one for each secret, newest first."""
        message = f"{purpose}\0{seed}".encode()
        return tuple(hmac.digest(secret.encode(), message, "sha256") for secret in self.secrets)


_site: Site | None = None


def use(site: Site) -> None:
    """Tell the process which installation it serves."""
    global _site
    _site = site


def current() -> Site:
    """Return the installation this process serves. Raises RuntimeError before ``use``."""
    if _site is None:
        raise RuntimeError("nobody said which site this is: call site.use() first")
    return _site


def digest(secret: str) -> str:
    """Return what may be stored of a random secret: enough to know it again, no way back."""
    return hashlib.sha256(secret.encode()).hexdigest()
