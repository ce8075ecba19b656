"""Searches an index again and again, each time with other bytes of it damaged; run as a process, since it may crash."""

from __future__ import annotations

import random
import shutil
import sys
import traceback
from contextlib import closing
from pathlib import Path

from harbor_search.config import Settings
from harbor_search.engines import Criteria
from harbor_search.engines.embedded import EmbeddedEngine
from harbor_search.errors import HarborError
from harbor_search.query import Everything, Limits, parse
from harbor_search.searching import SearchRequest, search
from harbor_search.store.generations import generation

QUERIES = (
    "iron sleep",
    '"a quiet night"',
    "sle*",
    "slepe~",
    "+iron -sleep",
    "night 07",
    "title:night",
    "(iron OR night) AND a",
)


def use(settings: Settings) -> None:
    """Everything that reads from files."""
    with closing(EmbeddedEngine(settings)) as engine:
        for text in QUERIES:
            for request in (
                SearchRequest(q=text, per_page=30),
                SearchRequest(q=text, sort="date", section=("Health",)),
            ):
                list(search(engine, request, settings).hits)
        for hit in engine.search(Everything(), Criteria(limit=50)).hits:
            article = engine.article(hit.id)
            if article:
                engine.occurrences(parse("iron night", limits=Limits(9, 9, 2), strict=False).node, article)
        engine.stats()
        engine.verify()


def damage(file: Path, chance: random.Random) -> None:
    """Change some bytes, the size stays: that is what opening compares of a large file."""
    data = bytearray(file.read_bytes())
    kind = chance.randrange(4)
    at = chance.randrange(len(data))
    if kind == 0:
        data[at] ^= 1 << chance.randrange(8)
    elif kind == 1:
        data[at : at + 8] = chance.choice((b"\xff", b"\x00", b"\x7f", b"\x80")) * len(data[at : at + 8])
    elif kind == 2:
        data[at:] = bytes(len(data) - at)
    else:
        length = min(64, len(data) - at)
        data[at : at + length] = chance.randbytes(length)
    file.write_bytes(data)


def main(index: str, work: str, rounds: str, seed: str) -> int:
    """0 where all damage was either without effect or told as an error of ours."""
    generation.SMALL = -1  # or nothing damaged would be read: these files are small enough to be compared whole
    chance, faults = random.Random(int(seed)), 0
    files = [
        each
        for each in Path(index).rglob("*")
        if each.is_file() and "generations" in each.parts and each.suffix != ".json"
    ]
    for number in range(int(rounds)):
        copy = Path(work) / str(number)
        shutil.copytree(index, copy)
        victim = chance.choice([each for each in files if each.stat().st_size])
        damage(copy / victim.relative_to(index), chance)
        try:
            use(Settings(index=copy))
        except HarborError:
            pass
        except BaseException:
            faults += 1
            sys.stderr.write(f"--- round {number}, {victim.name}\n{traceback.format_exc()[-1500:]}\n")
        shutil.rmtree(copy)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
