"""What any program needs and no business word: clock, ids, paths, text, child processes."""
