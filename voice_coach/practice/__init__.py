"""The sittings: the engine and its events, the store, the history."""
