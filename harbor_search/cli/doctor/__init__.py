"""The doctor: looks at an installation for what commonly goes wrong, each finding with the command that mends it."""

from harbor_search.cli.doctor.examination import EXAMINATIONS, examine
from harbor_search.cli.doctor.finding import Finding

__all__ = ["EXAMINATIONS", "Finding", "examine"]
