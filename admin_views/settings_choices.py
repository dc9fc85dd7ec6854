"""What the answers of company settings are called, for the forms and for previews."""

from typing import Any, Final

from flask_babel import lazy_gettext as _l

ELIGIBILITY: Final = {
    "portal_full": _l("Customers with full portal access"),
    "onboarded": _l("Customers who have been set up"),
    "any_account": _l("Everybody with an account"),
}
SIGNUP: Final = {
    "off": _l("Nobody: you add your customers yourself"),
    "approval_needed": _l("Anybody, once you have said yes"),
    "open": _l("Anybody, at once"),
}
JOBS_VIEW: Final = {"active": _l("Active jobs"), "all": _l("All jobs")}
TECHNICIAN: Final = {
    "first": _l("First name"), "full": _l("First and last name"), "none": _l("No name"),
}  # fmt: skip
ALLOWED: Final = {"on": _l("allowed"), "off": _l("not allowed")}
SHOWN: Final = {"on": _l("shown"), "off": _l("not shown")}
CHANNEL: Final = {
    "": _l("Customer’s choice"), "email": _l("E-mail"), "sms": _l("SMS"),
    "both": _l("E-mail and SMS"),
}  # fmt: skip
# The settings that come with a way of taking requests: what each is called, and its answers.
PRESET_SETTINGS: Final[dict[str, tuple[Any, dict[str, Any]]]] = {
    "eligibility": (_l("Who may send requests"), ELIGIBILITY),
    "signup": (_l("Who may create an account"), SIGNUP),
    "passwords": (_l("Passwords of customers"), ALLOWED),
    "jobs_default_view": (_l("Customers land on"), JOBS_VIEW),
    "cost": (_l("Prices of jobs"), SHOWN),
    "channel": (_l("Customers are told by"), CHANNEL),
}
# What each way of taking requests is good for.
GOOD_FOR: Final = {
    "hybrid": _l("Good for most: up to three dates, a review, another time proposed back and "
                 "forth, a quote instead."),
    "service_request": _l("Good when a dispatcher looks at each request and makes a job of it. "
                          "Short form, clear answer."),
    "booking_request": _l("Good for clients on a plan: they pick a service and a window, one "
                          "click schedules the visit."),
    "online_booking": _l("Good when customers book appointments: up to three dates, proposals, "
                         "a reminder after two days."),
    "estimate_request": _l("Good when every piece of work begins with a price: each request "
                           "opens an estimate."),
}  # fmt: skip
READERS: Final = {
    "customer": _l("Customer"), "company": _l("The company"), "dispatchers": _l("Dispatchers"),
    "owners": _l("Owners"), "reviewers": _l("Owners and dispatchers"), "office": _l("Office"),
    "technician": _l("Technician"),
}  # fmt: skip
