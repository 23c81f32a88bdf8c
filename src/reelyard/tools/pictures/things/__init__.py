"""The stock of things that can be drawn; `catalogue.py` holds them all by name."""
