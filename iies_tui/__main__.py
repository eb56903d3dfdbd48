"""``python -m iies_tui`` is the ``iies-tui`` command."""

import sys

from iies_tui.cli import main

sys.exit(main())
