"""Terms and their posting lists on disk: codec, bit packing, dictionary, fuzzy look-up, merging."""
