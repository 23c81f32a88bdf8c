"""Making films: what a film is to become, the full rendering, the plain copy, captions in it, clips of it."""
