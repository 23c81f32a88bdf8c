"""Speech: where it is in a recording, and what was said. Recognisers run in a child (`server`)."""
