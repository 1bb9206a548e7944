"""The parts of purge: what there is of each kind, whose it is, and its removal."""
