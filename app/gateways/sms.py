"""Text messages through whatever service SMS_URL names, by Apprise."""

import logging
from typing import Final
from urllib.parse import quote

from app.errors import N_, GatewayError
from app.letters import TextMessage

UNUSABLE: Final = N_("The text message service can't be used. Check SMS_URL.")
SILENT: Final = N_("The text message service did not take the message.")


class SmsLine:
    """Sends one message after the other; ``url`` is Apprise's address with ``{to}`` in it."""

    def __init__(self, url: str) -> None:
        self._url = url

    def connect(self) -> None:
        """Do nothing: each message has a connection of its own."""

    def send(self, message: TextMessage) -> None:
        """Hand one message to the service. Raises GatewayError."""
        import apprise  # takes half a second, which installations without SMS need not wait

        # Its log lines hold the address, and with it the service's secret.
        logging.getLogger("apprise").setLevel(logging.CRITICAL)
        service = apprise.Apprise()
        if not service.add(self._url.replace("{to}", quote(message.to, safe=""))):
            raise GatewayError(UNUSABLE, ours=True)
        if not service.notify(body=message.text, body_format=apprise.NotifyFormat.TEXT):
            raise GatewayError(SILENT)

    def close(self) -> None:
        """Do nothing: there is nothing open."""
