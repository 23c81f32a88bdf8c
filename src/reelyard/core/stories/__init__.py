"""Stories: their chunks, and what was made of each."""
