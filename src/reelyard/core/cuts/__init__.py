"""Cut lists: read, changed without overwriting, rendered anew, taken away."""
