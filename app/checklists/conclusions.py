"""What a whole checklist comes to: the first of its rules that holds; pure, computed each time."""

from __future__ import annotations

from dataclasses import dataclass

from app.checklists.conditions import Facts, Scope, parse
from app.checklists.rules import NOTHING, Answers, visible_items
from app.checklists.schema import Checklist
from app.checklists.soundness import groups
from app.vocabulary import Conclusion


@dataclass(frozen=True, slots=True)
class Concluded:
    """The result, and how many required items are still without an answer, so that it may change."""

    result: Conclusion
    open_items: int


def conclude(checklist: Checklist, answers: Answers, facts: Facts) -> Concluded | None:
    """The result by the checklist's rules over what is asked; nothing when it has none that holds.

    An answer to an item that is no longer asked counts for nothing.
    """
    if not checklist.conclusion:
        return None
    asked = visible_items(checklist, answers, facts)
    verdicts = {item.id: answers.get(item.id, NOTHING).verdict for item in asked}
    known = {item: verdict for item, verdict in verdicts.items() if verdict is not None}
    values = {
        item: value for item in known if (value := answers[item].value) is not None and value.is_finite()
    }
    scope = Scope(facts, known, values, groups(checklist))
    open_items = sum(item.required and item.id not in known for item in asked)
    for rule in checklist.conclusion:
        if rule.when is None or parse(rule.when).holds(scope):
            return Concluded(rule.result, open_items)
    return None
