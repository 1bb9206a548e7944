"""Control groups: what is read of them, and the limits they hold."""
