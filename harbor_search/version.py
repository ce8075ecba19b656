"""The version of this program; it follows Semantic Versioning."""

__version__ = "0.1.0"
