"""Judging a reply: turns and words in, a scorecard out. Pure functions of values."""
