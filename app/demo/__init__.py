"""The whole job on made-up data: the demonstration and the test of an installation.

Everything is done through the services that the window uses; only time is played, by a clock that
the diary moves from day to day.
"""
