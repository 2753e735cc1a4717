"""Making the school's rooms: what is wanted, what is there, the difference, and doing it.

`wanted` and `plan` are pure; `survey` reads the homeserver, `perform` changes it.
"""
