"""The insurer look-up: by code, or by the words of a name, while the clerk types.

An index in memory over the installed list: sorted words for prefixes, and rapidfuzz, tried only
when prefixes find little, for one typing slip. Nothing here decides whether an insurer may be used
for a new card: inactive ones are found and shown too.
"""

from __future__ import annotations

import heapq
import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import accumulate, islice, pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

from iies_tui.domain.insurer import Insurer

LITTLE = 2
"""At most so many found by prefixes, and a slip is tried."""
LONGEST, MOST_WORDS = 80, 8
"""Characters and words of a query that are looked at."""
SLIP_FROM = 4
"""Letters a word needs before a slip in it is forgiven: shorter ones would match anything."""
_DENSE, _SCAN = 5_000, 3_000

_SILENT = re.compile(r"['’‘`]")
_INITIALS = re.compile(r"\b[A-Z](?:\.[A-Z]\b)+\.?")
_WORD = re.compile(r"[A-Z0-9]+")
_HYPHENED = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)+")
_IDLE = frozenset(("AND", "THE", "OF"))
_SAME = {
    "AMER": "AMERICAN",
    "ASSN": "ASSOCIATION",
    "ASSOC": "ASSOCIATION",
    "CAS": "CASUALTY",
    "CO": "COMPANY",
    "CORP": "CORPORATION",
    "EXCH": "EXCHANGE",
    "FIN": "FINANCIAL",
    "GRP": "GROUP",
    "INC": "INCORPORATED",
    "INDEM": "INDEMNITY",
    "INS": "INSURANCE",
    "INTL": "INTERNATIONAL",
    "MFRS": "MANUFACTURERS",
    "MUT": "MUTUAL",
    "NATL": "NATIONAL",
    "PROP": "PROPERTY",
}
"""Short forms that lists and clerks use, and the word each stands for."""


class InsurerIndex:
    """``issuance.ports.InsurerList`` over a list of insurers; built once, then only read."""

    def __init__(self, insurers: Iterable[Insurer]) -> None:
        self._insurers = sorted(insurers, key=lambda insurer: (insurer.name.upper(), insurer.icc))
        self._by_icc: dict[str, Insurer] = {}
        for insurer in self._insurers:
            self._by_icc.setdefault(insurer.icc, insurer)
        self._codes = sorted((insurer.icc, place) for place, insurer in enumerate(self._insurers))
        self._names = [_words_of(insurer.name) for insurer in self._insurers]
        places: dict[str, list[int]] = {}
        for place, name in enumerate(self._names):
            for word in name:
                places.setdefault(word, []).append(place)
        self._words = sorted(places)
        self._starts = [0, *accumulate(len(places[word]) for word in self._words)]
        self._places = array("L", (place for word in self._words for place in places[word]))

    def __len__(self) -> int:
        return len(self._insurers)

    def by_icc(self, icc: str) -> Insurer | None:
        """The insurer of that code, or None."""
        return self._by_icc.get(icc)

    def find(self, words: str, limit: int) -> tuple[Insurer, ...]:
        """At most ``limit`` insurers, alphabetically; all of them for an empty query.

        Digits are the start of a code (in the order of codes), then of a name. Otherwise each word
        typed begins a word of the name, in any order. Where that finds little, names follow that
        need one slip forgiven: one letter wrong, missing or too many, or two swapped.
        """
        query = words.strip()[:LONGEST]
        if limit <= 0:
            return ()
        if not query:
            return tuple(self._insurers[:limit])
        typed = _typed(query)
        found: list[int] = []
        if query.isascii() and query.isdigit():
            found = self._with_code(query)
        if typed:
            found += self._with_all(typed, limit)
            if len(found) <= LITTLE:
                found += sorted(self._slipped(typed))
        return tuple(self._insurers[place] for place in islice(dict.fromkeys(found), limit))

    def _with_code(self, digits: str) -> list[int]:
        start = bisect_left(self._codes, (digits,))
        end = bisect_left(self._codes, (digits + ":",))  # ":" follows "9"
        return [place for _, place in self._codes[start:end]]

    def _starting(self, prefix: str) -> array[int]:
        """Places of the names with a word that starts so; some may stand there twice."""
        first = bisect_left(self._words, prefix)
        last = bisect_left(self._words, prefix + "[")  # "[" follows "Z"
        return self._places[self._starts[first] : self._starts[last]]

    def _with_all(self, typed: Sequence[str], limit: int) -> list[int]:
        """The first names, alphabetically, that have a word for each one typed."""
        lists = sorted((self._starting(word) for word in typed), key=len)
        if len(lists[0]) > _DENSE:
            # Every word is a common one: the first few names will do, without gathering all.
            early = list(islice(self._scan(typed, range(min(_SCAN, len(self)))), limit))
            if len(early) == limit:
                return early
        both = set(lists[0])
        for places in lists[1:]:
            if len(places) > 4 * len(both):
                return list(islice(self._scan(typed, sorted(both)), limit))
            both.intersection_update(places)
        return heapq.nsmallest(limit, both)

    def _scan(self, typed: Sequence[str], places: Iterable[int]) -> Iterator[int]:
        for place in places:
            name = self._names[place]
            if all(any(word.startswith(start) for word in name) for start in typed):
                yield place

    def _slipped(self, typed: Sequence[str]) -> set[int]:
        """Names that have a word for each one typed, if one slip in one of them is forgiven."""
        exact = [self._starting(word) for word in typed]
        found: set[int] = set()
        for number, word in enumerate(typed):
            if len(word) < SLIP_FROM:
                continue
            rest = [places for other, places in enumerate(exact) if other != number]
            if any(not places for places in rest):
                continue
            near: set[int] = set()
            for start in self._near(word):
                near.update(self._starting(start))
            for places in sorted(rest, key=len):
                near.intersection_update(places)
            found |= near
        return found

    def _near(self, word: str) -> set[str]:
        """Beginnings of known words that are one slip from what was typed."""
        near: set[str] = set()
        for size in range(len(word) - 1, len(word) + 2):
            starts = self._beginnings(size)
            for start, _, _ in process.extract_iter(
                word, starts, scorer=OSA.distance, score_cutoff=1
            ):
                near.add(start)
        return near

    def _beginnings(self, size: int) -> Collection[str]:
        """The different beginnings, ``size`` letters long, of the known words."""
        return {word[:size] for word in self._words if len(word) >= size}


def _spread(text: str) -> str:
    """Upper case without accents, ``&`` as AND, initials closed up."""
    bare = "".join(
        sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign)
    )
    bare = _SILENT.sub("", bare.upper()).replace("&", " AND ")
    return _INITIALS.sub(lambda found: found.group().replace(".", "") + " ", bare)


def _words_of(name: str) -> tuple[str, ...]:
    """Every word that the name may be found by."""
    spread = _spread(name)
    words = _WORD.findall(spread)
    words += [_SAME[word] for word in words if word in _SAME]
    words += [found.group().replace("-", "") for found in _HYPHENED.finditer(spread)]
    words += _joined_initials(words)
    return tuple(dict.fromkeys(words))


def _joined_initials(words: Sequence[str]) -> list[str]:
    """``J D SMITH`` is found by JD too."""
    return [one + two for one, two in pairwise(words) if len(one) == len(two) == 1]


def _typed(query: str) -> list[str]:
    """The query's words; idle ones only if alone.

    A short form that does not begin the word it stands for becomes that word (NATL, NATIONAL); the
    others (CO) find it by prefix, and COUNTRY too, since the clerk may be typing that.
    """
    words = [
        word if _SAME.get(word, word).startswith(word) else _SAME[word]
        for word in _WORD.findall(_spread(query))
    ]
    working = [word for word in words if word not in _IDLE] or words
    return list(dict.fromkeys(working))[:MOST_WORDS]
