"""The bundle's insurers and an unsigned list beside them: whose entry counts, and what changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from iies_tui.adapters.records.trail import TrailFile
from iies_tui.adapters.trust import bundle_reader
from iies_tui.adapters.trust.installed import InstalledTrust
from iies_tui.adapters.trust.insurer_file import FILE, InsurerFile
from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.domain.insurer import Insurer, combine, compare
from iies_tui.domain.trail import Event
from iies_tui.issuance.trust.import_insurers import ImportInsurers
from tests.support.authority_helpers import SetClock
from tests.support.trust_samples import bundle, install, signed

OURS = Insurer("901", "NORTH COUNTRY MUTUAL INS CO", "90901")
ENDED = Insurer("058", "BLUE HERON ASSURANCE CORP", active=False)
LIST = (
    b"icc,name,naic,status\n901,ANOTHER NAME CO,,active\n58,BLUE HERON,,active\n7,LAKE CAS CO,,\n"
)


def test_the_bundle_wins_for_its_codes() -> None:
    renamed = Insurer("901", "ANOTHER NAME CO", signed=False)
    revived = Insurer("058", "BLUE HERON", signed=False)
    more = Insurer("007", "LAKE CAS CO", signed=False)
    assert combine((OURS, ENDED), (renamed, revived, more)) == (more, ENDED, OURS)
    assert combine((), (renamed,)) == (renamed,)


def test_compare() -> None:
    again = Insurer("058", "BLUE HERON ASSURANCE CORP")
    gone = compare((OURS, ENDED), (again,))
    assert (gone.added, gone.renamed, gone.withdrawn) == ((again,), (), (OURS,))
    renamed = compare((OURS,), (Insurer("901", "NORTH MUTUAL"),))
    assert [one.name for one in renamed.renamed] == ["NORTH MUTUAL"]


@pytest.fixture
def imports(tmp_path: Path) -> ImportInsurers:
    trust = InstalledTrust(tmp_path / "trust")
    data = signed(bundle())
    install(trust, data, bundle_reader.read(data).bundle.root)
    trail = TrailFile(tmp_path / "trail.db", SetClock())
    return ImportInsurers(trust, InsurerFile(tmp_path / "trust"), trail)


def test_import_shows_then_installs(imports: ImportInsurers, tmp_path: Path) -> None:
    change = imports.propose(LIST)
    assert (change.insurers, change.covered) == (3, 2)
    assert [one.icc for one in change.changes.added] == ["007"]
    assert change.changes.renamed == change.changes.withdrawn == ()
    assert [(note.row, note.code) for note in change.notes] == [(3, "csv_zeros"), (4, "csv_zeros")]
    assert imports.unsigned.installed() == ()
    imports(LIST)
    assert (tmp_path / "trust" / FILE).read_bytes() == LIST
    assert all(not one.signed for one in imports.unsigned.installed())
    assert imports.unsigned.installed() is imports.unsigned.installed()
    rows = [row for row in imports.trail.rows() if row.event is Event.INSURERS_IMPORTED]
    assert [row.details["insurers"] for row in rows] == [3]
    taken = imports.propose(b"icc,name\n8,OTHER CO\n").changes
    assert ([one.icc for one in taken.added], [one.icc for one in taken.withdrawn]) == (
        ["008"],
        ["007"],
    )
    imports.remove()
    assert imports.unsigned.installed() == ()
    imports.remove()


def test_a_bad_list_changes_nothing(imports: ImportInsurers, tmp_path: Path) -> None:
    imports(LIST)
    with pytest.raises(Refused) as refused:
        imports(b"icc,name\nX1,WHO\n901,A\n901,B\n")
    assert {problem.row for problem in refused.value.problems} == {2, 4}
    assert (tmp_path / "trust" / FILE).read_bytes() == LIST


def test_a_damaged_list_is_told(imports: ImportInsurers, tmp_path: Path) -> None:
    imports(LIST)
    (tmp_path / "trust" / FILE).write_bytes(b"\xff\xfe")
    with pytest.raises(MachineFailed) as failed:
        imports.unsigned.installed()
    assert failed.value.code == "insurers_damaged"
