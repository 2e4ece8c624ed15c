"""交接 and 设备与下发: what goes to whom, enrolment, and the history of packages (specs/screens.md 8)."""
