from tests.routes import PUBLIC, SIGNED_IN, Route

ROUTES = {
    "front": Route(PUBLIC),
    "home": Route(SIGNED_IN),
}
