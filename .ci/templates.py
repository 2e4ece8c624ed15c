"""Make the Word templates that ship with the program: `.venv/bin/python .ci/templates.py resources/documents`.

The layout follows that of official papers: A4, margins 37/35/28/26 mm, title in 小标宋 二号, headings
in 黑体 三号, text in 仿宋 三号 on lines of 28.9 points, the office and the day at the end on the right.
Where a font is missing Word puts a like one in its place.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

TITLE, BLACK, BODY, KAI, SONG = "方正小标宋简体", "黑体", "仿宋", "楷体", "宋体"
LINE = Pt(28.9)
WIDTH = 156  # millimetres between the margins

TYPES = (
    ("检查类型", "行.类型", 52), ("检查（家次）", "行.家次", 26), ("单位（家）", "行.家数", 26),
    ("执法人员（人次）", "行.人次", 26), ("发现不符合（家）", "行.不符合家数", 26),
)  # fmt: skip
TASKS = (
    ("任务", "行.名称", 48), ("应查", "行.应查", 13), ("已查", "行.已查", 13), ("缺口", "行.缺口", 13),
    ("本级期限", "行.本级期限", 23), ("上级期限", "行.上级期限", 23), ("状态", "行.状态", 23),
)  # fmt: skip
PROBLEMS = (
    ("序号", "行.序号", 12), ("检查类型", "行.类型", 34), ("不符合的要求", "行.内容", 74),
    ("发现（起）", "行.起数", 18), ("占该类检查", "行.占比", 18),
)  # fmt: skip
COMPARED = (
    ("项目", "行.项目", 60), ("本期", "行.今年", 28), ("上年同期", "行.上年", 28), ("增减", "行.增减", 40),
)  # fmt: skip


class Paper:
    """A document in the layout of official papers."""

    def __init__(self) -> None:
        self.document: DocumentType = Document()
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        normal = self.document.styles["Normal"]
        normal.font.name, normal.font.size = "Times New Roman", Pt(16)
        normal.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
        self._number_pages()

    def title(self, text: str) -> None:
        """The title in the middle, an empty line below it."""
        self._line(text, TITLE, 22, centred=True)
        self._line("", BODY, 16)

    def heading(self, text: str) -> None:
        """A heading of the first rank."""
        self._line(text, BLACK, 16, indented=True).paragraph_format.keep_with_next = True

    def text(self, text: str) -> None:
        """A paragraph, two characters in."""
        self._line(text, BODY, 16, indented=True)

    def sub(self, text: str) -> None:
        """A heading of the second rank."""
        self._line(text, KAI, 16, indented=True).paragraph_format.keep_with_next = True

    def mark(self, text: str) -> None:
        """A mark that takes its whole paragraph with it."""
        self._line(text, BODY, 16)

    def caption(self, text: str) -> None:
        """What a table shows, above it."""
        self._line(text, BLACK, 12, centred=True).paragraph_format.keep_with_next = True

    def signed(self) -> None:
        """The office and the day on the right (落款)."""
        self._line("", BODY, 16)
        for text, right in (("{{ 单位 }}", 32), ("{{ 落款日期 }}", 64)):
            line = self._line(text, BODY, 16)
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            line.paragraph_format.right_indent = Pt(right)

    def table(self, columns: tuple[tuple[str, str, int], ...], listed: str) -> None:
        """A table with a row for each of a list; its heading comes again on every page."""
        table = self.document.add_table(rows=4, cols=len(columns))
        table.style = "Table Grid"
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        marks = [f"{{%tr for 行 in {listed} %}}", None, "{%tr endfor %}"]
        for index, (heading, name, width) in enumerate(columns):
            table.columns[index].width = Mm(width)
            self._cell(table.cell(0, index), heading, BLACK, width)
            for row, mark in enumerate(marks, 1):
                said = f"{{{{ {name} }}}}" if mark is None else mark if not index else ""
                self._cell(table.cell(row, index), said, SONG, width)
        repeated = OxmlElement("w:tblHeader")
        repeated.set(qn("w:val"), "true")
        table.rows[0]._tr.get_or_add_trPr().append(repeated)
        for row in table.rows:
            whole = OxmlElement("w:cantSplit")
            row._tr.get_or_add_trPr().append(whole)
        self._line("", BODY, 10.5)

    def save(self, path: Path) -> None:
        """Write it; the same script makes the same document."""
        properties = self.document.core_properties
        properties.author = properties.title = properties.comments = ""
        properties.created = properties.modified = datetime(2026, 1, 1, tzinfo=UTC)
        self.document.save(str(path))

    def _cell(self, cell: _Cell, text: str, face: str, width: int) -> None:
        cell.width = Mm(width)
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        paragraph = cell.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        shape = paragraph.paragraph_format
        shape.space_before = shape.space_after = Pt(2)
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(15)
        self._run(paragraph, text, face, 10.5)

    def _line(
        self, text: str, face: str, size: float, *, centred: bool = False, indented: bool = False
    ) -> Paragraph:
        line = self.document.add_paragraph()
        shape = line.paragraph_format
        shape.space_before = shape.space_after = Pt(0)
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
        if indented:
            shape.first_line_indent = Pt(size * 2)
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.JUSTIFY
        self._run(line, text, face, size)
        return line

    def _run(self, paragraph: Paragraph, text: str, face: str, size: float) -> None:
        run = paragraph.add_run(text)
        run.font.size = Pt(size)
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)

    def _number_pages(self) -> None:
        line = self.document.sections[0].footer.paragraphs[0]
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for kind, text in ((None, "— "), ("begin", ""), ("instr", " PAGE "), ("end", ""), (None, " —")):
            run = line.add_run(text if kind is None else "")
            run.font.size = Pt(14)
            if kind == "instr":
                field = OxmlElement("w:instrText")
                field.text = text
                run._element.append(field)
            elif kind:
                field = OxmlElement("w:fldChar")
                field.set(qn("w:fldCharType"), kind)
                run._element.append(field)


def work_summary() -> Paper:
    """工作总结: what the notices ask for, in their order (国市监认证〔2019〕102号: progress, problems, advice, cases)."""
    paper = Paper()
    paper.title("{{ 标题 }}")
    paper.text(
        "{{ 起始日期 }}至{{ 截止日期 }}，{{ 单位 }}{% if 计划名称 %}按照{{ 计划名称 }}"
        "{% if 文号 %}（{{ 文号 }}）{% endif %}的安排，{% endif %}组织开展认证监督检查，现将有关情况总结如下。"
    )
    paper.heading("一、工作开展情况")
    paper.text(
        "期内共检查 {{ 检查家数 }} 家（{{ 检查家次 }} 家次），出动监管执法人员 {{ 出动人次 }} 人次，"
        "发现不符合 {{ 不符合家数 }} 家、{{ 不符合项数 }} 项。"
    )
    paper.caption("表1  各类检查情况")
    paper.table(TYPES, "按类型")
    paper.mark("{%p if 任务 %}")
    paper.text("各项任务完成情况见下表。")
    paper.caption("表2  任务完成情况（家）")
    paper.table(TASKS, "任务")
    paper.mark("{%p endif %}")
    paper.heading("二、发现的主要问题")
    paper.mark("{%p if 突出问题 %}")
    paper.text("发现的不符合中，{{ 严重程度说明 }}。下列要求不符合的较多。")
    paper.caption("表3  不符合较多的要求")
    paper.table(PROBLEMS, "突出问题")
    paper.mark("{%p else %}")
    paper.text("期内检查未发现不符合。")
    paper.mark("{%p endif %}")
    paper.heading("三、处理情况")
    paper.text(
        "开出责令改正通知书 {{ 责令改正份数 }} 份，其中已复查通过 {{ 已整改份数 }} 份、到期未改 {{ 逾期份数 }} 份、"
        "批准延期 {{ 延期份数 }} 份、复查不通过转入办案 {{ 转案件份数 }} 份。"
    )
    paper.text(
        "立案 {{ 立案件数 }} 起，作出处罚决定 {{ 处罚决定件数 }} 起，罚没 {{ 罚没万元 }} 万元（其中罚款 {{ 罚款万元 }} 万元、"
        "没收 {{ 没收万元 }} 万元），案值 {{ 案值万元 }} 万元；移送司法机关 {{ 移送司法件数 }} 起。"
        "向认证机构通报 {{ 通报认证机构次数 }} 次，向省局报告 {{ 报告省局次数 }} 次。"
    )
    paper.heading("四、与上年同期比较")
    paper.mark("{%p if 有上年数据 %}")
    paper.caption("表4  与上年同期比较")
    paper.table(COMPARED, "同比")
    paper.mark("{%p else %}")
    paper.text("没有上年同期的检查数据，不作比较。")
    paper.mark("{%p endif %}")
    paper.heading("五、典型案例")
    paper.mark("{%p for 行 in 典型案例 %}")
    paper.sub("（{{ 行.序号 }}）{{ 行.当事人 }}")
    paper.text("{{ 行.检查日期 }}，对该单位进行{{ 行.类型 }}检查。{{ 行.案情 }}。{{ 行.结果 }}。")
    paper.mark("{%p endfor %}")
    paper.mark("{%p if not 典型案例 %}")
    paper.text("期内没有立案的案件。")
    paper.mark("{%p endif %}")
    paper.heading("六、存在的问题和意见建议")
    paper.text("（由本单位填写）")
    paper.mark("{%p if 未计入说明 %}")
    paper.text("说明：未计入以上数字的检查：{{ 未计入说明 }}。")
    paper.mark("{%p endif %}")
    paper.signed()
    return paper


if __name__ == "__main__":
    work_summary().save(Path(sys.argv[1]) / "work-summary.docx")
