"""The only composition root: which adapter stands behind which port.

Everything third-party is imported inside the functions of these modules, so that a command that
needs little starts fast and the UI process never loads a key library at all.
"""

from iies_tui.bootstrap.backups import back_up, restore
from iies_tui.bootstrap.issuing import services
from iies_tui.bootstrap.offices import authority, save_sheets
from iies_tui.bootstrap.owner import reset_owner_code
from iies_tui.bootstrap.records import audit_trail, doctor, export_trail, selftest
from iies_tui.bootstrap.state import (
    MAX_BACKUP,
    check_folder,
    check_state,
    read_source,
    read_trail,
    read_whole,
    state_directory,
    write_file,
)
from iies_tui.bootstrap.trust import (
    bundle_file,
    fingerprint,
    installed_bundle,
    installed_trust,
    insurer_list,
    insurer_table,
    root_words,
    unsigned_insurers,
)
from iies_tui.bootstrap.verifying import profile, verifier, verify_data, verify_source

__all__ = [
    "MAX_BACKUP",
    "audit_trail",
    "authority",
    "back_up",
    "bundle_file",
    "check_folder",
    "check_state",
    "doctor",
    "export_trail",
    "fingerprint",
    "installed_bundle",
    "installed_trust",
    "insurer_list",
    "insurer_table",
    "profile",
    "read_source",
    "read_trail",
    "read_whole",
    "reset_owner_code",
    "restore",
    "root_words",
    "save_sheets",
    "selftest",
    "services",
    "state_directory",
    "unsigned_insurers",
    "verifier",
    "verify_data",
    "verify_source",
    "write_file",
]
