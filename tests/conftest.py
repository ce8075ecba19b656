"""What all tests share."""

from hypothesis import HealthCheck, settings

# How long an example takes, or is in the making, says nothing about the program on a machine with other work to do.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
