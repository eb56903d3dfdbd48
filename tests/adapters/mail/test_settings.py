"""``[mail]`` of config.toml: wrong entries by name, the password from where only we can read it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from iies_tui.adapters import config
from iies_tui.adapters.mail import settings as mail_settings
from iies_tui.adapters.mail.settings import MailSettings, Security
from iies_tui.adapters.mail.smtp import SmtpMailer
from iies_tui.domain.errors import MachineFailed, Refused, WrongUsage
from iies_tui.text import has
from tests.support.mail_server import make_papers

GOOD = 'server = "smtp.agency.example"\nfrom = "cards@agency.example"\n'


def load(state: Path, text: str) -> MailSettings:
    path = state / "config.toml"
    path.write_text(f"[mail]\n{text}")
    return config.load(state).mail


def test_what_an_owner_writes(tmp_path: Path) -> None:
    made = load(
        tmp_path,
        GOOD + 'from_name = "Empire Street Agéncy"\nuser = "cards"\nsecurity = "tls"\n'
        'password_file = "/etc/iies/mail"\nca_file = "/etc/iies/ca.pem"\n'
        'timeout_seconds = 30\nretry_seconds = 120\ninsurers = ["901", "017"]\n',
    )
    assert made == MailSettings(
        server="smtp.agency.example", port=465, security=Security.TLS,
        sender="cards@agency.example", sender_name="Empire Street Agéncy", user="cards",
        password_file=Path("/etc/iies/mail"), ca_file=Path("/etc/iies/ca.pem"),
        timeout_seconds=30, retry_seconds=120, insurers=frozenset({"901", "017"}),
    )  # fmt: skip
    assert load(tmp_path, GOOD).port == 587
    assert load(tmp_path, "") == MailSettings()


@pytest.mark.parametrize(
    ("text", "code", "name"),
    [
        ('server = "smtp agency"\nfrom = "a@b.example"', "config_mail_server", "server"),
        ('server = "http://smtp.example"\nfrom = "a@b.example"', "config_mail_server", "server"),
        ('server = "smtp.example"', "config_mail_from", "from"),
        (GOOD.replace("cards@", "cards"), "config_mail_from", "from"),
        (GOOD + 'security = "none"', "config_mail_security", "security"),
        (GOOD + 'password = "x"', "config_mail_password", "password"),
        (GOOD + "port = 0", "config_range", "port"),
        (GOOD + "port = true", "config_range", "port"),
        (GOOD + "timeout_seconds = 601", "config_range", "timeout_seconds"),
        (GOOD + "user = 3", "config_text", "user"),
        (GOOD + 'user = "a\\nb"', "config_text", "user"),
        (GOOD + 'user = "é"', "config_mail_text", "user"),
        (GOOD + 'from_name = "a\\r\\nBcc: x@y.example"', "config_text", "from_name"),
        (GOOD + f'from_name = "{"a" * 201}"', "config_mail_text", "from_name"),
        (GOOD + 'ca_file = "~nobody-of-that-name/ca.pem"', "config_relative", "ca_file"),
        (GOOD + 'password_file = "secret"', "config_relative", "password_file"),
        (GOOD + 'insurers = "901"', "config_mail_insurers", "insurers"),
        (GOOD + "insurers = [901]", "config_mail_insurers", "insurers"),
        (GOOD + 'insurers = ["90"]', "config_mail_insurers", "insurers"),
        (GOOD + "smtp = 1", "config_unknown", "smtp"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path: Path, text: str, code: str, name: str) -> None:
    with pytest.raises(WrongUsage) as refused:
        load(tmp_path, text)
    assert refused.value.code == code
    assert refused.value.params["name"] == f"mail.{name}"
    assert has(f"error.{code}")


def settings(path: Path) -> MailSettings:
    return MailSettings("smtp.x.example", 587, sender="a@b.example", user="a", password_file=path)


def test_the_password_file_is_ours_alone(tmp_path: Path) -> None:
    path = tmp_path / "password"
    with pytest.raises(MachineFailed, match="mail_no_password"):
        SmtpMailer(settings(path)).ready()
    path.write_text("a secret \n")
    path.chmod(0o640)
    with pytest.raises(MachineFailed, match="too_open"):
        SmtpMailer(settings(path)).ready()
    path.chmod(0o600)
    assert mail_settings.password(settings(path)) == "a secret "
    SmtpMailer(settings(path)).ready()


@pytest.mark.parametrize("data", [b"", b"\n", b"two\nlines\n", b"\xff\n", "é".encode(), b"a\0b"])
def test_what_is_no_password(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "password"
    path.write_bytes(data)
    path.chmod(0o600)
    with pytest.raises(MachineFailed, match="mail_password_form"):
        mail_settings.password(settings(path))


def test_a_systemd_credential_goes_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "iies-mail-password").write_bytes(b"from systemd")
    path = tmp_path / "password"
    path.write_text("from the file\n")
    path.chmod(0o600)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", os.fspath(tmp_path))
    assert mail_settings.password(settings(path)) == "from systemd"
    (tmp_path / "iies-mail-password").unlink()
    assert mail_settings.password(settings(path)) == "from the file"


def test_a_file_of_authorities_that_is_none_is_told(tmp_path: Path) -> None:
    wrong = tmp_path / "ca.pem"
    made = MailSettings("smtp.x.example", 587, sender="a@b.example", ca_file=wrong)
    with pytest.raises(MachineFailed, match="mail_ca_file"):
        SmtpMailer(made).ready()
    wrong.write_text("no certificate")
    assert [one.code for one in mail_settings.faults(made)] == ["mail_ca_file"]
    papers = make_papers(tmp_path / "papers")
    good = MailSettings("smtp.x.example", 587, sender="a@b.example", ca_file=papers.ca)
    assert mail_settings.faults(good) == ()


def test_nothing_set_up_is_refused_and_no_fault() -> None:
    with pytest.raises(Refused, match="mail_off"):
        SmtpMailer(MailSettings()).ready()
    assert mail_settings.faults(MailSettings()) == ()
