"""What people do: one module for each step of the work.

A use case takes the workplace first and keyword values after, opens one ``write()``, and returns
a small frozen result that carries its :class:`~app.services.workplace.Changes`. Reads return ids
or frozen rows; nothing mapped leaves its session.
"""
