"""Messages, SMTP, and the settings of the mail server."""
