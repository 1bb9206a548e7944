"""An engine whose latencies and memory are known: the harness is tested blind on it."""
