"""A finished run as files: page, PDF, workbook, machine-readable result, data with codebook.

Slow to import: what writes PDF, XLSX and tables.
"""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from analytics.models import Run
from analytics.reports import documents, pdf, workbook
from analytics.reports.declaration import Report
from analytics.reports.deidentified import codebook
from analytics.reports.provenance import command, facts, stem, title
from analytics.reports.schema import schema

STYLES = ("tokens.css", "charts.css", "report.css")


def write(report: Report, run: Run, folder: Path) -> list[Path]:
    """The report as a page with its style, and in all other forms, side by side in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    styles = (settings.BASE_DIR / "static" / "css" / name for name in STYLES)
    style = "\n".join(one.read_text(encoding="utf-8") for one in styles)
    (folder / "report.css").write_text(style, encoding="utf-8")
    page = folder / f"{stem(run)}.html"
    page.write_text(_page(report, run), encoding="utf-8")
    written = [page]
    for ending, (made, _kind) in FORMS.items():
        written.append(folder / f"{stem(run)}.{ending}")
        written[-1].write_bytes(made(report, run))
    return written


def _page(report: Report, run: Run) -> str:
    context = {
        "title": title(report, run),
        "document": documents.build(report, run.result),
        "facts": facts(run),
    }
    return render_to_string("analytics/report_file.html", context)


def as_pdf(report: Report, run: Run) -> bytes:
    document = documents.build(report, run.result)
    return pdf.render(title(report, run), document, facts(run))


def as_workbook(report: Report, run: Run) -> bytes:
    return workbook.render(report, run.result, facts(run))


def as_json(report: Report, run: Run) -> bytes:
    """The result with all that it was made from; ``as_schema`` says what stands where."""
    told = {
        "inputs_hash": run.inputs_hash,
        "seed": run.seed,
        "code_version": run.code_version,
        "packages": run.packages,
        "command": command(run),
        "report": run.result,
    }
    return _json(told)


def as_schema(report: Report, run: Run) -> bytes:
    return _json(schema(report))


def as_data(report: Report, run: Run) -> bytes:
    """ZIP of the data without anybody in them and the codebook that explains each column."""
    rows = list(codebook(run.result))
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (("data.csv", run.table), ("codebook.csv", text.getvalue())):
            archive.writestr(zipfile.ZipInfo(name, workbook.NO_TIME), "\ufeff" + content)
    return file.getvalue()


# By ending: how it is made, and what it is on the wire.
FORMS: dict[str, tuple[Callable[[Report, Run], bytes], str]] = {
    "pdf": (as_pdf, "application/pdf"),
    "xlsx": (
        as_workbook,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "json": (as_json, "application/json"),
    "schema.json": (as_schema, "application/schema+json"),
    "zip": (as_data, "application/zip"),
}


def _json(told: dict[str, Any]) -> bytes:
    return (json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()
