"""The keys, in one place: each command has a name, a key and an action; ``keys.<name>`` in the
words is its label in the last line of the screen.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding, BindingType

from iies_tui.text import has, words


@dataclass(frozen=True, slots=True)
class Command:
    """``key`` in Textual's names, several joined by commas; ``shown`` is what the line shows.

    ``priority``: taken before the focused field sees the key.
    """

    name: str
    key: str
    action: str
    shown: str
    priority: bool = True

    @property
    def label(self) -> str:
        return words(f"keys.{self.name}")

    @property
    def cap(self) -> str:
        """What is written on the key: ``F9``, ``H``, or a word of this language as ``Enter``."""
        key = f"keycap.{self.shown.replace(' ', '_').lower()}"
        return words(key) if has(key) else self.shown


def _f(name: str, number: int, action: str) -> Command:
    return Command(name, f"f{number}", action, f"F{number}")


HELP = _f("help", 1, "help")
SETUP = _f("setup", 2, "setup")
TRAINING = _f("training", 3, "training")
GO_LIVE = _f("go_live", 3, "training")
IMPORT = _f("import", 4, "import_bundle")
VERIFY = _f("verify", 5, "verify")
TERMINAL = _f("terminal", 6, "terminal")
QUIT = Command("quit", "f12,ctrl+q", "quit_program", "F12")
REGISTER = _f("register", 2, "register")
OPTIONS = _f("options", 3, "options")
ADD_VEHICLE = _f("add_vehicle", 4, "add_vehicle")
TABS = Command("tabs", "f5", "tab('insurance')", "F5")
TAB_REGISTRANT = _f("tabs", 6, "tab('registrant')")
TAB_VEHICLES = _f("tabs", 7, "tab('vehicles')")
TAB_ISSUE = _f("tabs", 8, "tab('issue')")
NEXT_TAB = Command("tabs", "pagedown", "next_tab", "PgDn")
PREVIOUS_TAB = Command("tabs", "pageup", "previous_tab", "PgUp")
LIST = Command("list", "f11,ctrl+l", "list", "F11")
REVIEW = _f("review", 9, "review")
SIGN_OFF = _f("sign_off", 10, "sign_off")
DISCARD = Command("discard", "escape", "discard", "Esc")
BACK = Command("back", "escape", "back", "Esc")
CLOSE = Command("close", "escape", "close", "Esc")
ISSUE = Command("issue", "f9,enter", "issue", "Enter")
NEXT_CARD = Command("next_card", "right,pagedown", "next_card", "Right")
PREVIOUS_CARD = Command("previous_card", "left,pageup", "previous_card", "Left")
IN_HAND = Command("in_hand", "h", "in_hand", "H")
SAME_CUSTOMER = _f("same_customer", 4, "same_customer")
NEW_CUSTOMER = _f("new_customer", 9, "new_customer")
OPEN = Command("open", "enter", "open", "Enter")
SHOW = _f("show", 3, "show")
KEY_FILE = _f("key_file", 2, "key_file")
ISSUER_KEYS = _f("issuer_keys", 4, "issuer_keys")
RECOVERY_CODE = _f("recovery_code", 7, "recovery_code")
TEST_PAGE = _f("test_page", 5, "test_page")
BATCH = _f("batch", 12, "batch")
AS_REGISTERED = _f("as_registered", 12, "batch")
BATCHES = _f("batches", 4, "batches")
SAVE = _f("save", 9, "save")
ADD_ISSUER = _f("add_issuer", 9, "add_issuer")
YES = Command("yes", "y,enter", "yes", "Enter")
NO = Command("no", "n,escape", "no", "Esc")


def bindings(*commands: Command) -> list[BindingType]:
    """Textual's bindings for a screen's commands; a letter counts in either case."""
    return [
        Binding(
            _either_case(command.key),
            command.action,
            command.name,
            show=False,
            priority=command.priority,
        )
        for command in commands
    ]


def _either_case(keys: str) -> str:
    """``h`` → ``h,H``: the screen shows capital letters, and a clerk may have caps lock on."""
    names = keys.split(",")
    return ",".join([*names, *(name.upper() for name in names if len(name) == 1)])
