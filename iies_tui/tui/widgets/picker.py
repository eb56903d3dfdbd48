"""A list to pick from with the arrows while another field has the focus."""

from __future__ import annotations

from textual.widgets import OptionList


class Picker(OptionList, can_focus=False):
    """Rows are data, never markup; disabled ones are shown and passed over."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, markup=False, compact=True)

    @property
    def chosen(self) -> str | None:
        """The id of the row under the bar."""
        at = self.highlighted
        return None if at is None else self.get_option_at_index(at).id
