"""What a whole checklist comes to: the first of its rules that holds; pure, computed each time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.checklists.conditions import Facts, Scope, parse
from app.checklists.rules import NOTHING, Answers, visible_items
from app.checklists.schema import Checklist
from app.checklists.soundness import groups
from app.vocabulary import Conclusion, Verdict


@dataclass(frozen=True, slots=True)
class Concluded:
    """The result, ``None`` as long as what is open could change it.

    ``open_items``: how many required items are without an answer or were left unchecked.
    """

    result: Conclusion | None
    open_items: int


def conclude(checklist: Checklist, answers: Answers, facts: Facts) -> Concluded | None:
    """The result by the checklist's rules over what is asked; nothing when it has none that holds.

    An answer to an item that is no longer asked counts for nothing. What nobody looked at may conform or
    not: the result stands only when it is the same either way, so a starred item that was left unchecked
    leaves it open, and one that does not conform decides whatever else is open.
    """
    if not checklist.conclusion:
        return None
    asked = visible_items(checklist, answers, facts)
    verdicts = {item.id: answers.get(item.id, NOTHING).verdict for item in asked}
    known = {
        item: verdict for item, verdict in verdicts.items() if verdict not in (None, Verdict.NOT_CHECKED)
    }
    values = {
        item: value for item in known if (value := answers[item].value) is not None and value.is_finite()
    }
    waiting = [item for item in asked if item.id not in known]

    def result_with(said: Mapping[str, Verdict | None]) -> Conclusion | None:
        scope = Scope(
            facts, {each: verdict for each, verdict in said.items() if verdict}, values, groups(checklist)
        )
        holding = (
            rule for rule in checklist.conclusion if rule.when is None or parse(rule.when).holds(scope)
        )
        return next((rule.result for rule in holding), None)

    found = result_with(known)
    at_worst = result_with({**known, **{item.id: Verdict.NONCONFORMING for item in waiting}})
    if found is None and at_worst is None:
        return None
    return Concluded(found if found is at_worst else None, sum(item.required for item in waiting))
