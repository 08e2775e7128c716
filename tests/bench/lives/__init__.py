"""Simulated lives: customers with hidden tastes, a year of contacts, and what the shop made of them.

`people` says who they are, `visits` what they do, `keeper` is the shop (the one file that knows its rules),
`pages` what the shop writes down, `scores` what is measured. See docs/lives.md.
"""
