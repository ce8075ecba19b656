"""From the texts of articles to posting lists: terms are numbered and tokens inverted, by threads and processes."""
