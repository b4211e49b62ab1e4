"""Conversations that took place elsewhere: timed transcripts in, what happened in them out."""
