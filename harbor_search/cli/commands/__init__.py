"""The commands, one a module; each module's `command` is what the program runs."""

__all__: list[str] = []
