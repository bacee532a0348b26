"""A mail server to write to in tests: it records every letter that it took, and can refuse or fall silent."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class FakeMail:
    """What the server took. `answers` replaces its answer to a verb; an empty one ends the connection instead."""

    answers: dict[str, str] = field(default_factory=dict)
    letters: list[EmailMessage] = field(default_factory=list)
    port: int = 0


class Talk(socketserver.StreamRequestHandler):
    """One connection, as far as SMTP is needed."""

    mail: FakeMail

    def handle(self) -> None:
        """This function will answer line by line until the other side leaves."""
        self.wfile.write(b"220 fake\r\n")
        while line := self.rfile.readline(1000):
            verb = line.split(b" ")[0].split(b":")[0].strip().decode().upper()
            if not self._answer(verb, "354 go on" if verb == "DATA" else "250 ok"):
                return
            if verb == "DATA" and not self._letter():
                return
            if verb == "QUIT":
                return

    def _answer(self, verb: str, usual: str) -> bool:
        said = self.mail.answers.get(verb, usual)
        if said:
            self.wfile.write(f"{said}\r\n".encode())
        return bool(said)

    def _letter(self) -> bool:
        if self.mail.answers.get("DATA", "354").startswith("354"):
            lines = []
            while (line := self.rfile.readline(2000)) not in (b".\r\n", b""):
                lines.append(line)
            letter = message_from_bytes(b"".join(lines), policy=policy.default)
            assert isinstance(letter, EmailMessage)
            if self.mail.answers.get(".", "250")[:1] != "5":
                self.mail.letters.append(letter)
            return self._answer(".", "250 taken")
        return True


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def running(mail: FakeMail) -> Iterator[FakeMail]:
    """This function will serve on a free port of this machine while the block runs."""
    server = _Server(("127.0.0.1", 0), type("Handler", (Talk,), {"mail": mail}))
    mail.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield mail
    finally:
        server.shutdown()
        server.server_close()
