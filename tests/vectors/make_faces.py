"""Write the vectors of pages: ``python -m tests.vectors.make_faces`` (format: README.md here).

Cards with real envelopes of fixed keys, drawn as today's program draws them: several cards in a
file, so that each font is there once. Pages whose looks have changed need another layout version
(``docs/face.md``), and then other files beside these.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from iies_tui.adapters.barcode import claims
from iies_tui.adapters.encoding import cbor as canonical
from iies_tui.adapters.paper import LetterPaper, pages
from iies_tui.adapters.paper.inputs import KINDS, PageInput, canonical_input, digest
from iies_tui.domain.card import Layout, Mode, Organization, Registrant, SealedCard, Vehicle
from iies_tui.domain.face import Face
from iies_tui.domain.serial import Serial
from iies_tui.issuance.ports.paper import Document
from tests.support import samples
from tests.support.trust_samples import (
    CHECK_CODE,
    ISSUED,
    bundle,
    digits,
    facts,
    header,
    seal,
    signed as signed_bundle,
    stamp as a_stamp,
)

FOLDER = Path(__file__).resolve().parent / "faces"
PAPER = LetterPaper("vectors")
INFORMATION = "YOUR INSURANCE CARDS\n\nKeep one of the two copies in the vehicle.\n\nCall us."
FAX_NUMBER = "+1 518-555-0100"


def _sealed(number: int, mode: Mode = Mode.LIVE, **card: Any) -> SealedCard:
    """A card whose envelope binds its pages. ``number``: its serial's counter."""
    serial = Serial(0x1234567890, number)
    its_facts = card.pop("facts", facts())
    unsealed = SealedCard(
        facts=its_facts,
        serial=str(serial),
        check_code=CHECK_CODE,
        mode=mode,
        mode_reason="live" if mode is Mode.LIVE else "training_bundle",
        issued_at=ISSUED,
        digits="",
        authority=bundle().authority,
        root_words=" ".join(bundle().root_words.split()[:4]),
        **card,
    )
    stamp = replace(
        a_stamp(its_facts),
        serial=serial,
        mode=mode,
        face=Face.of(its_facts, str(serial)).digest(CHECK_CODE),
        drawn=PAPER.drawn(unsealed),
    )
    envelope = seal(canonical.encode(header(stamp)), claims.encode(its_facts))
    return replace(unsealed, digits=digits(envelope))


def small(**more: Any) -> SealedCard:
    """As little as a card may say."""
    vehicle = Vehicle(1931, "FORD", "A1")
    least = facts(registrants=(Registrant("LI", "AN"),), policy="1", address=(), vehicle=vehicle)
    return _sealed(1, facts=least, **more)


def usual(**more: Any) -> SealedCard:
    """Two persons, an address, an agency with a message."""
    return _sealed(2, facts=samples.facts(), agency=samples.AGENCY, **more)


def fleet(**more: Any) -> SealedCard:
    """ALL OWNED VEHICLES of an organization, on a training terminal."""
    company = Organization("ADIRONDACK HAULING LLC", "123456789")
    whole = replace(samples.facts(), registrants=(), organization=company, vehicle=None)
    agency = replace(samples.AGENCY, message="")
    return _sealed(3, Mode.TRAINING, facts=whole, agency=agency, **more)


def largest(**more: Any) -> SealedCard:
    """Claims of 400 bytes, the longest values that a page has room for; a specimen."""
    card = samples.largest()
    most = replace(card.facts, waived=("name_one", "vin_check"))
    room = 400 - len(claims.encode(most))
    return _sealed(
        999_999,
        Mode.SPECIMEN,
        facts=replace(most, policy=most.policy + "X" * room),
        agency=card.agency,
        **more,
    )


WINDOW = {"layout": Layout.WINDOW}


def documents() -> dict[str, tuple[str, list[SealedCard], Document]]:
    """What each file is for, its cards, and the file."""
    told = usual(information=INFORMATION)
    plain = [small(), told, fleet(), largest()]
    window = [usual(**WINDOW), fleet(**WINDOW), largest(**WINDOW)]
    sheets = PAPER.stack("Fax sheets", fax=True)
    faxed = [small(), usual(), fleet(), largest()]
    for card in faxed:
        sheets.add(card)
    covered = PAPER.fax_sheet(usual(), FAX_NUMBER)
    return {
        "plain": ("card pages, one with its policyholder's page", plain, PAPER.card_page(plain)),
        "window": ("card pages for a window envelope", window, PAPER.card_page(window)),
        "fax": ("fax sheets", faxed, sheets.finish()),
        "fax-cover": (
            "a fax sheet behind its cover page",
            [usual()],
            covered,
        ),
    }


def _page(card: SealedCard, page: PageInput) -> dict[str, Any]:
    face = None
    if KINDS[type(page)] != "information":
        face = {**asdict(Face.of(card.facts, card.serial)), "check_code": card.check_code}
    return {
        "kind": KINDS[type(page)],
        "serial": card.serial,
        "mode": card.mode.name.lower(),
        "symbol": card.digits if face else None,
        "face": face,
        "check_code": card.check_code,
        "input": canonical_input(page).hex(),
        "drawn": digest(card.check_code, page).hex(),
    }


def expected(name: str, about: str, cards: list[SealedCard]) -> dict[str, Any]:
    """What a file's pages state, in their order; null for a page that is bound by nothing."""
    found: list[dict[str, Any] | None] = [None] if name == "fax-cover" else []
    for card in cards:
        fax = name.startswith("fax")
        found.append(_page(card, pages.fax_sheet(card) if fax else pages.card_page(card)))
        information = pages.information_page(card)
        if information is not None and not fax:
            found.append(_page(card, information))
    return {"about": about, "layout": 1, "bundle": signed_bundle(bundle()).hex(), "pages": found}


def main() -> None:
    """Write every file and what it states."""
    FOLDER.mkdir(exist_ok=True)
    for name, (about, cards, document) in documents().items():
        (FOLDER / f"{name}.pdf").write_bytes(document.pdf)
        text = json.dumps(expected(name, about, cards), indent=1, ensure_ascii=False)
        (FOLDER / f"{name}.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
