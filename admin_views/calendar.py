"""When the company works: opening hours and holidays, tabs of Company Settings."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField, TimeField
from wtforms.validators import InputRequired, Length

from admin_views import formats
from admin_views.base import OWNER, Doors
from admin_views.fields import tidy
from admin_views.records import RecordView
from admin_views.settings import all_tabs

WEEKDAYS = {
    0: _l("Monday"), 1: _l("Tuesday"), 2: _l("Wednesday"), 3: _l("Thursday"), 4: _l("Friday"),
    5: _l("Saturday"), 6: _l("Sunday"),
}  # fmt: skip


class _Calendar(RecordView):
    """A tab of Company Settings that is a list."""

    list_template = "staff/settings_list.html"
    doors = Doors(list=OWNER, create=OWNER, edit=OWNER, delete=OWNER)

    def settings_tabs(self) -> list[tuple[str, Any, str]]:
        """Return every tab of Company Settings."""
        return all_tabs()


class OpeningHoursForm(FlaskForm):
    """One stretch of one weekday."""

    weekday = SelectField(_l("Day"), choices=lambda: list(WEEKDAYS.items()), coerce=int)
    opens = TimeField(_l("From"), [InputRequired()], format=["%H:%M", "%H:%M:%S"])
    closes = TimeField(_l("Until"), [InputRequired()], format=["%H:%M", "%H:%M:%S"])

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse an end before the beginning."""
        if not super().validate(extra_validators):
            return False
        if self.opens.data and self.closes.data and self.opens.data >= self.closes.data:
            self.closes.errors = [_l("The end must be after the beginning.")]
            return False
        return True


class OpeningHoursView(_Calendar):
    """The hours in which the business clock runs."""

    form = OpeningHoursForm
    column_list = ("weekday", "opens", "closes")
    column_labels = {"weekday": _l("Day"), "opens": _l("From"), "closes": _l("Until")}
    column_formatters = {"weekday": formats.chosen(WEEKDAYS)}
    column_order = (("weekday", False), ("opens", False))
    one = _l("hours")
    empty_text = _l("Without hours every day counts as a day off.")


class HolidayForm(FlaskForm):
    """A day on which the business clock stands still."""

    day = DateField(_l("Day"), [InputRequired()])
    name = StringField(_l("Name"), [InputRequired(), Length(max=200)], filters=[tidy])


class HolidayView(_Calendar):
    """Days off for everybody."""

    form = HolidayForm
    column_list = ("day", "name")
    column_labels = {"day": _l("Day"), "name": _l("Name")}
    column_order = (("day", True),)
    one = _l("holiday")
    empty_text = _l("Add the days on which nobody works, so that no deadline counts them.")
