"""What is asked on the spot: versioned checklists, their conditions, what is still missing; pure."""
