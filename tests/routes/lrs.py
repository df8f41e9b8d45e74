from tests.routes import BY_KEY, Route

ROUTES = {
    "xapi_statements": Route(BY_KEY, ("get", "post")),
}
