"""Inversion: from the texts of articles to posting lists, in threads and a second process."""
