"""JSON Schema of a report's machine-readable form, made from its declaration."""

from typing import Any

from analytics.reports.declaration import Column, Kind, Report

NULLABLE = {
    Kind.TEXT: ["string", "number", "null"],
    Kind.NAME: ["string", "null"],
    Kind.WORD: ["string", "boolean", "null"],
    Kind.COUNT: ["integer", "null"],
    Kind.NUMBER: ["number", "null"],
    Kind.SHARE: ["number", "null"],
    Kind.P: ["number", "null"],
    Kind.GUARDED: ["integer", "string", "null"],
}
ESTIMATE = {
    "type": "object",
    "description": "A value with the ends of its 95 % interval, or the reason for having none.",
    "properties": {
        "value": {"type": ["number", "null"]},
        "low": {"type": ["number", "null"]},
        "high": {"type": ["number", "null"]},
        "n": {"type": "integer"},
        "clusters": {"type": ["integer", "null"]},
        "reason": {"type": "string"},
        "method": {"type": "string"},
        "sufficient": {"type": "boolean"},
    },
    "required": ["value", "low", "high", "n", "clusters", "reason", "method", "sufficient"],
    "additionalProperties": False,
}


def schema(report: Report) -> dict[str, Any]:
    """The schema (2020-12) that every result of ``report`` meets."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Trenza: {report.code}",
        "type": "object",
        "properties": {
            "about": {"type": "object"},
            "names": {
                "type": "object",
                "description": "What codes are called: by column, code and language.",
                "additionalProperties": {
                    "type": "object",
                    "additionalProperties": {"type": "object", "additionalProperties": _text()},
                },
            },
            **{
                section.key: {
                    "type": "object",
                    "description": str(section.title),
                    "properties": {
                        "reason": _text(),
                        "notes": {"type": "array", "items": _note(report)},
                        "gates": {"type": "array", "items": _gate()},
                        "tables": {
                            "type": "object",
                            "properties": {
                                table.key: _rows(table.columns) for table in section.tables
                            },
                            "additionalProperties": False,
                        },
                    },
                    "additionalProperties": False,
                }
                for section in report.sections
            },
        },
        "required": ["about", "names", *(section.key for section in report.sections)],
        "additionalProperties": False,
        "$defs": {"estimate": ESTIMATE},
    }


def _text() -> dict[str, Any]:
    return {"type": "string"}


def _note(report: Report) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"code": {"enum": sorted(report.notes)}, "facts": {"type": "object"}},
        "required": ["code"],
        "additionalProperties": False,
    }


def _rows(columns: tuple[Column, ...]) -> dict[str, Any]:
    cells = {column.key: _cell(column) for column in columns}
    return {
        "type": "array",
        "items": {"type": "object", "properties": cells, "additionalProperties": False},
    }


def _cell(column: Column) -> dict[str, Any]:
    told = {"description": str(column.title)}
    if column.kind == Kind.ESTIMATE:
        return told | {"anyOf": [{"$ref": "#/$defs/estimate"}, {"type": "null"}]}
    return told | {"type": NULLABLE[column.kind]}


def _gate() -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "code": _text(),
            "topic": _text(),
            "title": {"type": "object", "additionalProperties": _text()},
            "subject": _text(),
            "provisional": {"type": "number"},
            "good": {"type": "number"},
            "at_most": {"type": "boolean"},
            "minimum_n": {"type": "integer"},
            "estimate": {"$ref": "#/$defs/estimate"},
            "state": {"enum": ["good", "provisional", "undecided", "poor", "insufficient"]},
        },
        "required": ["code", "subject", "estimate", "state"],
        "additionalProperties": False,
    }
