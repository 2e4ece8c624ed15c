"""What an inspection rests on: provisions with version, dates and how far they were verified."""
