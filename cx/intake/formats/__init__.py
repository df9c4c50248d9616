"""Readers of one file format each, run in a child process (child.py): they import nothing of cx.

Each has `sheets(path, encoding)`: every table of the file as a Sheet, whose cells are Python values as the format
stores them. They raise Refused with one of the reasons below, or whatever their library raises for a damaged file.
"""
