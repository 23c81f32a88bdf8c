"""Which words name what: one file for each language, lines of `name: words`."""
