"""`python -m tests.fuzz`: the tests of what strangers send, with new examples until the time is over.

A run of the suite tries some dozens of examples for each property; this tries as many as there is time for. What it
finds is told with the command that shows it again, and belongs into an `@example` of its test.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from random import getrandbits

WHAT_STRANGERS_SEND = (
    "tests/ingest/test_any_bytes.py",
    "tests/ingest/test_decoding.py",
    "tests/ingest/test_front_matter.py",
    "tests/ingest/test_generated_pages.py",
    "tests/query/test_parser_properties.py",
    "tests/query/test_plain.py",
    "tests/engines/test_plain_queries.py",
    "tests/snippets/test_snippet_properties.py",
    "tests/store/test_dictionary.py",
    "tests/store/test_postings.py",
    "tests/web/test_anything_typed.py",
    "tests/web/test_highlighting.py",
)
"""Bytes of articles, queries, and files of an index, up to the pages made of them."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the tests again and again; the exit code is 1 as soon as one fails."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "tests", nargs="*", default=WHAT_STRANGERS_SEND, help="others than those of what strangers send"
    )
    parser.add_argument("--minutes", type=float, default=10, help="begin no further round after so many")
    asked = parser.parse_args(arguments)
    ends, rounds = time.monotonic() + asked.minutes * 60, 0
    while rounds == 0 or time.monotonic() < ends:
        rounds += 1
        command = ["-m", "pytest", "-q", "-x", f"--hypothesis-seed={getrandbits(32)}", *asked.tests]
        if subprocess.run([sys.executable, *command], check=False).returncode:
            sys.stdout.write(f"round {rounds} failed; again: python {' '.join(command)}\n")
            return 1
    sys.stdout.write(f"{rounds} rounds without a fault\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
