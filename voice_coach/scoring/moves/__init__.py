"""What stretches of a reply do: clauses, the rules for each move, and finding them."""
