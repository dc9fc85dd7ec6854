"""Generated screens over one table: list, create, edit, delete, export, each behind its door."""

from collections.abc import Mapping
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_admin.contrib.sqla import ModelView
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from admin_views import formats
from admin_views.base import Shut, clean_id, place, see_other
from admin_views.export import stream_csv
from admin_views.fields import major
from admin_views.lookups import clamp
from app.db import Base, db, transaction
from app.errors import N_, Conflict, Invalid, NotFound
from app.web.words import in_words, pick

EXPORT_ROWS = 10_000
PAGE_ROWS = 50


class RecordView(Shut, ModelView):
    """One table's screens. A subclass names its columns, its form and who may pass which door.

    Rows of another company don't exist here: the session refuses to see them, and ``get_one``
    answers 404. ``form`` is an explicit class, so nothing else can be written.
    """

    list_template = "staff/list.html"
    create_template = "staff/form.html"
    edit_template = "staff/form.html"
    column_display_actions = False
    column_display_pk = False
    column_type_formatters = formats.BY_TYPE
    column_end: tuple[str, ...] = ()  # columns of numbers, set to the end of their cell
    column_order: Any = None  # what the list is sorted by until somebody clicks a heading
    named_filter_urls = True
    form_base_class = FlaskForm
    # Counting a table takes longer the fuller it is; a next page is enough.
    simple_list_pager = True
    page_size = PAGE_ROWS
    export_max_rows = EXPORT_ROWS
    action_disallowed_list = ("delete",)
    empty_title = N_("Nothing here yet")
    empty_text = ""
    one = N_("entry")  # what a row is called on its buttons

    def __init__(
        self, model: type[Base], name: Any, path: str, *, group: str = "", **menu: Any
    ) -> None:
        super().__init__(model, db, name=name, **place(path, menu))
        self.group = group or self.endpoint
        self.in_menu = self.group == self.endpoint

    # Flask-Admin asks these; the doors answer.
    can_create = property(lambda self: self.may("create_view"))
    can_edit = property(lambda self: self.may("edit_view"))
    can_delete = property(lambda self: self.may("delete_view"))
    can_export = property(lambda self: self.may("export"))

    def get_one(self, id: Any) -> Any:  # noqa: A002 - Flask-Admin's name
        """Return one row of this company. Raises NotFound, for another company's row too."""
        key = clean_id(id)
        row = key and db.session.scalars(self.one_statement(key)).unique().one_or_none()
        if not row:
            raise NotFound(self.endpoint, id)
        return row

    def one_statement(self, key: int) -> Any:
        """Return the statement that finds one row."""
        return select(self.model).where(self.model.id == key)

    def _get_default_order(self) -> Any:
        for column, descending in self.column_order or (("id", True),):
            yield getattr(self.model, column), [], descending

    # Saving

    def new_row(self, session: Session, form: FlaskForm) -> Any:
        """Return a row with what its form doesn't ask."""
        return self.model()

    def save(self, session: Session, form: FlaskForm, row: Any | None) -> Any:
        """Write a form into ``row``, or into a new one; services take over where rules exist."""
        row = row or self.new_row(session, form)
        form.populate_obj(row)
        session.add(row)
        session.flush()  # a name that is taken must fail here, while the form can say so
        return row

    def remove(self, session: Session, row: Any) -> None:
        """Delete a row nothing points at."""
        session.delete(row)
        session.flush()  # what points at it must object here, while the page can say so

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> ResponseReturnValue:
        """Show the empty form; POST stores a new row."""
        return self._form_page(self.create_form(), None)

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> ResponseReturnValue:
        """Show a row's form; POST stores it."""
        row = self.get_one(request.args.get("id"))
        return self._form_page(self.edit_form(obj=row), row)

    @expose("/delete/", methods=("POST",))
    def delete_view(self) -> ResponseReturnValue:
        """Delete one row."""
        row = self.get_one(request.form.get("id"))
        try:
            with transaction() as session:
                self.remove(session, row)
        except IntegrityError as error:
            raise Conflict(N_("Something still uses this, so it stays.")) from error
        return see_other(self.list_url())

    @expose("/export/<export_type>/")
    def export(self, export_type: str) -> ResponseReturnValue:
        """Stream the list as CSV, safe to open in a spreadsheet."""
        if export_type != "csv":
            raise NotFound("export", export_type)
        _count, query = self.get_list(
            0, *self._sorting(), request.args.get("search"), self._get_list_filter_args(),
            execute=False, page_size=self.export_max_rows,
        )  # fmt: skip
        return stream_csv(self, query)

    @expose("/ajax/lookup/")
    def ajax_lookup(self) -> ResponseReturnValue:
        """Return what a picker may offer, at most fifty."""
        loader = self._form_ajax_refs.get(request.args.get("name", ""))
        if loader is None:
            raise NotFound("picker")
        limit, offset = clamp(request.args.get("limit"), request.args.get("offset"))
        rows = loader.get_list(request.args.get("query", "")[:100], offset, limit)
        return [loader.format(row) for row in rows]

    def _sorting(self) -> tuple[Any, bool]:
        column = self._get_column_by_idx(request.args.get("sort", type=int))
        return (column[0] if column else None), bool(request.args.get("desc", type=int))

    def _form_page(self, form: FlaskForm, row: Any | None) -> ResponseReturnValue:
        status = 200
        if request.method == "POST":
            done = self._saved(form, row) if form.validate() else None
            if done is not None:
                return see_other(self.saved_url(done))
            status = 422
        page = self.render(
            self.edit_template, form=form, model=row, return_url=self.list_url(), aria_of=aria_of,
            delete_url=row is not None and self.can_delete and self.get_url(".delete_view"),
        )  # fmt: skip
        return page, status

    def _saved(self, form: FlaskForm, row: Any | None) -> Any | None:
        try:
            with transaction() as session:
                return self.save(session, form, row)
        except Invalid as error:
            attach_errors(form, error.fields)
        except IntegrityError:
            form.form_errors.append(_("Another entry has this already."))
        return None

    def list_url(self) -> str:
        """Return the address of the list."""
        url: str = self.get_url(".index_view")
        return url

    def get_export_columns(self) -> list[tuple[str, Any]]:
        """Return what an export holds: the list's columns, or ``column_export_list``."""
        columns: list[tuple[str, Any]] = super().get_export_columns()
        return columns

    def export_value(self, row: Any, name: str) -> Any:
        """Return one value of an export, without markup."""
        value = getattr(row, name)
        if name.endswith("_cents") and value is not None:
            return major(value)
        return pick(value) if isinstance(value, dict) else value

    def row_url(self, row: Any) -> str | None:
        """Return where a row of the list leads, None when there is nowhere to go."""
        if not self.can_edit:
            return None
        url: str = self.get_url(".edit_view", id=row.id)
        return url

    def saved_url(self, row: Any) -> str:
        """Return where the result of saving is seen."""
        return self.list_url()

    def tabs(self) -> list[tuple[str, str, bool]]:
        """Return the pages of this view's group as (name, address, is this one)."""
        found = [
            (str(each.name), each.get_url(f"{each.endpoint}.index_view"), each is self)
            for each in self.admin._views  # noqa: SLF001 - the library has no public name for it
            if each.group == self.group and hasattr(each, "index_view") and each.is_accessible()
        ]
        return found if len(found) > 1 else []

    def chips(self) -> list[tuple[str, list[tuple[str, str, bool]]]]:
        """Return the filters as groups of (label, address, is on), for the chip row."""
        return formats.filter_chips(self)


def aria_of(field: Any) -> dict[str, str]:
    """Return what ties a control to its help and its error."""
    parts = [("error", field.errors), ("help", field.description)]
    ids = [f"{field.id}-{part}" for part, there in parts if there]
    found = {"aria_describedby": " ".join(ids)} if ids else {}
    return {**found, "aria_invalid": "true"} if field.errors else found


def attach_errors(form: FlaskForm, errors: Mapping[str, Any]) -> None:
    """Put a service's complaints beside the fields they are about."""
    for name, error in errors.items():
        sentence = in_words(error)
        if name in form:
            form[name].errors = [*form[name].errors, sentence]
        else:
            form.form_errors.append(sentence)
