"""What is stored: one module per noun, all on one declarative base.

A *record* is an aggregate that travels whole: a root row (:class:`~app.models.base.Record`) and
its parts (:class:`~app.models.base.Part`), each keyed by a name that is the same on every device,
so that a record's document needs no row numbers.
"""
