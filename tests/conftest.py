"""What holds for every test."""

import os

from hypothesis import HealthCheck, settings

# how long an example takes says more of the machine; the same examples in every run, new ones where more are asked for
settings.register_profile("any machine", deadline=None, suppress_health_check=list(HealthCheck),
                          derandomize="CX_EXAMPLES" not in os.environ)
settings.load_profile("any machine")
