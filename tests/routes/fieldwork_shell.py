from tests.routes import PUBLIC, Route

ROUTES = {
    "field:page": Route(PUBLIC),
    "field:worker": Route(PUBLIC),
    "field:manifest": Route(PUBLIC),
    "field:texts": Route(PUBLIC, words={"language": "es"}),
}
