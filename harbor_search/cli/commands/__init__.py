"""The commands, one per module, each with an attribute `command`."""

__all__: list[str] = []
