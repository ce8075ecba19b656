"""The doctor: looks at an installation for what commonly goes wrong, each finding with the command that mends it."""

from harbor_search.cli.doctor.configuration import unusable_settings
from harbor_search.cli.doctor.examination import EXAMINATIONS, examine

__all__ = ["EXAMINATIONS", "examine", "unusable_settings"]
