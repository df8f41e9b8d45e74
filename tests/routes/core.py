from tests.routes import PUBLIC, Route

ROUTES = {
    "healthz": Route(PUBLIC),
    "language_set": Route(PUBLIC, methods=("post",)),
    "components": Route(PUBLIC),
    "offline": Route(PUBLIC),
}
