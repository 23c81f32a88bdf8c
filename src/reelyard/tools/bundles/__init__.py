"""A batch in one piece: its films or sounds as one, its texts as one document, its outputs as a playlist."""
