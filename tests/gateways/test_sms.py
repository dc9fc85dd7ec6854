"""Text messages through a service on loopback."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from app.errors import GatewayError
from app.gateways.sms import SmsLine
from app.letters import TextMessage
from tests.harness.servers import free_port

pytestmark = [
    pytest.mark.feature(106),
    # Apprise imports it for a service of its own.
    pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning"),
]


class Service(HTTPServer):
    """A text message service that notes what it was asked to send."""

    answer = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.sent: list[tuple[str, str]] = []


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.sent.append((self.path, body["message"]))
        self.send_response(self.server.answer)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def service():
    with Service() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_text_goes_to_the_number(service):
    SmsLine(f"json://127.0.0.1:{service.server_port}/{{to}}").send(
        TextMessage("+4989123456", "Navigator: confirmed for Tuesday.")
    )

    assert service.sent == [("/+4989123456", "Navigator: confirmed for Tuesday.")]


def test_a_service_that_says_no_is_tried_again_later(service):
    service.answer = 500

    with pytest.raises(GatewayError) as caught:
        SmsLine(f"json://127.0.0.1:{service.server_port}/{{to}}").send(TextMessage("+491", "Hi"))

    assert not caught.value.permanent


def test_a_service_that_is_not_there_is_tried_again_later():
    with pytest.raises(GatewayError) as caught:
        SmsLine(f"json://127.0.0.1:{free_port()}/{{to}}").send(TextMessage("+491", "Hi"))

    assert not caught.value.permanent


def test_an_address_apprise_does_not_know_is_our_own_fault():
    with pytest.raises(GatewayError) as caught:
        SmsLine("nosuchservice://{to}").send(TextMessage("+491", "Hi"))

    assert caught.value.ours


def test_the_services_secret_is_not_logged(service, caplog):
    service.answer = 401

    with pytest.raises(GatewayError):
        SmsLine(f"json://us:TOPSECRET@127.0.0.1:{service.server_port}/{{to}}").send(
            TextMessage("+491", "Hi")
        )

    assert "TOPSECRET" not in caplog.text
