"""The owner's code: the secret of whoever looks after a terminal (``docs/key.md``).

It opens the terminal's settings and nothing else. It is no issuer's PIN, since one terminal may
serve several issuers, and it opens no KEY and no register.
"""

from __future__ import annotations

OWNER = "owner"
"""The actor of rows that are written because the owner's code was given. Lower case, which no
license number is, so that its count of attempts is nobody else's."""
CODE_SETTING = "owner.code"
"""The name under which the trail tells that the code was made or changed (``docs/settings.md``)."""
MIN_CODE = 6
MAX_CODE = 32


def is_owner_code(text: str) -> bool:
    """True for 6 to 32 characters, whatever they are (NIST SP 800-63B: six or more)."""
    return MIN_CODE <= len(text) <= MAX_CODE
