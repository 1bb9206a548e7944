"""What the user types and sees. Each command calls one workflow and shows what came of it."""
