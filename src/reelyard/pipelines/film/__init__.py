"""The stages of films, by what they do: `analysis` decides, `rendering` makes the film, `texts` what goes with it."""
