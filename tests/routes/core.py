from tests.routes import PUBLIC, Route

ROUTES = {
    "components": Route(PUBLIC),
    "offline": Route(PUBLIC),
    "healthz": Route(PUBLIC),
    "language_set": Route(PUBLIC, methods=("post",)),
    "components": Route(PUBLIC),
    "offline": Route(PUBLIC),
}
