"""Logs as JSON lines with a request id and no personal data.

No address, no e-mail, no body, and of an error its kind and place alone: the sentence of a database
or a parser repeats what somebody typed.
"""

import traceback

import structlog
from structlog.typing import ExcInfo, Processor


def place_of(exc_info: ExcInfo) -> str:
    """Where and as what an error came about, from its first cause to the last."""
    error: BaseException | None = exc_info[1]
    told: list[str] = []
    while error is not None:
        name = f"{type(error).__module__}.{type(error).__qualname__}\n"
        told[:0] = [*traceback.format_tb(error.__traceback__), name]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "".join(told)


PROCESSORS: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.filter_by_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.StackInfoRenderer(),
    structlog.processors.ExceptionRenderer(place_of),
]


def logging_config(level: str) -> dict:
    """Django's LOGGING: everything to standard error, one JSON object a line."""
    structlog.configure(
        processors=[*PROCESSORS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processor": structlog.processors.JSONRenderer(),
                "foreign_pre_chain": [
                    structlog.contextvars.merge_contextvars,
                    structlog.processors.TimeStamper(fmt="iso", utc=True),
                    structlog.stdlib.add_log_level,
                    structlog.processors.ExceptionRenderer(place_of),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Wagtail tells each page it saves; its own log table keeps that.
            "wagtail": {"level": "WARNING"},
            # Names the address of each request that failed; django_structlog tells of it already.
            "django.request": {"level": "CRITICAL"},
            # Names each address that it asks, other stores' statements among them.
            "httpx": {"level": "WARNING"},
        },
    }
