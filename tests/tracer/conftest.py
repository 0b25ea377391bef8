"""What the tests of the tracer share: when slow tests run, and hypothesis' settings."""

import pytest
from hypothesis import HealthCheck, Phase, settings

# Shrinking a program takes minutes: ask for it with --hypothesis-profile=shrink.
settings.register_profile(
    "rfft",
    max_examples=60,
    deadline=None,
    derandomize=True,  # what passes once passes again; slow tests draw anew
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile("shrink", settings.get_profile("rfft"), phases=list(Phase))
settings.load_profile("rfft")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip slow tests unless a ``-m`` expression, or a name on the command line, asks for them."""
    if config.option.markexpr or any("::" in argument for argument in config.args):
        return
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.skip(reason="slow: run it with -m slow"))
