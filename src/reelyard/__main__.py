"""`python -m reelyard` is `reelyard`."""

from reelyard.cli import main

if __name__ == "__main__":
    main()
