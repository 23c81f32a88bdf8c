"""How loud a sound is, where it is quiet, and what of it stays when it is cut."""
