"""What results say: numbers out of result files, without running anything."""
