"""Practice: a window on made-up targets, and the card that leads a new inspector through one visit."""
