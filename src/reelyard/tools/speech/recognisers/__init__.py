"""The recognisers there are, each a file of its own; which one runs is chosen in `speech.choice`."""
