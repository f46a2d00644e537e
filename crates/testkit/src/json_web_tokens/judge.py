"""PyJWT and python-jose, asked line by line what they make of tokens, as the originals ask them."""

import json
import sys

sys.path.insert(0, json.loads(sys.stdin.readline())["libraries"])

import jwt  # noqa: E402
from jose import jwt as jose  # noqa: E402

print(json.dumps(True), flush=True)


def simple_jwt(token, secret):
    """As the TokenBackend of SimpleJWT 5.3."""
    options = {"verify_aud": False, "verify_signature": True}
    return jwt.decode(
        token, secret, algorithms=["HS256"], audience=None, issuer=None, leeway=0, options=options
    )


READERS = {
    "pyjwt": lambda token, secret: jwt.decode(token, secret, algorithms=["HS256"]),
    "simplejwt": simple_jwt,
    "jose": lambda token, secret: jose.decode(token, secret, algorithms=["HS256"]),
}


def answer(question):
    if "claims" in question:
        made = {
            "pyjwt": jwt.encode(question["claims"], question["secret"], algorithm="HS256"),
            "jose": jose.encode(question["claims"], question["secret"], algorithm="HS256"),
        }
        return made[question["library"]]
    try:
        return {"claims": READERS[question["library"]](question["token"], question["secret"])}
    except Exception as wrong:  # whatever it finds
        return {"wrong": f"{type(wrong).__name__}: {wrong}"}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
