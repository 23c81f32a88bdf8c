"""How loud a sound is, and where it is quiet."""
