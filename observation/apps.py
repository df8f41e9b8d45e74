from collections.abc import Iterable

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ObservationConfig(AppConfig):
    """Instruments, observation sessions and their scores."""

    name = "observation"
    verbose_name = _("observation")

    def ready(self) -> None:
        from core import audit, navigation, states  # noqa: PLC0415 — registries, once apps are loaded
        from fieldwork import agenda as field_agenda  # noqa: PLC0415 — a registry, once apps are loaded
        from fieldwork import kinds, modules  # noqa: PLC0415 — read the models, or are registries
        from observation import agenda, menu, policies, recorder  # noqa: PLC0415 — need the models
        from observation.actions import deliveries, field_alerts  # noqa: PLC0415 — read the models, or are registries
        from observation.queries import own_data as own  # noqa: PLC0415 — read the models, or are registries
        from observation.views import (  # noqa: PLC0415 — read the models, or are registries
            certification_steps,
            next_steps,
            quality_steps,
        )
        from organisations import home, own_data, scopes  # noqa: PLC0415 — registries, once apps are loaded

        own_data.register("observations", own.own_sessions)
        own_data.register("coding_rounds", own.own_coding_rounds)
        own_data.register("certificates", own.own_certificates)
        own_data.register("exports", own.own_exports)
        scopes.register("observation.read", _("read sessions, ratings and scores"))
        scopes.register("instruments.read", _("read instruments and their versions"))
        # Kept here until cases had entries of their own.
        audit.protect("alerts.", "observation.safeguarding")
        states.register(policies.MOVES)
        states.register(policies.CASE_MOVES)
        states.register(policies.CLIP_MOVES)
        kinds.register(deliveries.KIND)
        kinds.register(field_alerts.KIND)
        field_agenda.register("observation", agenda.of)
        modules.register(recorder.MODULE)
        for permission, step, order in (
            ("observation.safeguarding", next_steps.cases, 10),
            ("observation.safeguarding", next_steps.held_alerts, 10),
            ("organisations.import", next_steps.officers, 10),
            ("observation.record", next_steps.drafts, 50),
            ("observation.record", quality_steps.own_visits, 50),
            ("observation.quality", quality_steps.drift, 20),
            ("observation.pair", quality_steps.without_second, 30),
            ("observation.adjudicate", quality_steps.to_settle, 30),
            ("observation.record", certification_steps.own, 50),
            ("observation.observers", certification_steps.of_others, 30),
            ("observation.view", next_steps.results, 90),
        ):
            home.register(permission, step, order=order)
        for entry in menu.ENTRIES:
            navigation.register(entry)
        freeze_published_versions()
        freeze_closed_sessions()
        freeze_certification()
        freeze_double_coding()


def freeze_published_versions() -> None:
    """A published version keeps its content; its one move is to be retired."""
    from core import append_only  # noqa: PLC0415 — a registry, once apps are loaded

    same = _same(
        (
            "id",
            "instrument_id",
            "number",
            "published_at",
            "content_hash",
            "minimum_cycles",
            "cycle_minutes",
            "cycle_minutes_most",
            "minimum_answered",
            "scoring",
            "moments_asked",
            "routine_and_play",
            "segments",
            "reason",
        )
    )
    append_only.register(
        "observation.InstrumentVersion",
        frozen="OLD.status <> 'draft'",
        move=f"OLD.status = 'published' AND NEW.status = 'retired' AND {same}",
    )
    fixed = (
        "EXISTS (SELECT 1 FROM observation_instrumentversion "
        "WHERE id = {0}.version_id AND status <> 'draft')"
    )
    for model in ("Domain", "Scale", "Item"):
        append_only.register(
            f"observation.{model}", frozen=fixed.format("OLD"), full=fixed.format("NEW")
        )


def freeze_closed_sessions() -> None:
    """A closed session keeps its cycles, ratings and scores; alerts stay once described."""
    from core import append_only  # noqa: PLC0415 — a registry, once apps are loaded

    append_only.register("observation.ObservationSession", frozen="OLD.status = 'closed'")
    closed = (
        "EXISTS (SELECT 1 FROM observation_observationsession "
        "WHERE id = {0}.session_id AND status = 'closed')"
    )
    for model in ("Cycle", "SessionPicture", "SessionScore"):
        append_only.register(
            f"observation.{model}", frozen=closed.format("OLD"), full=closed.format("NEW")
        )
    closed = (
        "EXISTS (SELECT 1 FROM observation_observationsession s "
        "JOIN observation_cycle c ON c.session_id = s.id "
        "WHERE c.id = {0}.cycle_id AND s.status = 'closed')"
    )
    append_only.register(
        "observation.Rating", frozen=closed.format("OLD"), full=closed.format("NEW")
    )
    append_only.register(
        "observation.SafeguardingAlert",
        move="OLD.description = '' AND OLD.case_id = NEW.case_id AND OLD.item_id = NEW.item_id "
        "AND OLD.cycle_number = NEW.cycle_number AND OLD.observer_id = NEW.observer_id "
        "AND OLD.happened_at IS NOT DISTINCT FROM NEW.happened_at "
        "AND OLD.raised_at = NEW.raised_at",
    )
    append_only.register("observation.CaseEntry")


def freeze_certification() -> None:
    """Published clips keep their master codes, rounds their draw and codes; certificates stay."""
    from core import append_only  # noqa: PLC0415 — a registry, once apps are loaded

    clip = [
        *("id", "code", "version_id", "title", "medium", "film_id", "words", "age_group"),
        *("moments", "level", "use", "consent", "published_at", "content_hash"),
    ]
    append_only.register(
        "observation.TrainingClip",
        frozen="OLD.status <> 'draft'",
        move="NEW.status IN (OLD.status, 'retired') AND (NEW.public OR NOT OLD.public) "
        f"AND {_same(clip)}",
    )
    published = (
        "EXISTS (SELECT 1 FROM observation_trainingclip "
        "WHERE id = {0}.clip_id AND status <> 'draft')"
    )
    append_only.register(
        "observation.MasterCode", frozen=published.format("OLD"), full=published.format("NEW")
    )
    # "finished" and "submitted" are the one move that each may make, once.
    drawn = ("id", "observer_id", "version_id", "use", "draw", "gate", "started_at", "deadline")
    append_only.register(
        "observation.CodingRound",
        move=f"OLD.finished_at IS NULL AND NEW.finished_at IS NOT NULL AND {_same(drawn)}",
    )
    finished = (
        "EXISTS (SELECT 1 FROM observation_codinground "
        "WHERE id = NEW.round_id AND finished_at IS NOT NULL)"
    )
    append_only.register(
        "observation.ClipCoding",
        move="OLD.submitted_at IS NULL AND NEW.submitted_at IS NOT NULL "
        f"AND NOT {finished} AND {_same(('id', 'round_id', 'clip_id', 'number'))}",
        full=finished,
    )
    append_only.register(
        "observation.ClipCode",
        full="EXISTS (SELECT 1 FROM observation_clipcoding "
        "WHERE id = NEW.coding_id AND submitted_at IS NOT NULL)",
    )
    for model in ("Certificate", "CertificateRevocation"):
        append_only.register(f"observation.{model}")


def freeze_double_coding() -> None:
    """Draws, adjudications and reinstatements stay; so does a pair once it is done or cancelled."""
    from core import append_only  # noqa: PLC0415 — a registry, once apps are loaded

    for model in ("CodingDraw", "Adjudication", "Reinstatement"):
        append_only.register(f"observation.{model}")
    append_only.register(
        "observation.CodingPair",
        frozen="(OLD.completed_at IS NOT NULL OR OLD.cancelled_at IS NOT NULL)",
    )
    append_only.register(
        "observation.PairCoding",
        frozen="EXISTS (SELECT 1 FROM observation_observationsession "
        "WHERE id = OLD.session_id AND status = 'closed')",
    )


def _same(columns: Iterable[str]) -> str:
    """That a row keeps ``columns`` (SQL over OLD and NEW)."""
    return " AND ".join(f"OLD.{column} IS NOT DISTINCT FROM NEW.{column}" for column in columns)
