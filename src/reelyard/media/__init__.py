"""Facts about media, without I/O: formats, streams, ranges, transcripts."""
