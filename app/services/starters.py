"""What a new company begins with: categories, reasons, hours and the settings of its preset."""

from datetime import time
from typing import Any, Final

Words = dict[str, str]

# Source: feature 6. Owners edit the rows later.
CATEGORIES: Final[dict[str, Words]] = {
    "repair": {"en": "Repair", "es": "Reparación", "de": "Reparatur"},
    "maintenance": {"en": "Maintenance", "es": "Mantenimiento", "de": "Wartung"},
    "installation": {"en": "Installation", "es": "Instalación", "de": "Installation"},
    "inspection": {"en": "Inspection", "es": "Inspección", "de": "Inspektion"},
    "emergency": {"en": "Emergency", "es": "Urgencia", "de": "Notfall"},
    "other": {"en": "Other", "es": "Otro", "de": "Sonstiges"},
}

# Source: features 78 and 92. The customer reads the chosen one word for word.
DECLINE_REASONS: Final[list[Words]] = [
    {
        "en": "This kind of work is outside what our company does.",
        "es": "Este tipo de trabajo queda fuera de lo que hace nuestra empresa.",
        "de": "Diese Art von Arbeit gehört leider nicht zu unseren Leistungen.",
    },
    {
        "en": "The address is outside the area we serve.",
        "es": "La dirección está fuera de la zona en la que trabajamos.",
        "de": "Die Adresse liegt leider außerhalb unseres Einsatzgebiets.",
    },
    {
        "en": "We already have a job for this; your request duplicates it.",
        "es": "Ya tenemos un trabajo abierto para esto; su solicitud lo repite.",
        "de": "Dazu gibt es bereits einen Auftrag; Ihre Anfrage ist doppelt.",
    },
    {
        "en": "Cancelled at the customer's request.",
        "es": "Cancelada a petición del cliente.",
        "de": "Auf Wunsch des Kunden storniert.",
    },
]

WORKDAYS: Final = range(5)
OPENS: Final = time(8)
CLOSES: Final = time(17)

# What a company is set to by the way it takes requests, the recommended one first. Customers
# read of everything by mail, by the channel they prefer where the "email" is missing.
# Source: presets.md, "The presets".
_BY_MAIL: Final[dict[str, dict[str, str]]] = {"*": {"customer": "email"}}
SETTINGS: Final[dict[str, dict[str, Any]]] = {
    "hybrid": {
        "eligibility": "portal_full", "signup": "approval_needed", "passwords_allowed": False,
        "jobs_default_view": "active", "shows_cost": True, "channels": {},
    },
    "service_request": {
        "eligibility": "portal_full", "signup": "off", "passwords_allowed": False,
        "jobs_default_view": "active", "shows_cost": False, "channels": _BY_MAIL,
    },
    "booking_request": {
        "eligibility": "portal_full", "signup": "off", "passwords_allowed": False,
        "jobs_default_view": "active", "shows_cost": False, "channels": _BY_MAIL,
    },
    "online_booking": {
        "eligibility": "onboarded", "signup": "off", "passwords_allowed": False,
        "jobs_default_view": "active", "shows_cost": False, "channels": {},
    },
    "estimate_request": {
        "eligibility": "any_account", "signup": "open", "passwords_allowed": True,
        "jobs_default_view": "all", "shows_cost": True, "channels": _BY_MAIL,
    },
}  # fmt: skip
ELIGIBILITY: Final = {name: str(set_to["eligibility"]) for name, set_to in SETTINGS.items()}

# Names a company can't have: each would be a host of ours once PORTAL_DOMAIN is set.
RESERVED_SLUGS: Final = frozenset({
    "admin", "api", "app", "assets", "cdn", "demo", "docs", "ftp", "help", "mail", "media", "p",
    "portal", "smtp", "static", "status", "support", "webhooks", "www",
})  # fmt: skip
