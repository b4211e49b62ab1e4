"""Samples to words and activity.

When somebody speaks (``activity``), when a reply is over (``endpoint``), what was said
(``transcriber``, ``live``), all of it on a live stream (``listener``), and the model weights it
needs (``models``). Nothing is imported here, so that the heavy libraries load only when used.
"""
