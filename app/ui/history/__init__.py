"""履历: who wrote what into a record, when, on which device, what was decided and why."""
