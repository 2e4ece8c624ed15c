"""Canonical bytes: deterministic JSON with sorted keys, and their SHA-256."""

from __future__ import annotations

import hashlib

import msgspec


def canonical(value: object) -> bytes:
    """The one JSON text of ``value``: keys sorted, no white space, UTF-8."""
    return msgspec.json.encode(value, order="sorted")


def digest(data: bytes) -> str:
    """Hex SHA-256."""
    return hashlib.sha256(data).hexdigest()
