"""Lets every request come from an address of its own.

Tries to sign in are limited by address: after a few of them nothing but 429 would be tested. The
gateway believes a proxy on its own machine.
"""

import itertools

import schemathesis

numbers = itertools.count(1)


@schemathesis.hook
def before_call(context, case, kwargs):
    number = next(numbers)
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    kwargs["headers"] = {**(kwargs.get("headers") or {}), "X-Forwarded-For": address}
