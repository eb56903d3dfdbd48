"""What the UI process and the session process say to each other.

Frames on one inherited socket pair: 4-byte big-endian length of what follows, 1-byte kind,
body. Kind ``J``: JSON ``{"v": 1, "id": n, "type": name, "body": {...}}`` of one of the frozen
dataclasses of the modules here, one module a subject. Kind ``S``: one raw secret for the next J;
several S frames precede a J that takes several. A request is answered by zero or more ``Progress``
frames and one reply or ``Failed`` with the request's id. No pickle, no code, no file descriptors.
"""

# Every dataclass of these modules may cross: ``codec`` finds them here by name.
from iies_tui.session.protocol.answers import *
from iies_tui.session.protocol.batches import *
from iies_tui.session.protocol.cards import *
from iies_tui.session.protocol.delivery import *
from iies_tui.session.protocol.frames import *
from iies_tui.session.protocol.keys import *
from iies_tui.session.protocol.mail import *
from iies_tui.session.protocol.recent import *
from iies_tui.session.protocol.terminal import *
from iies_tui.session.protocol.trust import *
