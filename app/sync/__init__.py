"""What travels: documents from the mapping, signed revisions, the view, packages.

A record's document is flat (``answers/3.1/verdict`` → value). A revision is a signed delta of it,
the view a pure function of a record's revisions, and a package carries revisions and evidence.
"""
