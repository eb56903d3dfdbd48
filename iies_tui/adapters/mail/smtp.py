"""SMTP: port ``Mailer`` on the standard library's ``smtplib``.

The conversation is taken apart at one place only: ``smtplib`` sends the data and their end in one
go, and between the two our record must reach the disk. Before that record nothing can be lost and
a second attempt is safe; after it, everything but the server's own reply is DOUBTFUL.

Nothing leaves but over TLS with a verified certificate; the password only after that. Every step
has a time limit, and the whole attempt one that a server which answers a letter at a time cannot
stretch.
"""

from __future__ import annotations

import contextlib
import fcntl
import select
import smtplib
import socket
import ssl
import sys
import termios
import threading
from collections.abc import Callable, Iterator

from iies_tui.adapters.mail import settings as mail_settings
from iies_tui.adapters.mail.message import compose
from iies_tui.adapters.mail.settings import MailSettings, Security
from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.domain.mail import Outcome, Result, Stage, judge_reply, one_line
from iies_tui.issuance.ports.delivery import Letter

STEPS = 10
"""An attempt may take as long as ten steps at most, before the end of the data."""
LAST_STEP = 5
"""After the end of the data a server may take five times a step's time: RFC 5321 section 4.5.3.2.6
gives it ten minutes, since to give up early is to be in doubt."""

_END = b".\r\n"
_UNSENT_EVERY = 0.02
"""Seconds between two looks at what the other side has not confirmed."""


class _Over(Exception):
    """Raised to end an attempt with this outcome."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.reason)
        self.outcome = outcome


class SmtpMailer:
    """Port ``Mailer`` on a terminal's settings."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings

    def address(self, typed: str) -> str:
        """Syntax only, since the terminal may be off line. Refused ``mail_address``."""
        from email_validator import EmailNotValidError, validate_email

        try:
            found = validate_email(
                typed.strip(), check_deliverability=False, allow_smtputf8=False, strict=True
            )
        except EmailNotValidError as error:
            raise Refused("mail_address", reason=one_line(str(error))) from error
        return found.ascii_email or found.normalized

    def ready(self) -> None:
        """Refused ``mail_off`` where no server is set, MachineFailed where the password or the
        authorities' file is wrong: whatever can be seen without the network."""
        if not self._settings.server:
            raise Refused("mail_off")
        for fault in mail_settings.faults(self._settings):
            raise fault

    def compose(self, letter: Letter) -> bytes:
        """As ``mail_message.compose``, from this terminal's sender."""
        return compose(letter, self._settings.sender, self._settings.sender_name)

    def send(self, address: str, message: bytes, hand_over: Callable[[], bool]) -> Outcome:
        """One attempt, from the connection to the server's word."""
        if not self._settings.server:
            return Outcome(Result.FAULT, "mail_off")
        attempt = _Attempt(self._settings)
        try:
            attempt.deliver(address, message, hand_over)
        except _Over as over:
            return over.outcome
        except MachineFailed as error:
            return Outcome(Result.FAULT, error.code, one_line(str(error.params.get("path", ""))))
        except (OSError, smtplib.SMTPException, UnicodeError, ValueError) as error:
            return attempt.broken(error)
        finally:
            attempt.end()
        return Outcome(Result.SENT)


class _Attempt:
    """One conversation. ``ended``: the end of the data has begun to leave."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        self._smtp: smtplib.SMTP | None = None
        self._ended = False
        self._late = False

    def deliver(self, address: str, message: bytes, hand_over: Callable[[], bool]) -> None:
        """Raise _Over or whatever the library raises; returns where the server took it."""
        with self._deadline(self._settings.timeout_seconds * STEPS):
            smtp = self._connect()
            self._introduce(smtp)
            self._sign_on(smtp)
            limit = smtp.esmtp_features.get("size", "")
            if limit.isdigit() and 0 < int(limit) < len(message):
                raise _Over(Outcome(Result.NEVER, "too_large", f"SIZE {limit}"))
            sender = self._settings.sender
            _expect(smtp.mail(sender, [f"size={len(message)}"] if limit else []), Stage.SENDER)
            _expect(smtp.rcpt(address), Stage.RECIPIENT)
            _expect(smtp.docmd("DATA"), Stage.DATA, 354)
            smtp.send(_stuffed(message))
            self._still_there(smtp)
        if not hand_over():
            raise _Over(Outcome(Result.STOPPED, "taken_back"))
        with self._deadline(self._settings.timeout_seconds * LAST_STEP):
            if smtp.sock is not None:
                smtp.sock.settimeout(self._settings.timeout_seconds * LAST_STEP)
            self._ended = True
            smtp.send(_END)
            code, text = smtp.getreply()
            if not (200 <= code < 300 or 400 <= code < 600):
                raise smtplib.SMTPServerDisconnected(f"{code} is no answer")
            _expect((code, text), Stage.DATA)
        with contextlib.suppress(OSError, smtplib.SMTPException):
            smtp.send(b"QUIT\r\n")  # its answer changes nothing

    def broken(self, error: Exception) -> Outcome:
        """What a failure of the network or of the protocol means, here and now."""
        if self._ended:
            return Outcome(Result.DOUBTFUL, "no_reply", one_line(str(error)))
        if self._late:
            return Outcome(Result.LATER, "timed_out")
        return _meaning(error)

    def end(self) -> None:
        """Hang up, without a word: an end of the data that was not sent must not be implied."""
        if self._smtp is not None:
            with contextlib.suppress(OSError):
                self._smtp.close()

    def _connect(self) -> smtplib.SMTP:
        settings, context = self._settings, mail_settings.trust(self._settings)
        made: smtplib.SMTP
        if settings.security is Security.TLS:
            made = smtplib.SMTP_SSL(timeout=settings.timeout_seconds, context=context,
                                    local_hostname="localhost")  # fmt: skip
        else:
            made = smtplib.SMTP(timeout=settings.timeout_seconds, local_hostname="localhost")
        self._smtp = made
        made._host = settings.server  # type: ignore[attr-defined]  # the name that is verified
        _expect(made.connect(settings.server, settings.port), Stage.GREETING)
        # Our own address, not the machine's name: that is nobody's business (RFC 5321 4.1.3).
        made.local_hostname = _literal(made.sock)
        if settings.security is Security.STARTTLS:
            self._introduce(made)
            if not made.has_extn("starttls"):
                raise _Over(Outcome(Result.FAULT, "no_starttls"))
            _expect(made.starttls(context=context), Stage.GREETING)
        return made

    def _introduce(self, smtp: smtplib.SMTP) -> None:
        _expect(smtp.ehlo(), Stage.GREETING)

    def _sign_on(self, smtp: smtplib.SMTP) -> None:
        if not self._settings.user:
            return
        secret = mail_settings.password(self._settings)
        offered = smtp.esmtp_features.get("auth", "").upper().split()
        ways = {"PLAIN": smtp.auth_plain, "LOGIN": smtp.auth_login}
        way = next((name for name in ways if name in offered), "")
        if not way:
            raise _Over(Outcome(Result.FAULT, "no_login"))
        smtp.user, smtp.password = self._settings.user, secret
        try:
            # One way, once: ``login`` would try a wrong password in every way there is, and a
            # server counts. Inside TLS a plain password is as good as any.
            smtp.auth(way, ways[way])
        except smtplib.SMTPAuthenticationError as error:
            said = one_line(f"{error.smtp_code} {_plain(error.smtp_error)}")
            if 400 <= error.smtp_code < 500:
                raise _Over(Outcome(Result.LATER, "server_later", said)) from None
            raise _Over(Outcome(Result.FAULT, "wrong_password", said)) from None

    def _still_there(self, smtp: smtplib.SMTP) -> None:
        """A server that has hung up or spoken out of turn has no message yet: found out before
        the end of the data, it leaves no doubt.

        What was sent may still lie here in the kernel. Only when the other side's kernel has it
        all would a server that died meanwhile have been heard of.
        """
        sock = smtp.sock
        if sock is None:
            raise smtplib.SMTPServerDisconnected("no connection")
        while _unsent(sock):
            _check_silent(sock)
            select.select([sock], [], [], _UNSENT_EVERY)
        _check_silent(sock)
        sock.settimeout(self._settings.timeout_seconds)

    @contextlib.contextmanager
    def _deadline(self, seconds: float) -> Iterator[None]:
        """After so long the connection is shut, whatever it is waiting for."""
        timer = threading.Timer(seconds, self._shut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _shut(self) -> None:
        self._late = True
        sock = self._smtp.sock if self._smtp is not None else None
        if sock is not None:
            with contextlib.suppress(OSError):
                # The plain socket's: a TLS one would be torn down under the thread that reads it.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _expect(reply: tuple[int, bytes], stage: Stage, code: int = 0) -> None:
    """The reply is positive (or exactly ``code``), or the attempt is over."""
    good = reply[0] == code if code else 200 <= reply[0] < 300
    if not good:
        raise _Over(judge_reply(reply[0], _plain(reply[1]), stage))


def _unsent(sock: socket.socket) -> int:
    """Bytes that the other side's kernel has not confirmed (tcp(7), SIOCOUTQ)."""
    return int.from_bytes(fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, bytes(4)), sys.byteorder)


def _check_silent(sock: socket.socket) -> None:
    """Raise where the server has hung up, _Over where it said something unasked."""
    sock.settimeout(0)
    try:
        said = sock.recv(512)
    except (BlockingIOError, ssl.SSLWantReadError):
        return
    if not said:
        raise smtplib.SMTPServerDisconnected("closed in the middle of the data")
    code = int(said[:3]) if said[:3].isdigit() else 0
    raise _Over(judge_reply(code, said[4:].decode("ascii", "replace"), Stage.DATA))


def _plain(text: bytes | str) -> str:
    return text if isinstance(text, str) else text.decode("ascii", "replace")


def _stuffed(message: bytes) -> bytes:
    """The data without their end: a point that begins a line is doubled (RFC 5321 4.5.2)."""
    text = message if message.endswith(b"\r\n") else message + b"\r\n"
    return (b"\r\n" + text).replace(b"\r\n.", b"\r\n..")[2:]


def _literal(sock: socket.socket | None) -> str:
    host = str(sock.getsockname()[0]) if sock is not None else "127.0.0.1"
    return f"[IPv6:{host}]" if ":" in host else f"[{host}]"


def _meaning(error: Exception) -> Outcome:
    """A failure before the end of the data: a fault of the settings, or of the day."""
    detail = one_line(str(error))
    match error:
        case ssl.SSLCertVerificationError():
            return Outcome(Result.FAULT, "certificate", one_line(error.verify_message or ""))
        case ssl.SSLError():
            return Outcome(Result.FAULT, "tls_failed", one_line(error.reason or detail))
        case socket.gaierror():
            return Outcome(Result.LATER, "no_name")
        case TimeoutError():
            return Outcome(Result.LATER, "timed_out")
        case smtplib.SMTPServerDisconnected() | ConnectionResetError() | BrokenPipeError():
            return Outcome(Result.LATER, "hung_up")
        case smtplib.SMTPResponseException():
            return judge_reply(error.smtp_code, _plain(error.smtp_error), Stage.GREETING)
        case ConnectionError() | OSError():
            return Outcome(Result.LATER, "no_connection", detail)
        case _:
            return Outcome(Result.LATER, "no_smtp", detail)
