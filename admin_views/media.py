"""The photos of requests and jobs, for the people who work on them."""

from flask import Response, request
from flask_admin import expose

from admin_views.base import EVERYBODY, StaffPage, opens_to
from app.web import photos


class PhotosView(StaffPage):
    """Photos by their public ids; which ones a person may see depends on the person."""

    in_menu = False

    @expose("/")
    @opens_to(frozenset())
    def index(self) -> Response:
        """Show nothing: there is no list of photos."""
        raise NotImplementedError

    @expose("/<ref>")
    @opens_to(EVERYBODY)
    def show(self, ref: str) -> Response:
        """Show one photo, whole or small."""
        return photos.show(ref, request.args.get("size"))
