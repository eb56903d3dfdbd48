"""Messages, SMTP and the mail server's settings; when to send again is decided in ``issuance``."""
