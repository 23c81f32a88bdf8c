"""Where files lie: objects by key, uploads part by part, signed links, and the one owner of a data folder."""
