"""FFmpeg, as a program and through `av`: probing, decoding, pictures; always in a confined child."""
