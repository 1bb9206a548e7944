"""``btb`` on a terminal: a menu that asks, and runs the commands that the answers come to."""
