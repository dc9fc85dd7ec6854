"""An SMTP server that misbehaves at one stage of the talk: wrong codes, silence, drips."""

import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class OddServer(socketserver.ThreadingTCPServer):
    """Answers each verb with what ``says`` holds for it; ``drip_s`` parts the bytes of answers.

    A stage is a verb, ``BANNER``, or ``.`` for the message itself. An empty answer is silence,
    ``DROP`` ends the connection.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, says: dict[str, str], drip_s: float = 0.0) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.says, self.drip_s = says, drip_s
        self.messages: list[bytes] = []
        self.connections = 0

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """The client went away: that is what it should do."""


class _Talk(socketserver.StreamRequestHandler):
    server: OddServer

    def handle(self) -> None:
        self.server.connections += 1
        if not self._say("BANNER", "220 odd"):
            return
        for line in self.rfile:
            verb = line.decode().strip().upper().split(" ")[0]
            usual = {"EHLO": "250-odd\r\n250 AUTH PLAIN", "DATA": "354 go on", "QUIT": "221 bye"}
            if not self._say(verb, usual.get(verb, "250 OK")):
                return
            if verb == "DATA" and not self._take():
                return

    def _take(self) -> bool:
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line)
        before = len(self.server.messages)
        self.server.messages.append(b"".join(lines))
        if self.server.says.get(".", "250").startswith("250"):
            return self._say(".", "250 taken")
        del self.server.messages[before]
        return self._say(".", "250 taken")

    def _say(self, stage: str, usual: str) -> bool:
        answer = self.server.says.get(stage, usual)
        if answer == "DROP":
            self.connection.shutdown(socket.SHUT_RDWR)
            return False
        if not answer:
            time.sleep(60)
        line = answer.encode() + b"\r\n"
        if not self.server.drip_s:
            self.wfile.write(line)
            return True
        for byte in line:
            self.wfile.write(bytes([byte]))
            time.sleep(self.server.drip_s)
        return True


@contextmanager
def odd_server(drip_s: Any = 0.0, **says: Any) -> Iterator[OddServer]:
    """Run a server whose answers are ``says``; ``end`` stands for the message's own."""
    if "end" in says:
        says["."] = says.pop("end")
    with OddServer(says, drip_s) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join(5)
