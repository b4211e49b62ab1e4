"""From scorecard to feedback, and the voices that speak it."""
