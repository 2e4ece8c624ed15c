"""What people see: the only place for Qt, and no place for SQLAlchemy."""
