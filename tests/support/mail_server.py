"""A real mail server on loopback over TLS, which refuses, delays, dies or hangs on command.

Its certificate is by an authority of its own, made here. ``delivered`` is what it took: what its
handler had answered for, whether or not that answer ever left.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import email
import email.policy
import ipaddress
import ssl
import threading
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

USER, PASSWORD = "cards@agency.example", "correct horse battery"
SENDER, TO = "cards@agency.example", "jane.doe@customer.example"


@dataclass(frozen=True)
class Papers:
    """An authority's certificate, and a server's certificate and key in one file."""

    ca: Path
    server: Path


def make_papers(directory: Path, *, host: str = "127.0.0.1", days: int = 30) -> Papers:
    """A new authority and one server; ``days`` below zero: expired."""
    directory.mkdir(parents=True, exist_ok=True)
    now = datetime.datetime.now(datetime.UTC)
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A test authority")])
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A test server")])

    def begin(subject: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(ca_name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=60))
            .not_valid_after(now + datetime.timedelta(days=days))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), False
            )
        )

    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    ca = (
        begin(ca_name, ca_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(ca_key, hashes.SHA256())
    )
    try:
        alternative: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        alternative = x509.DNSName(host)
    server = (
        begin(name, key.public_key())
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    papers = Papers(directory / "ca.pem", directory / "server.pem")
    papers.ca.write_bytes(ca.public_bytes(pem))
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    papers.server.write_bytes(server.public_bytes(pem) + private)
    return papers


@dataclass
class Order:
    """How the server treats the messages that come while this stands.

    ``rcpt`` and ``data``: a reply in place of the good one. ``die_in_data``: hang up after so many
    bytes of the message. ``die_after``: hang up after the end of the data, the message ``taken`` or
    not. ``hang``: say nothing more at ``greeting``, ``data`` or ``end``; read nothing more at
    ``middle``. ``times``: for so many messages, then all is well.
    """

    rcpt: str = ""
    data: str = ""
    die_in_data: int = 0
    die_after: bool = False
    taken: bool = True
    hang: str = ""
    times: int = 1_000_000


@dataclass
class MailServer:
    """Listens on 127.0.0.1 in a thread of its own."""

    papers: Papers
    implicit: bool = False
    login: bool = True
    starttls: bool = True
    order: Order = field(default_factory=Order)
    delivered: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    connections: int = 0
    logins: list[bool] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)
    port: int = 0
    size_limit: int = 32 * 1024 * 1024

    def start(self) -> None:
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        assert ready.wait(20)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(20)
        assert not self._thread.is_alive()

    def times_delivered(self) -> Counter[str]:
        """How often each Message-ID is in the mailbox."""
        return Counter(str(message["Message-ID"]) for message in self.delivered)

    # -- inside ------------------------------------------------------------------------------

    def _run(self, ready: threading.Event) -> None:
        asyncio.run(self._serve(ready))

    async def _serve(self, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.papers.server)
        self._transports: set[asyncio.BaseTransport] = set()
        server = await self._loop.create_server(
            lambda: _Conversation(self, context),
            "127.0.0.1",
            self.port,
            ssl=context if self.implicit else None,
        )
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await self._stopping.wait()
        server.close()
        for transport in list(self._transports):
            with contextlib.suppress(AttributeError):  # one whose TLS is torn down already
                transport.abort()  # type: ignore[attr-defined]
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def take_order(self) -> Order:
        """The order for one message; it is used up by it."""
        order = self.order
        order.times -= 1
        if order.times <= 0:
            self.order = Order()
        return order

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str,
                     data: Any) -> AuthResult:  # fmt: skip
        good = data == LoginPassword(USER.encode(), PASSWORD.encode())
        self.logins.append(good)
        return AuthResult(success=good, handled=False)


class _Conversation(SMTP):
    def __init__(self, mail: MailServer, context: ssl.SSLContext) -> None:
        self._mail = mail
        self._order = Order()
        self._left = -1
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it does not see that the whole connection is TLS
            super().__init__(
                _Handler(mail),
                hostname="mail.agency.example",
                data_size_limit=mail.size_limit,
                tls_context=context if mail.starttls and not mail.implicit else None,
                require_starttls=mail.starttls and not mail.implicit,
                auth_required=mail.login,
                auth_require_tls=not mail.implicit,
                authenticator=mail.authenticate if mail.login else None,
                loop=asyncio.get_running_loop(),
            )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._mail.connections += 1
        self._mail._transports.add(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self.transport is not None:
            self._mail._transports.discard(self.transport)
        super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        if self._left >= 0:
            self._left -= len(data)
            if self._left < 0:
                self._connected().abort()
                return
        super().data_received(data)

    def _connected(self) -> asyncio.Transport:
        assert isinstance(self.transport, asyncio.Transport)
        return self.transport

    async def _handle_client(self) -> None:
        if self._mail.order.hang == "greeting":
            self._mail.take_order()
            await asyncio.sleep(3600)
        await super()._handle_client()

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 (aiosmtpd's name)
        self.event_handler.order = order = self._mail.take_order()
        if order.hang == "data":
            await asyncio.sleep(3600)
        if order.hang == "middle":
            self._connected().pause_reading()
        if order.die_in_data:
            self._left = order.die_in_data
        await super().smtp_DATA(arg)


class _Handler:
    def __init__(self, mail: MailServer) -> None:
        self._mail = mail
        self.order = Order()

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # type: ignore[no-untyped-def]  # noqa: N802
        session.host_name = hostname
        self._mail.hosts.append(hostname)
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):  # type: ignore[no-untyped-def]  # noqa: N802
        if self._mail.order.rcpt:
            return self._mail.take_order().rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # type: ignore[no-untyped-def]  # noqa: N802
        order = self.order
        if order.data:
            return order.data
        if order.taken:
            self._keep(envelope)
        if order.hang == "end":
            await asyncio.sleep(3600)
        if order.die_after:
            server.transport.abort()
        return "250 2.0.0 taken as 4711"

    def _keep(self, envelope: Any) -> None:
        self._mail.raw.append(envelope.original_content)
        self._mail.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
        message = email.message_from_bytes(envelope.original_content, policy=email.policy.SMTP)
        self._mail.delivered.append(message)


@contextlib.contextmanager
def running(papers: Papers, **more: Any) -> Iterator[MailServer]:
    """A server for the length of a test."""
    server = MailServer(papers, **more)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def settings_toml(server: MailServer, password_file: Path, **more: Any) -> str:
    """``[mail]`` for this server, as an office owner writes it."""
    entries: dict[str, Any] = {
        "server": "127.0.0.1",
        "port": server.port,
        "security": "tls" if server.implicit else "starttls",
        "from": SENDER,
        "from_name": "Empire Street Agéncy",
        "user": USER if server.login else "",
        "password_file": str(password_file),
        "ca_file": str(server.papers.ca),
        "timeout_seconds": 20,
        "retry_seconds": 1,
        **more,
    }
    lines = [f"{name} = {_toml(value)}" for name, value in entries.items()]
    return "[mail]\n" + "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    return str(value) if isinstance(value, int) else f'"{value}"'
