"""Merging of segments: the policy and the merge itself."""
