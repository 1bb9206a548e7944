"""How a server runs, what holds it to a limit, what it uses, and how it is spoken to."""
