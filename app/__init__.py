"""认证查验 (chayan): on-site supervision of certification, offline, from plan to official table."""

__version__ = "0.1.0"
