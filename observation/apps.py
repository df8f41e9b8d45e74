from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ObservationConfig(AppConfig):
    """Instruments, observation sessions and their scores."""

    name = "observation"
    verbose_name = _("observation")

    def ready(self) -> None:
        from core import audit, navigation, states  # noqa: PLC0415 — registries, once apps are loaded
        from fieldwork import agenda as field_agenda  # noqa: PLC0415 — a registry, once apps are loaded
        from fieldwork import kinds, modules  # noqa: PLC0415 — likewise
        from observation import agenda, policies, recorder  # noqa: PLC0415 — need the models
        from observation.actions import deliveries  # noqa: PLC0415 — likewise
        from observation.views import next_steps  # noqa: PLC0415 — likewise
        from organisations import home  # noqa: PLC0415 — a registry, once apps are loaded

        # Kept here until cases had entries of their own.
        audit.protect("alerts.", "observation.safeguarding")
        states.register(policies.MOVES)
        states.register(policies.CASE_MOVES)
        kinds.register(deliveries.KIND)
        field_agenda.register("observation", agenda.of)
        modules.register(recorder.MODULE)
        home.register("observation.safeguarding", next_steps.cases, order=10)
        home.register("organisations.import", next_steps.officers, order=10)
        home.register("observation.record", next_steps.drafts)
        for label, name, permission, order in (
            (_("Observations"), "session_list", "observation.view", 30),
            (_("Safeguarding cases"), "case_list", "observation.safeguarding", 31),
            (
                _("Limits of safeguarding cases"),
                "safeguarding_limits",
                "observation.safeguarding_limits",
                36,
            ),
            (_("Instruments"), "instrument_list", "observation.instruments", 32),
        ):
            navigation.register(
                navigation.Entry(
                    label,
                    f"observation:{name}",
                    permission,
                    strand="observation",
                    order=order,
                    section=_("Observation"),
                )
            )
        navigation.register(
            navigation.Entry(
                _("In the field"),
                "field:page",
                "observation.record",
                strand="observation",
                order=30,
                section=_("Observation"),
            )
        )
        freeze_published_versions()
        freeze_closed_sessions()


def freeze_published_versions() -> None:
    """A published version keeps its content; its one move is to be retired."""
    from core import append_only  # noqa: PLC0415 — a registry, once apps are loaded

    same = " AND ".join(
        f"OLD.{column} IS NOT DISTINCT FROM NEW.{column}"
        for column in (
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
    for model in ("Cycle", "SessionScore"):
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
