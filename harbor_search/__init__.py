"""Full-text search for collections of articles."""

__version__ = "0.1.0"
__all__ = ["__version__"]
