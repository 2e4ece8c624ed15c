"""What happens after visits: re-inspections, cases on their way, notices; each on its own day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from random import Random

from app.demo.acting import Visited
from app.demo.diary import Diary, PlayedClock
from app.demo.faults import Fault
from app.demo.script import Script
from app.planning.workdays import add_days, add_working_days
from app.services import casework, enforcing, numbering
from app.services.casework import Notice
from app.services.workplace import Workplace
from app.vocabulary import FollowUpResult, InspectionType, ReferralKind

THOUSAND = 100_000
"""分 in 1000 yuan."""

RESULTS = (
    *[FollowUpResult.PASSED] * 6,
    FollowUpResult.EXTENDED,
    FollowUpResult.FAILED,
    None,
)
"""Results of re-inspections as chance deals them; ``None``: nobody went, the order becomes overdue."""


class Aftermath:
    """Enters into the diary what follows each visit."""

    def __init__(
        self, place: Workplace, script: Script, diary: Diary, clock: PlayedClock, random: Random
    ) -> None:
        self.place = place
        self.script = script
        self.diary = diary
        self.clock = clock
        self.random = random
        self._cases = self._decisions = 0

    def follow(self, visited: Visited) -> None:
        """Everything that one visit leads to."""
        for row in enforcing.order_rows(self.place, inspection_id=visited.inspection_id):
            due = row.due_on or add_working_days(self.clock.today, 3).on
            result = self.random.choice(RESULTS)
            if result is not None:
                self.diary.enter(due, partial(self._check, visited, row.key, result))
        if visited.case is not None and visited.fault is not None:
            self._take_up(visited, visited.case, visited.fault)
        if visited.body and (visited.lapsed or (visited.orders and self.random.random() < 0.5)):
            self.diary.enter(self._in_days(3), partial(self._notify, visited))

    def _in_days(self, count: int) -> date:
        return add_days(self.clock.today, count).on

    def _check(self, visited: Visited, key: str, result: FollowUpResult) -> None:
        extended = result is FollowUpResult.EXTENDED
        enforcing.follow_up(
            self.place,
            inspection_id=visited.inspection_id,
            order_key=key,
            on=self.clock.today,
            result=result,
            note=self.script.lines[f"follow_up_{result}"],
            new_due_on=self._in_days(20) if extended else None,
        )
        if extended:
            again = FollowUpResult.PASSED
            self.diary.enter(self._in_days(20), partial(self._check, visited, key, again))

    def _take_up(self, visited: Visited, key: str, fault: Fault) -> None:
        """A lead is verified within 15 working days; what may be a crime is referred instead of fined."""
        self.diary.enter(self._in_days(7), partial(self._verify, visited, key))
        if fault.course == "dropped":
            self.diary.enter(self._in_days(10), partial(self._drop, visited, key))
            return
        if fault.course == "authority":
            self.diary.enter(
                self._in_days(10), partial(self._refer, visited, key, ReferralKind.OTHER_AUTHORITY)
            )
            return
        goods = self.random.randint(*fault.goods) * THOUSAND
        self.diary.enter(self._in_days(10), partial(self._file, visited, key, goods))
        if fault.course == "judicial":
            self.diary.enter(self._in_days(30), partial(self._refer, visited, key, ReferralKind.JUDICIAL))
            return
        self.diary.enter(self._in_days(45), partial(self._decide, visited, key, fault))

    def _verify(self, visited: Visited, key: str) -> None:
        casework.verify_lead(self.place, inspection_id=visited.inspection_id, key=key, on=self.clock.today)

    def _drop(self, visited: Visited, key: str) -> None:
        reason = self.script.lines["not_filed"]
        casework.do_not_file(self.place, inspection_id=visited.inspection_id, key=key, reason=reason)

    def _file(self, visited: Visited, key: str, goods: int) -> None:
        self._cases += 1
        casework.file_case(
            self.place, inspection_id=visited.inspection_id, key=key, on=self.clock.today,
            number=self.script.number("case", self._cases), goods_value=goods,
        )  # fmt: skip

    def _decide(self, visited: Visited, key: str, fault: Fault) -> None:
        self._decisions += 1
        casework.decide_case(
            self.place, inspection_id=visited.inspection_id, key=key, on=self.clock.today,
            number=self.script.number("decision", self._decisions),
            confiscated=self.random.randint(0, fault.goods[0]) * THOUSAND,
            fine=self.random.randint(*fault.fine) * THOUSAND,
        )  # fmt: skip

    def _refer(self, visited: Visited, key: str, kind: ReferralKind) -> None:
        casework.refer_case(
            self.place, inspection_id=visited.inspection_id, key=key, kind=kind,
            to=self.script.lines[f"referred_{kind}"], on=self.clock.today,
        )  # fmt: skip

    def _notify(self, visited: Visited) -> None:
        """Tell the certification body; of an organic one, report the body to the province too."""
        words = {"subject": visited.subject, "body": visited.body, "facts": visited.facts}
        self._send(visited, casework.notify_body, self.script.lines["notify_content"].format(**words))
        if visited.inspection_type is InspectionType.ORGANIC_ORG:
            self._send(
                visited, casework.report_province, self.script.lines["province_content"].format(**words)
            )

    def _send(self, visited: Visited, send: Callable[..., object], content: str) -> None:
        number = numbering.propose(self.place, form=numbering.NOTICE_FORM)
        notice = Notice(visited.body, content, self.clock.today, number=number)
        send(self.place, inspection_id=visited.inspection_id, notice=notice)
