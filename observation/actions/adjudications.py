"""Where two observers differ, a third person settles on a code and says why."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.refusals import Refusal
from observation import policies
from observation.models import Adjudication, CodingPair
from observation.queries import double
from organisations.models import User


@dataclass(frozen=True)
class Settled:
    """The agreed code of an item (by id) in a cycle; ``value`` None is not applicable."""

    cycle: int
    item: int
    state: str
    value: int | None
    reason: str


@transaction.atomic
def settle(*, pair: CodingPair, codes: Iterable[Settled], by: User) -> list[Adjudication]:
    """Keep the agreed ``codes``; neither session changes. What stands so already stays."""
    pair = CodingPair.objects.select_for_update(of=("self",)).get(pk=pair.pk)
    policies.pair_is_complete(pair)
    policies.adjudicator_did_not_code(pair, by)
    cells = {(cell.cycle, cell.item.pk): cell for cell in double.cells(pair)}
    made = []
    for code in codes:
        cell = cells.get((code.cycle, code.item))
        if cell is None or not cell.differs(1):
            raise Refusal(_("The two do not differ there: there is nothing to settle."))
        policies.code_fits(cell.item, code.state, code.value, code.reason)
        said = (code.state, code.value, code.reason.strip())
        if cell.agreed and (cell.agreed.state, cell.agreed.value, cell.agreed.reason) == said:
            continue
        state, value, reason = said
        made.append(
            Adjudication.objects.create(
                pair=pair,
                cycle=code.cycle,
                item=cell.item,
                state=state,
                value=value,
                reason=reason,
                by=by,
            )
        )
    if made:
        audit.record("adjudications.settle", pair, by=by, detail={"items": len(made)})
    return made
