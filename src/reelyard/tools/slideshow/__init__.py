"""Narrated films of pictures and speech."""

from reelyard.tools.slideshow.film import make_film
from reelyard.tools.slideshow.order import FilmOrder, Made, Movement, Slide, film_size

__all__ = ["FilmOrder", "Made", "Movement", "Slide", "film_size", "make_film"]
