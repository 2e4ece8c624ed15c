"""What offices send: workbooks and lists in known layouts, read into rows and located problems.

Layouts are data (``layouts/*.toml``), recognised by what a file holds and never by its extension.
"""
