"""How a dataset gets into a store, by the bulk path of each engine."""
