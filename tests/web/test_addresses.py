"""Where a page may send somebody on to."""

import pytest

from app.web.addresses import local_path
from app.web.limits import mailbox
from app.web.logs import redact


@pytest.mark.parametrize("path", ["/p/acme/", "/p/acme/jobs?status=open&after=x", "/p/acme/a%20b"])
def test_our_own_pages_are_fine(path):
    assert local_path(path, below="/p/acme/") == path


@pytest.mark.parametrize(
    "path",
    [
        None, "", "p/acme/", "//evil.example", "/\\evil.example", "https://evil.example/p/acme/",
        "/p/acme/../other/", "/p/acme/%2e%2e/other/", "/p/acme\n/x", "/p/acme/%0d%0aSet-Cookie:x",
        "/p/other/", "/%2f/evil.example", "javascript:alert(1)", "/p/acme/" + "x" * 600,
    ],
)  # fmt: skip
def test_anything_else_is_not(path):
    assert local_path(path, below="/p/acme/") is None


@pytest.mark.feature("A10")
@pytest.mark.parametrize(
    "typed", ["Carla@X.Test", " carla@x.test ", "carla+news@x.test", "CARLA+1+2@x.test"]
)
def test_spellings_of_one_mailbox_are_counted_together(typed):
    assert mailbox(typed) == "carla@x.test"


@pytest.mark.feature("A10")
def test_dots_count_where_they_count_only():
    assert mailbox("c.a.r.l.a@googlemail.com") == mailbox("carla@gmail.com")
    assert mailbox("c.arla@x.test") != mailbox("carla@x.test")


@pytest.mark.feature("A12")
def test_no_secret_address_is_written_down():
    assert redact("/p/acme/enter/s3cret") == "/p/acme/enter/[hidden]"
    assert redact("/p/acme/enter/s3cret/fresh") == "/p/acme/enter/[hidden]/fresh"
    assert redact("/admin/invite/acme/s3cret") == "/admin/invite/acme/[hidden]"
    assert redact("/p/acme/jobs/x") == "/p/acme/jobs/x"
