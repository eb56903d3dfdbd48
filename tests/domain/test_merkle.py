"""The Merkle tree: the reference recursion, known answers, and going on from the stored peaks."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given, strategies as st

from iies_tui.domain.merkle import EMPTY, Tree, leaf, peaks_of


def recursion(entries: Sequence[bytes]) -> bytes:
    """MTH of RFC 9162 section 2.1.1, word for word."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    k = 1
    while k * 2 < len(entries):
        k *= 2
    left, right = recursion(entries[:k]), recursion(entries[k:])
    return hashlib.sha256(b"\x01" + left + right).digest()


@given(st.lists(st.binary(max_size=40), max_size=200))
def test_one_by_one_is_the_recursion(entries: list[bytes]) -> None:
    tree = Tree()
    for entry in entries:
        tree.add(entry)
    assert (tree.size, tree.root()) == (len(entries), recursion(entries))


@given(st.lists(st.binary(max_size=8), max_size=120), st.data())
def test_it_goes_on_from_the_peaks_at_any_size(entries: list[bytes], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(entries)))
    tree = Tree()
    nodes = [tree.add(entry) for entry in entries[:cut]]
    again = Tree(cut, [nodes[number - 1] for number in peaks_of(cut)])
    assert again.root() == tree.root()
    for entry in entries[cut:]:
        again.add(entry)
    assert again.root() == recursion(entries)


KNOWN = [
    ("", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
    ("00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
    ("10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
    ("2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
    ("3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
    ("40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"),
    ("5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"),
    (
        "606162636465666768696a6b6c6d6e6f",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ),
]
"""The entries and roots that implementations of Certificate Transparency test with."""


def test_the_known_roots() -> None:
    tree = Tree()
    assert tree.root() == EMPTY
    for entry, root in KNOWN:
        tree.add(bytes.fromhex(entry))
        assert tree.root().hex() == root


def test_the_peaks_are_numbered_by_their_last_entry() -> None:
    assert [peaks_of(size) for size in (0, 1, 2, 13)] == [(), (1,), (2,), (8, 12, 13)]


def test_peaks_of_another_size_are_refused() -> None:
    for size in (-1, 1, 3):
        with pytest.raises(ValueError, match="peaks"):
            Tree(size, [])


def test_a_node_is_no_entry() -> None:
    tree = Tree()
    tree.add(b"a")
    root = tree.add(b"b")
    assert root != leaf(leaf(b"a") + leaf(b"b"))
