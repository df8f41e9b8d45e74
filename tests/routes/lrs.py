from tests.routes import BY_KEY, PUBLIC, Route

DOCUMENTS = ("get", "put", "post", "delete")

ROUTES = {
    "xapi_statements": Route(BY_KEY, ("get", "put", "post")),
    "xapi_state": Route(BY_KEY, DOCUMENTS),
    "xapi_activity_profile": Route(BY_KEY, DOCUMENTS),
    "xapi_activities": Route(BY_KEY),
    "xapi_agent_profile": Route(BY_KEY, DOCUMENTS),
    "xapi_agents": Route(BY_KEY),
    "xapi_about": Route(PUBLIC),
    "xapi_nowhere": Route(BY_KEY, words={"anywhere": "nowhere"}),
}
