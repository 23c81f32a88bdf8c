"""What the stages of a story do: its text, its narration, its pictures, its film."""
