"""How a query is executed and timed: the measuring loop, and what each engine does in it."""
