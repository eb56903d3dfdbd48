"""``python -m iies_tui`` is the ``iies-tui`` command."""

import sys

from iies_tui.session.hardening import no_core_dumps

no_core_dumps()  # before anything that takes time to import

from iies_tui.cli import main  # noqa: E402

sys.exit(main())
