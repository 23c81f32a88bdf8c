"""Texts read aloud: each chunk's sound with the times of its sentences and words, and the narration of a whole story.

`chunk` makes one chunk by asking the child that `service` describes, `spoken` is its file, `soundtrack` makes
of these files what people listen to.
"""
