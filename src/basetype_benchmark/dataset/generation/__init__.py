"""Generates datasets: what the tasks are, who carries them out, and in which order."""

from basetype_benchmark.dataset.generation.generate import (
    generate_dataset,
    simulate_dataset,
    start_workers_for,
)

__all__ = ["generate_dataset", "simulate_dataset", "start_workers_for"]
