"""证据: everything that was photographed, scanned or recorded on a visit, and the copies made of it."""
