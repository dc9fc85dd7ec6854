"""What every answer tells the browser, whatever its status."""

import pytest
from werkzeug.datastructures import Headers

from app.models import Company
from app.services import access
from tests.portal import doors

ADDRESSES = {
    200: "/p/acme/login",
    303: "/p/acme/jobs",
    404: "/nowhere",
    405: "/theme",
    410: "/p/acme/enter/none",
}


@pytest.mark.feature("B06")
@pytest.mark.parametrize("status", ADDRESSES)
def test_every_status_is_protected(client, world, status):
    answer = client.get(ADDRESSES[status])

    assert answer.status_code == status
    _check(answer.headers)


@pytest.mark.feature("B06")
def test_a_body_that_is_too_large_is_refused_with_the_headers(client, world):
    answer = client.post("/p/acme/login", data={"email": "x" * 600_000})

    assert answer.status_code == 413
    assert "fewer or smaller photos" in answer.text
    _check(answer.headers)


@pytest.mark.feature("B06")
def test_a_failure_of_ours_keeps_the_headers_and_its_secrets(client, world, monkeypatch, capsys):
    def fail(*_args, **_kwargs):
        raise RuntimeError("the reason")

    monkeypatch.setattr("app.services.access.look", fail)

    answer = client.get("/p/acme/enter/very-secret-token")

    assert answer.status_code == 500
    assert "the reason" not in answer.text
    _check(answer.headers, referrer="no-referrer")
    logged = capsys.readouterr().err
    assert "the reason" in logged
    assert "very-secret-token" not in logged
    reference = answer.text.split("Reference ")[1][:8]
    assert reference in logged


@pytest.mark.feature("B06", "A12")
def test_no_page_learns_the_address_of_a_link(client, world):
    answer = client.get(doors.mailed_path(client, world))

    assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.feature("B06")
def test_each_page_has_its_own_nonce(client, world):
    first, second = (client.get("/admin/login").headers for _ in range(2))

    assert first["Content-Security-Policy"] != second["Content-Security-Policy"]


@pytest.mark.feature("B06", 181)
def test_over_tls_cookies_belong_to_this_host_alone(world, new_app):
    client = new_app(PUBLIC_URL="https://callout.example").test_client()
    page = client.get("/p/acme/login", base_url="https://callout.example")
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]

    answer = client.post(
        "/p/acme/login", base_url="https://callout.example",
        data={"csrf_token": token, "email": doors.EMAIL},
    )  # fmt: skip

    assert answer.status_code == 303
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    cookies = [*page.headers.getlist("Set-Cookie"), *answer.headers.getlist("Set-Cookie")]
    assert len(cookies) >= 2
    for cookie in cookies:
        assert cookie.startswith("__Host-")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
        assert "Domain=" not in cookie


@pytest.mark.feature("B06")
def test_on_the_own_machine_cookies_go_without_tls(client, world):
    (cookie,) = client.get("/p/acme/login").headers.getlist("Set-Cookie")

    assert cookie.startswith("callout=")
    assert {"HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))


@pytest.mark.feature("A14")
@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "callout.example:80@evil.example"]
)
def test_a_strange_host_is_refused(client, world, host):
    answer = client.get("/p/acme/login", headers={"Host": host})

    assert answer.status_code == 400
    assert host not in answer.text
    _check(answer.headers)


@pytest.mark.feature("A14")
def test_a_mailed_link_has_our_own_address_whatever_the_request_says(client, world):
    page = client.page("/p/acme/login")
    form = page.form("Send me a link")
    hostile = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Host": "e.x"}
    client.post(form.action, data=form.filled(email=doors.EMAIL), headers=hostile)

    link = doors.newest_link(world)
    address = access.link_url(link, world.enter().get_one(Company, world.company_id))
    assert address.startswith("http://127.0.0.1:8000/p/acme/enter/")


def test_styles_may_be_kept_and_pages_may_not(client, world):
    with client.get("/static/tokens.css") as styles:
        assert "max-age=3600" in styles.headers["Cache-Control"]
    assert client.get("/p/acme/login").headers["Cache-Control"] == "no-store"


def _check(headers: Headers, referrer: str | None = None) -> None:
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    for part in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "'nonce-"):
        assert part in policy
    assert "form-action 'self' https://checkout.stripe.com" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == referrer or headers["Referrer-Policy"]
    assert headers["Cache-Control"] == "no-store"
