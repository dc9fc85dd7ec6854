"""Message texts: what every message says, in each language, and the way to say it otherwise."""

from collections.abc import Mapping
from typing import Final

from flask import current_app, flash, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from limits import parse
from sqlalchemy.orm import Session

from admin_views.base import OWNER, StaffPage, actor, form_data, opens_to, see_other
from admin_views.message_text_page import PREFIX, Page, shown, wanted
from app import clock, languages
from app.db import db, transaction
from app.errors import Conflict, DomainError, Invalid
from app.models import Company
from app.services import (
    message_list,
    message_names,
    message_previews,
    message_saving,
    message_versions,
)
from app.services.house_texts import Place
from app.services.message_sources import HOUSE, Source, Text, find
from app.web import limits
from app.web.words import in_words

TESTS: Final = parse("20/hour")
STANDINGS: Final = {
    "shipped": _l("as shipped"), "changed": _l("changed by you"), "own": _l("your own"),
}  # fmt: skip
CHANNELS: Final = {"email": _l("Mail"), "sms": _l("SMS")}
# A mail brings its own styles and nothing else; nothing in it can be followed or run.
_FRAME_CSP: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'self'; sandbox"
)


class MessageTextsView(StaffPage):
    """What messages say, for owners to change."""

    @expose("/")
    @opens_to(OWNER)
    def index(self) -> ResponseReturnValue:
        """List every message; ``workflow`` and ``message`` lead to one."""
        message = request.args.get("message")
        if message:
            where = request.args.get("workflow") or HOUSE
            return see_other(url_for(".text", where=where, message=message))
        return self.render(
            "staff/message_texts.html", groups=message_list.groups(db.session(), actor()),
            names=message_names, standings=STANDINGS, channels=CHANNELS,
            language_name=languages.SHIPPED.get,
        )  # fmt: skip

    @expose("/<where>/<message>", methods=("GET", "POST"))
    @opens_to(OWNER)
    def text(self, where: str, message: str) -> ResponseReturnValue:
        """Show the texts of one message; POST keeps them."""
        if request.method == "GET":
            return self._page(_source(where, message))
        try:
            self._keep(where, message)
        except Invalid as error:
            errors = {key: in_words(why) for key, why in error.fields.items()}
            return self._page(_source(where, message), errors=errors), error.status
        except Conflict as error:
            flash(in_words(error), "error")
            return self._page(_source(where, message), typed=True), error.status
        return see_other(url_for(".text", where=where, message=message))

    @expose("/<where>/<message>/preview", methods=("POST",))
    @opens_to(OWNER)
    def preview(self, where: str, message: str) -> ResponseReturnValue:
        """Show what is typed as it would go out; nothing is kept."""
        page = _typed_page(where, message)
        if request.headers.get("HX-Request"):
            return self.render("staff/_message_shown.html", page=page, channels=CHANNELS)
        return self._rendered(page)

    @expose("/<where>/<message>/letter", methods=("GET", "POST"))
    @opens_to(OWNER)
    def letter(self, where: str, message: str) -> ResponseReturnValue:
        """Return the mail's own HTML, for the frame it is shown in; nothing is kept."""
        source = _source(where, message)
        raw = form_data() if request.method == "POST" else request.args.to_dict()
        typed = message_saving.peek(source, form_data()) if request.method == "POST" else None
        answer = make_response(shown(db.session(), source, wanted(source, raw), typed).html)
        answer.headers["Content-Security-Policy"] = _FRAME_CSP
        answer.headers["X-Frame-Options"] = "SAMEORIGIN"
        return answer

    @expose("/<where>/<message>/test", methods=("POST",))
    @opens_to(OWNER)
    def test(self, where: str, message: str) -> ResponseReturnValue:
        """Send the signed-in owner what is typed, as a test."""
        status, words = _sent_test(_source(where, message))
        if request.headers.get("HX-Request"):
            tone = "won" if status == 200 else "lost"
            # Pages put in place what is answered with 422, and nothing with 429.
            shown_as = 422 if status == 429 else status
            return self.render("staff/_message_tested.html", words=words, tone=tone), shown_as
        flash(words, "success" if status == 200 else "error")
        return self._rendered(_typed_page(where, message)), status

    @expose("/<where>/<message>/back/<int:number>", methods=("POST",))
    @opens_to(OWNER)
    def back(self, where: str, message: str, number: int) -> ResponseReturnValue:
        """Say again what was said in an earlier version; 0 is how it was shipped."""
        with transaction() as session:
            source = find(session, actor(), where, message)
            texts = message_versions.texts_at(session, actor(), source, number)
            typed = message_saving.whole(source, texts)
            message_saving.save(session, actor(), source, typed, edition=None, at=clock.now())
        _say_kept(where)
        return see_other(url_for(".text", where=where, message=message))

    def _keep(self, where: str, message: str) -> None:
        edition = str(form_data().get("edition", ""))
        known = int(edition) if edition.isdecimal() else None
        with transaction() as session:
            source = find(session, actor(), where, message)
            typed = message_saving.read(source, form_data())
            message_saving.save(session, actor(), source, typed, edition=known, at=clock.now())
        _say_kept(where)

    def _page(
        self, source: Source, *, errors: Mapping[str, str] | None = None, typed: bool = False
    ) -> str:
        raw = form_data() if errors or typed else {}
        texts = message_saving.peek(source, raw) if raw else None
        return self._rendered(Page(db.session(), source, raw, texts, errors or {}))

    def _rendered(self, page: Page) -> str:
        rendered: str = self.render(
            "staff/message_text.html", page=page, channels=CHANNELS, prefix=PREFIX,
            field_name=message_saving.field_name, names=message_names,
        )  # fmt: skip
        return rendered


def _source(where: str, message: str) -> Source:
    return find(db.session(), actor(), where, message)


def _typed_page(where: str, message: str) -> Page:
    source = _source(where, message)
    raw = form_data()
    typed = message_saving.peek(source, raw)
    return Page(db.session(), source, raw, typed, {})


def _sent_test(source: Source) -> tuple[int, str]:
    """Send a test of what is typed; return a status and what to say of it."""
    who = actor()
    if not limits.allows(TESTS, "message-test", f"{who.company_id}.{who.id}"):
        return 429, _("That were many tests. Wait a while before the next one.")
    try:
        typed = message_saving.read(source, form_data())
        _check_channel(wanted(source, form_data()).channel)
        with transaction() as session:
            _post_test(session, source, typed)
    except Invalid as error:
        return error.status, " ".join(in_words(why) for why in error.fields.values())
    except DomainError as error:
        return error.status, in_words(error)
    return 200, _("A test is on its way to you.")


def _check_channel(channel: str) -> None:
    """Raise Conflict for a test that could not leave this installation."""
    if channel == "sms" and not current_app.config["SETTINGS"].sms_url:
        raise Conflict(message_previews.NO_SMS)


def _post_test(session: Session, source: Source, typed: Mapping[Place, Text]) -> None:
    company = session.get_one(Company, actor().company_id)
    asked = wanted(source, form_data())
    words = message_previews.chosen(source, typed, asked, company)
    message_previews.send_test(session, actor(), source, asked, words, clock.now())


def _say_kept(where: str) -> None:
    if where == HOUSE:
        flash(_("Saved. The next message says it so."), "success")
    else:
        flash(_("Draft saved. It goes out once the workflow is published."), "success")
