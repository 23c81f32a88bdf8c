"""How many threads an encoder of pictures gets: always as many, so that the same order gives the same bytes.

What an encoder writes depends on how many threads it has, and how many cores a stage may keep busy depends on what
else is going on. Measured on 8 s of noisy 720p with x264: 4, 8 and 16 threads each give other pictures than 1 to 3,
the same number always the same, and all take as much processor time. VP9 gives others with 1 thread than with more.
AV1 is the same with any number, and filters are: those follow the cores.
"""

from __future__ import annotations

# Enough for a quiet machine of four cores; on a busy one they wait for each other, which costs nothing but memory
# (4K: 0.15 GB more than two). A single film on a larger machine would gain by more.
ENCODER_THREADS = 4
