"""Finishes: what makes a drawn picture a watercolour, paper cut, pencil or night picture. Only the child imports them."""
