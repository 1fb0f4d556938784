"""Lets every request come from an address of its own.

Tries to sign in are limited by address: after a few of them nothing but 429 would be tested. The
gateway believes a proxy on its own machine. What schemathesis itself knows of a request stays as it
is, so that its checks do.
"""

import itertools

import requests

numbers = itertools.count(1)
send = requests.Session.send


def send_from_elsewhere(session, request, **options):
    number = next(numbers)
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    request.headers["X-Forwarded-For"] = address
    return send(session, request, **options)


requests.Session.send = send_from_elsewhere
