"""The command line: thin commands over the use cases, without Qt (specs/cli.md).

A command returns a :class:`~app.cli.report.Report`; :mod:`app.cli.program` prints it, as sentences
or as one JSON document, and turns it into an exit code.
"""
