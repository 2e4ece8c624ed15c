"""清单: versions of the checklists, an office's own, and visits that change their version."""
