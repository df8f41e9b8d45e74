from analytics.serializers.runs import REPORTS, page, waiting

__all__ = ["REPORTS", "page", "waiting"]
