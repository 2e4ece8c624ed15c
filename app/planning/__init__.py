"""Who goes where and until when: working days, quotas, deadlines; pure."""
