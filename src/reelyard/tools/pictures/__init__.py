"""Pictures drawn from words: what they name is read, composed, and painted in a style."""
