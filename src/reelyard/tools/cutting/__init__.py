"""Cutting films: what goes, and how the rest is put together again."""
