"""``python -m voice_coach`` is ``voice-coach``."""

from voice_coach.cli import main

if __name__ == "__main__":
    main(prog_name="voice-coach")
