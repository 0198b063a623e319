"""Writes the files of this folder and what is right for each (`expected.json`).

python3 make.py, with openpyxl, lxml and xlsxwriter. The files are kept; the script says how they came about.
"""

import csv
import datetime
import io
import json
import pathlib
import re
import zipfile

import openpyxl
import xlsxwriter

HERE = pathlib.Path(__file__).parent
HEADER = "stage process start end product output output_unit flow kind amount unit source site country batch upstream".split()
POWER = dict(zip(HEADER, ["production", "assembly", "2025-01-01", "2026-01-01", "urn:gtin:06901234000016", "1000", "piece",
                          "power", "energy", "3000", "kWh", "factor:acme.elec", "Plant 7", "CN", "", ""]))
GAS = {**POWER, "flow": "gas", "amount": "100", "unit": "m3", "source": "factor:acme.gas"}
CONTROL = ["production/assembly 2025-01-01..2026-01-01 1000 piece: gas=100 m3, power=3000 kWh"]
expected = []


def reads(amount="3000 kWh", gas="100 m3", output="1000 piece", period="2025-01-01..2026-01-01", process="assembly"):
    return [f"production/{process} {period} {output}: gas={gas}, power={amount}"]


def say(file, reads=None, says=None, notes=None, **options):
    entry = {"file": file, **options}
    if reads is not None:
        entry["reads"] = reads
    if says is not None:
        entry["says"] = [says] if isinstance(says, str) else says
    if notes is not None:
        entry["notes"] = [notes] if isinstance(notes, str) else notes
    assert (reads is None) != (says is None), file
    expected.append(entry)


def text(rows, separator=",", header=None, end="\n"):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator=end)
    names = header or HEADER
    writer.writerow(names)
    for row in rows:
        writer.writerow([row.get(name, "") for name in names])
    return out.getvalue()


def put(file, data, **said):
    (HERE / file).write_bytes(data if isinstance(data, bytes) else data.encode())
    say(file, **said)


def table(file, change=None, gas=None, separator=",", encoding="utf-8", header=None, above="", end="\n", **said):
    rows = [{**POWER, **(change or {})}, {**GAS, **(gas or {})}]
    put(file, (above + text(rows, separator, header, end)).encode(encoding), **said)


def with_all(change):
    """The same in both rows, which are one statement."""
    return {"change": change, "gas": change}


# --- Numbers: one format a column -----------------------------------------------------------------------------------
two = "state --decimal comma or --decimal point"
table("number-point-in-semicolons.csv", {"amount": "3.000"}, separator=";", says=["amount: `3.000` is 3.000", two])
table("number-point-in-semicolons-stated-comma.csv", {"amount": "3.000"}, separator=";", decimal="comma", reads=CONTROL)
table("number-point-in-semicolons-stated-point.csv", {"amount": "3.000"}, separator=";", decimal="point", reads=reads("3 kWh"))
table("number-point-in-tabs.csv", {"amount": "3.000"}, separator="\t", says=two)
table("number-point-in-commas.csv", {"amount": "3.125"}, reads=reads("3.125 kWh"))
table("number-point-told-by-its-column.csv", {"amount": "3.125"}, {"amount": "12.5"}, ";", reads=reads("3.125 kWh", "12.5 m3"))
table("number-point-not-told-by-another-column.csv", {"amount": "3.125", "output": "12.5"}, {"output": "12.5"}, ";", says=two)
table("number-comma-thousands.csv", {"amount": "3,000"}, says=["this is 3000 with a comma between the thousands", two])
table("number-comma-decimal.csv", {"amount": "3000,5"}, reads=reads("3000.5 kWh"))
table("number-both-marks.csv", {"amount": "3.000,5"}, separator=";", reads=reads("3000.5 kWh"))
table("number-both-marks-english.csv", {"amount": "3,000.5"}, reads=reads("3000.5 kWh"))
table("number-two-formats-in-one-file.csv", {"amount": "3.000"}, {"amount": "0,5"}, says="has a decimal comma")
table("number-full-width.csv", {"amount": "３０００"}, reads=CONTROL)
table("number-no-break-space.csv", {"amount": "3\u00a0000"}, reads=CONTROL)
table("number-narrow-space.csv", {"amount": "3\u202f000,5"}, separator=";", reads=reads("3000.5 kWh"))
table("number-thin-space.csv", {"amount": "3\u2009000"}, reads=CONTROL)
table("number-apostrophe.csv", {"amount": "3'000"}, reads=CONTROL)
table("number-trailing-minus.csv", {"amount": "3000-"}, reads=reads("-3000 kWh"))
table("number-parentheses.csv", {"amount": "(3000)"}, reads=reads("-3000 kWh"))
table("number-exponent.csv", {"amount": "3E+03"}, reads=CONTROL)
table("number-small-exponent.csv", {"amount": "1.23E-05"}, reads=reads("0.0000123 kWh"))
table("number-too-small.csv", {"amount": "1.2E-13"}, says=["at most 12 digits after the point", "more of the output"])
table("number-percent-of-nothing.csv", {"amount": "12%"}, says="the percentage `12%`")
table("number-limit.csv", {"amount": "<5"}, says="got a limit")
table("number-superscript.csv", {"amount": "10²"}, says="plain decimal")
table("number-chinese-full-stop.csv", {"amount": "3。5"}, says="full stop of Chinese text")
table("number-wrong-groups.csv", {"amount": "30 00"}, says="each three digits")
table("number-error.csv", {"amount": "#VALUE!"}, says="got `#VALUE!`")
table("number-in-units-of-thousands.csv", {"amount": "3", "unit": "MWh"}, reads=CONTROL)

# --- Units -----------------------------------------------------------------------------------------------------------
for name, unit, right in [
    ("mwh", "MWh", "3000000 kWh"), ("gwh", "GWh", "3000000000 kWh"), ("kwh-small", "kwh", "3000 kWh"),
    ("kwh-capitals", "KWH", "3000 kWh"), ("ten-thousand-kwh", "万千瓦时", "30000000 kWh"), ("kwh-dotted", "千瓦·时", "3000 kWh"),
    ("mwh-chinese", "兆瓦时", "3000000 kWh"), ("kj", "kJ", "3 MJ"), ("coal", "吨标煤", "3000 tce"), ("gross", "kWh (gross)", "3000 kWh_gcv"),
    ("net", "kWh Hi", "3000 kWh_ncv"), ("kg-capitals", "KG", "3000 kg"), ("tonne", "tonne", "3000 t"), ("tonnes", "tonnes", "3000 t"),
    ("mg", "mg", "3 g"), ("short-ton", "short ton", "6000000 lb"), ("cubic-metre", "m³", "3000 m3"), ("cubic-metre-one-sign", "㎥", "3000 m3"),
    ("normal-cubic-metre", "Nm³", "3000 Nm3"), ("litre-small", "l", "3000 L"), ("millilitre", "ml", "3 L"), ("hectare", "ha", "30000000 m2"),
    ("tonne-kilometre", "t·km", "3000 tkm"), ("pieces", "pcs", "3000 piece"), ("stueck", "Stück", "3000 piece"),
    ("stueck-decomposed", "Stu\u0308ck", "3000 piece"), ("tiao", "条", "3000 piece"), ("day", "day", "72000 h"),
]:
    table(f"unit-{name}.csv", {"unit": unit}, reads=reads(right))
for name, unit, why in [
    ("ton", "ton", "short ton"), ("to", "TO", "write t"), ("st", "ST", "piece (Stück) or short ton"), ("mg-capitals", "MG", "milligram"),
    ("mwh-small", "mwh", "did you mean MWh?"), ("mmbtu", "MMBtu", "1055.05585262 MJ"), ("therm", "therm", "105.505585262 MJ"),
    ("gallon", "gal", "imperial"), ("year", "year", "8760 h or 8784 h"), ("passenger-kilometre", "pkm", "no unit here"),
    ("misspelt", "kWhh", "did you mean kWh?"), ("standard-cubic-metre", "Sm3", "0 °C"), ("percent", "%", "a share has no unit"),
]:
    table(f"unit-refused-{name}.csv", {"unit": unit}, says=f"unit: `{unit}`" if why != "did you mean MWh?" and why != "did you mean kWh?" else why)
    expected[-1]["says"].append(why)

# --- Countries, years, days -------------------------------------------------------------------------------------------
for code, why in [("UK", "GB"), ("XX", "ISO 3166-1"), ("EU", "no country"), ("cn", "write CN"), ("Germny", "DE"), ("JA", "JP")]:
    table(f"country-refused-{code.lower()}{'-small' if code.islower() else ''}.csv", **with_all({"country": code}), says=["country: ", why])
table("country-chinese.csv", **with_all({"country": "中国"}), reads=CONTROL)
table("country-german.csv", **with_all({"country": "Deutschland"}), reads=CONTROL)
table("year-buddhist.csv", **with_all({"start": "2568-01-01", "end": "2569-01-01"}), says="Buddhist calendar: write 2025")
table("year-of-the-first-computer.csv", **with_all({"start": "1900-01-01", "end": "1901-01-01"}), says="from 1990")
table("year-after-next.csv", **with_all({"start": "2099-01-01", "end": "2100-01-01"}), latestYear=2027, says="from 1990 to 2027")
table("day-of-two-readings.csv", **with_all({"start": "1/2/2025"}), says="start: in `1/2/2025` day and month may be swapped")
table("day-first-stated.csv", **with_all({"start": "1.2.2025"}), dates="day-first", reads=reads(period="2025-02-01..2026-01-01"))
table("day-month-first-stated.csv", **with_all({"start": "1/2/2025"}), dates="month-first", reads=reads(period="2025-01-02..2026-01-01"))
table("day-chinese.csv", **with_all({"start": "2025年1月1日"}), reads=CONTROL)
table("day-number.csv", **with_all({"start": "45658"}), says="a spreadsheet's day number")
table("day-of-two-digits.csv", **with_all({"start": "01.02.25"}), says="start: ")

# --- Names ------------------------------------------------------------------------------------------------------------
table("name-zero-width.csv", {"process": "assembly\u200b"}, says=["process: `assembly<U+200B>`", "nobody sees"])
table("name-zero-width-in-source.csv", {"source": "factor:acme.elec\u200b"}, says="source: `factor:acme.elec<U+200B>`")
table("name-byte-order-mark.csv", {"flow": "\ufeffpower"}, says="<U+FEFF>")
table("name-soft-hyphen.csv", {"site": "Plant\u00ad 7"}, says="<U+00AD>")
table("name-replacement-character.csv", {"flow": "caf\ufffd"}, says="U+FFFD")
table("name-no-break-space-behind.csv", {"process": "assembly\u00a0"}, reads=CONTROL)
table("name-no-break-space-inside.csv", {"site": "Plant\u00a07"}, says=["site: ", "only by U+0020 here and U+00A0 there"])
table("name-other-hyphen.csv", {"process": "sub-assembly"}, {"process": "sub\u2010assembly"}, says=["process: ", "U+2010 here"])
table("name-decomposed.csv", {"process": "L\u00f6ten"}, {"process": "Lo\u0308ten"}, says="write one name alike")
table("name-full-width.csv", {"batch": "A7"}, {"batch": "Ａ７"}, says=["batch: ", "write one name alike"])
table("name-formula-of-text.csv", **with_all({"batch": '="004711"', "site": '="Plant 7"'}), reads=CONTROL)
table("name-formula.csv", {"batch": "=A2&B2"}, says="batch: `=A2&B2` is a formula")
table("name-error.csv", {"site": "#REF!"}, says="site: `#REF!` is an error")
table("name-too-narrow.csv", {"batch": "######"}, says="too narrow")
table("name-cut-short.csv", {"batch": "4.71E+17"}, says="cut short")
table("name-percent.csv", {"site": "7%"}, says="site: `7%` is a percentage")
table("name-truth.csv", {"batch": "TRUE"}, says="a truth value")
table("name-that-looks-like-a-day.csv", **with_all({"batch": "2025-03-05"}), reads=CONTROL)

# --- Encodings by evidence --------------------------------------------------------------------------------------------
CHINESE = {"stage": "阶段", "process": "工序", "start": "开始日期", "end": "结束日期", "product": "产品", "output": "产量", "output_unit": "产量单位",
           "flow": "流名称", "kind": "类别", "amount": "数量", "unit": "单位", "source": "来源", "site": "场所"}


def in_chinese(row):
    return {CHINESE[key]: value for key, value in row.items() if key in CHINESE}


for name, encoding, change, said in [
    ("utf-8-marked", "utf-8-sig", {}, dict(reads=CONTROL)),
    ("utf-16", "utf-16", {}, dict(reads=CONTROL)),
    ("utf-16-without-mark", "utf-16-le", {}, dict(says="--encoding utf-16")),
    ("korean", "euc-kr", {"site": "수원 공장", "flow": "전력"}, dict(says="save it as \"CSV UTF-8\"")),
    ("japanese", "shift-jis", {"site": "東京工場", "flow": "電気"}, dict(says="save it as")),
    ("traditional-chinese", "big5", {"site": "臺北工廠", "flow": "電力"}, dict(says="save it as")),
    ("cyrillic", "windows-1251", {"site": "Завод 7", "flow": "Электричество"}, dict(says="save it as")),
    ("greek", "windows-1253", {"site": "Εργοστάσιο", "flow": "Ρεύμα"}, dict(says="save it as")),
    ("thai", "cp874", {"site": "โรงงาน", "flow": "ไฟฟ้า"}, dict(says="save it as")),
    ("western", "windows-1252", {"site": "Werk Köln", "flow": "Wärme"}, dict(says="--encoding windows-1252")),
]:
    table(f"encoding-{name}.csv", change, {k: v for k, v in change.items() if k == "site"}, encoding=encoding, **said)
table("encoding-western-stated.csv", {"process": "Löten"}, {"process": "Löten"}, encoding="windows-1252",
      stated="windows-1252", reads=reads(process="Löten"), notes="read as Windows-1252")
put("encoding-chinese-header.csv", text([in_chinese(POWER), in_chinese(GAS)], header=list(CHINESE.values())).encode("gb18030"),
    reads=CONTROL, notes="read as GB18030")
table("encoding-chinese-words-in-cells.csv", {"unit": "千瓦时"}, encoding="gbk", reads=CONTROL, notes="read as GB18030")
table("encoding-chinese-without-evidence.csv", {"flow": "锟"}, encoding="gbk", says="--encoding gb18030")

# --- Rows and columns -------------------------------------------------------------------------------------------------
TOTAL = dict.fromkeys(HEADER, "")
for word in ["Total", "合计", "Summe", "Gesamtsumme:"]:
    file = f"row-total-{len(expected)}.csv"
    put(file, text([POWER, GAS, {**TOTAL, "site": word, "amount": "3100"}]), says=["adds others up", "--skip-totals"])
put("row-total-skipped.csv", text([POWER, GAS, {**TOTAL, "site": "Total", "amount": "3100"}]), skipTotals=True, reads=CONTROL,
    notes="1 row that adds others up is left out")
put("column-notes.csv", text([{**POWER, "notes": "read by Li"}, GAS], header=[*HEADER, "notes"]), reads=CONTROL, notes="remarks")
put("column-notes-chinese.csv", text([{**POWER, "备注": "李"}, GAS], header=[*HEADER, "备注"]), reads=CONTROL, notes="remarks")
put("column-hash.csv", text([{**POWER, "# who": "Li"}, GAS], header=[*HEADER, "# who"]), reads=CONTROL, notes="remarks")
put("column-unknown.csv", text([POWER, GAS], header=[*HEADER, "colour"]), says="no column of activities has this name")
put("column-without-header.csv", text([{**POWER, "": "x"}, GAS], header=[*HEADER, ""]), says="a column without a header")
put("separator-line.csv", "sep=;\n" + text([POWER, GAS], ";"), reads=CONTROL)
put("title-above.csv", "Energy of Plant 7,,\n" + text([POWER, GAS]), reads=CONTROL, notes="above the header")
put("line-break-in-cell.csv", text([{**POWER, "flow": "grid\npower"}, GAS]), says="flow: ")
put("carriage-returns.csv", text([POWER, GAS], end="\r\n"), reads=CONTROL)
put("other-order.csv", text([GAS, POWER]), reads=CONTROL)

# --- Containers -------------------------------------------------------------------------------------------------------
put("container-picture.xlsx", b"\x89PNG\r\n\x1a\n0000", says="PNG")
put("container-web-page.xlsx", "<TABLE><tr><td>stage</td></tr></TABLE>", says="a web page")
put("container-text.xlsx", text([POWER, GAS]), reads=CONTROL)
put("container-empty.xlsx", b"", says="the file is empty")
put("container-pdf.csv", b"%PDF-1.7", says="PDF")
put("container-rtf.csv", b"{\\rtf1 stage}", says="RTF")
put("container-gzip.csv", b"\x1f\x8b\x08\x00", says="unpack it")


def zipped(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), data)
    return out.getvalue()


put("container-binary.xlsb", zipped({"[Content_Types].xml": "", "xl/workbook.bin": ""}), says="XLSB")
put("container-numbers.numbers", zipped({"Index/Document.iwa": ""}), says="Numbers")
put("container-document.docx", zipped({"_rels/.rels": "", "word/document.xml": ""}), says="DOCX")
put("container-open-document.ods", zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": ""}), says="ODS")
put("container-zip-of-csv.xlsx", zipped({"a.csv": text([POWER])}), says="holds a.csv: unpack it")
put("container-empty-zip.xlsx", zipped({}), says="an empty ZIP file")

# --- Workbooks --------------------------------------------------------------------------------------------------------
TYPED = {"start": datetime.date(2025, 1, 1), "end": datetime.date(2026, 1, 1), "output": 1000}


def typed(row):
    return {**row, **TYPED, "amount": float(row["amount"]) if row["amount"] != "3000" else 3000}


def fill(sheet, rows, header=None):
    names = header or HEADER
    sheet.append(names)
    for row in rows:
        sheet.append([row.get(name) if row.get(name) != "" else None for name in names])


def saved(book):
    book.properties.created = book.properties.modified = datetime.datetime(2025, 1, 1)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def book(change=None, gas=None, more=None):
    own = openpyxl.Workbook()
    own.active.title = "Activities"
    fill(own.active, [{**typed(POWER), **(change or {})}, {**typed(GAS), **(gas or {})}])
    if more:
        more(own)
    return own


def edited(data, edit):
    """Parts renamed or rewritten by `edit(name, text)`, which gives both back."""
    parts = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            new, content = edit(name, archive.read(name).decode())
            parts[new] = content
    return zipped(parts)


def workbook(file, change=None, gas=None, more=None, edit=None, **said):
    data = saved(book(change, gas, more))
    put(file, edited(data, edit) if edit else data, **said)


def cell(own, name, row=2):
    return own.active.cell(row, HEADER.index(name) + 1)


def format_as(name, value, code):
    def change(own):
        for row in (2, 3):
            cell(own, name, row).value = value
            cell(own, name, row).number_format = code
    return change


workbook("book-control.xlsx", reads=CONTROL)
workbook("book-batch-is-a-day.xlsx", more=format_as("batch", datetime.date(2025, 3, 5), "yyyy-mm-dd"), says=["batch: ", "a day here", "1 more cell"])
workbook("book-site-is-a-share.xlsx", more=format_as("site", 0.07, "0%"), says=["site: ", "a percentage here"])
workbook("book-batch-is-true.xlsx", more=format_as("batch", True, "General"), says="a truth value here")
workbook("book-batch-has-zeros.xlsx", more=format_as("batch", 4711, "000000"), says="zeros in front")
workbook("book-batch-is-long.xlsx", more=format_as("batch", 123456789012345000, "0"), says="keeps only 15 digits")
workbook("book-batch-is-a-number.xlsx", more=format_as("batch", 4711, "General"), reads=CONTROL)
workbook("book-amount-in-percent.xlsx", more=lambda own: format_as("amount", 0.12, "0%")(own), says="the percentage `12%`")
workbook("book-amount-as-text-with-point.xlsx", {"amount": "3.000"}, says=["a text in a workbook", two])
workbook("book-amount-as-text-stated.xlsx", {"amount": "3.000"}, decimal="comma", reads=CONTROL)
workbook("book-amount-stored-1234.xlsx", {"amount": 1.234}, reads=reads("1.234 kWh"))
workbook("book-day-as-number.xlsx", {"start": 45658}, {"start": 45658}, says="day number")
workbook("book-time-of-day.xlsx", {"start": datetime.datetime(2025, 1, 1, 12)}, says="expected a day, got 2025-01-01 12:00")


def second(name, state="visible", period=(2024, 2025), header=None):
    def more(own):
        sheet = own.create_sheet(name)
        sheet.sheet_state = state
        year, after = period
        rows = [{**typed(row), "start": datetime.date(year, 1, 1), "end": datetime.date(after, 1, 1)} for row in (POWER, GAS)]
        fill(sheet, rows, header)
    return more


BOTH = sorted(reads(period="2024-01-01..2025-01-01") + CONTROL)
workbook("book-second-sheet.xlsx", more=second("Activities H2"), reads=BOTH)
workbook("book-month-tabs.xlsx", more=second("2024"), reads=BOTH)
workbook("book-hidden-second-sheet.xlsx", more=second("Activities (2)", "hidden"), reads=CONTROL, notes="Activities (2): this sheet is not read: it is hidden")
workbook("book-very-hidden-second-sheet.xlsx", more=second("old", "veryHidden"), reads=CONTROL, notes="old: this sheet is not read")
workbook("book-second-sheet-lacks-a-column.xlsx", more=second("Overview", header=[h for h in HEADER if h != "source"]), reads=CONTROL, notes="lacks source")
workbook("book-sheet-of-remarks.xlsx", more=lambda own: own.create_sheet("Notes").append(["see the other sheet"]), reads=CONTROL, notes="Notes: this sheet is not read")


def hide(own):
    own.active.sheet_state = "hidden"
    own.create_sheet("Notes").append(["see"])


workbook("book-hidden-sheet.xlsx", more=hide, reads=CONTROL, notes="this sheet is hidden and read")
workbook("book-hidden-column.xlsx", more=lambda own: setattr(own.active.column_dimensions["J"], "hidden", True), reads=CONTROL, notes="J (amount)")
workbook("book-hidden-row.xlsx", more=lambda own: setattr(own.active.row_dimensions[3], "hidden", True), reads=CONTROL, notes="1 rows are hidden")
workbook("book-merged.xlsx", more=lambda own: own.active.merge_cells("M2:M3"), says="M2:M3 are merged")
uncached = "formulas have no value yet"
workbook("book-formula-uncached.xlsx", {"amount": "=1500*2"}, says=uncached)
workbook("book-formula-uncached-optional.xlsx", {"upstream": '="factor:"&"a.b"'}, says=uncached)


EMPTY = r"<v ?/>|<v></v>"


def sheet_only(rewrite):
    return lambda name, content: (name, rewrite(content) if name.startswith("xl/worksheets/") else content)


workbook("book-formula-empty-value.xlsx", {"amount": "=1500*2"}, edit=sheet_only(lambda xml: re.sub(EMPTY, "<v></v>", xml)), says=uncached)
workbook("book-formula-no-value.xlsx", {"amount": "=1500*2"}, edit=sheet_only(lambda xml: re.sub(EMPTY, "", xml)), says=uncached)
workbook("book-formula-cached.xlsx", {"amount": "=1500*2"}, edit=sheet_only(lambda xml: re.sub(EMPTY, "<v>3000</v>", xml)), reads=CONTROL)
workbook("book-formula-of-empty-text.xlsx", {"batch": '=""'}, {"batch": '=""'},
         edit=sheet_only(lambda xml: re.sub(r'(<c r="O\d")( t="str")?>(<f>[^<]*</f>)(?:<v ?/>|<v></v>)', r'\1 t="str">\3<v></v>', xml)), reads=CONTROL)
workbook("book-formula-error.xlsx", {"amount": "=1/0"}, edit=sheet_only(lambda xml: re.sub(r'(<c r="J2")[^>]*>(<f>[^<]*</f>)(?:<v ?/>|<v></v>)', r'\1 t="e">\2<v>#DIV/0!</v>', xml)), says="#DIV/0!")


def other_prefix(name, content):
    return name, content.replace("xmlns:r=", "xmlns:rel=").replace(" r:id=", " rel:id=") if name == "xl/workbook.xml" else content


workbook("book-other-prefix.xlsx", {"upstream": "=1"}, edit=other_prefix, says=uncached)
workbook("book-other-prefix-hidden-row.xlsx", more=lambda own: setattr(own.active.row_dimensions[3], "hidden", True), edit=other_prefix,
         reads=CONTROL, notes="1 rows are hidden")


def other_case(name, content):
    return name.replace("worksheets/sheet1", "Worksheets/Sheet1"), content


workbook("book-other-case.xlsx", {"upstream": "=1"}, edit=other_case, says=uncached)
workbook("book-other-case-read.xlsx", edit=other_case, reads=CONTROL)


def absolute(name, content):
    return name, re.sub(r'Target="/?(xl/)?(worksheets/[^"]+)"', r'Target="/xl/\2"', content) if name.endswith("workbook.xml.rels") else content


workbook("book-absolute-target.xlsx", edit=absolute, reads=CONTROL)


def strict(name, content):
    for old, new in [
        ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"),
        ("http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://purl.oclc.org/ooxml/officeDocument/relationships"),
    ]:
        content = content.replace(old, new)
    return name, content


workbook("book-strict.xlsx", edit=strict, reads=CONTROL)
workbook("book-strict-days.xlsx", edit=lambda name, content: strict(name, re.sub(r'(<c r="[CD]\d" s="\d+") t="n"><v>45658</v>', r'\1 t="d"><v>2025-01-01</v>', content)), reads=CONTROL)
workbook("book-named-elements.xlsx", edit=sheet_only(lambda xml: re.sub(r"<(/?)(\w)", r"<\1x:\2", xml).replace("xmlns=", "xmlns:x=")), reads=CONTROL)
workbook("book-damaged.xlsx", edit=sheet_only(lambda xml: xml[: len(xml) // 2]), says="damaged")
data = saved(book())
put("book-cut-short.xlsx", data[: len(data) // 2], says="cut short or damaged")
put("book-with-macros.xlsm", edited(data, lambda name, content: (name, content.replace("sheet.main+xml", "sheet.macroEnabled.main+xml"))), reads=CONTROL)


def by_xlsxwriter(file, constant_memory=False, **said):
    out = io.BytesIO()
    own = xlsxwriter.Workbook(out, {"in_memory": True, "constant_memory": constant_memory})
    own.set_properties({"created": datetime.datetime(2025, 1, 1)})
    sheet, day = own.add_worksheet("Activities"), own.add_format({"num_format": "d.m.yyyy"})
    sheet.write_row(0, 0, HEADER)
    for at, row in enumerate([typed(POWER), typed(GAS)], 1):
        for column, name in enumerate(HEADER):
            if isinstance(row[name], datetime.date):
                sheet.write_datetime(at, column, datetime.datetime.combine(row[name], datetime.time()), day)
            elif row[name] != "":
                sheet.write(at, column, row[name])
    own.close()
    put(file, out.getvalue(), **said)


by_xlsxwriter("book-of-xlsxwriter.xlsx", reads=CONTROL)
by_xlsxwriter("book-of-xlsxwriter-inline.xlsx", True, reads=CONTROL)
streamed = openpyxl.Workbook(write_only=True)
fill(streamed.create_sheet("Activities"), [typed(POWER), typed(GAS)])
put("book-of-openpyxl-with-lxml.xlsx", saved(streamed), reads=CONTROL)


# --- What cells show and hold apart -----------------------------------------------------------------------------------
for name, value, code in [("batch-with-decimals", 1.1, "0.00"), ("batch-with-words", 4711, '"A-"0'), ("batch-in-thousands", 4711, "0.0,")]:
    workbook(f"book-{name}.xlsx", more=format_as("batch", value, code), says=["batch: ", "shows it otherwise", "1 more cell"])
for name, value, code in [("in-thousands", 3000, "#,##0.0,"), ("in-millions", 3000000, '0.0,,"M"')]:
    workbook(f"book-amount-{name}.xlsx", more=format_as("amount", value, code), says=["amount: ", "in thousands or millions"])
workbook("book-amount-with-percent-text.xlsx", more=format_as("amount", 12, '0"%"'), says=["amount: ", "a percent sign that is a text"])
workbook("book-amount-with-another-unit.xlsx", {"amount": 3000}, more=lambda own: setattr(cell(own, "amount"), "number_format", '0 "MWh"'),
         says=["amount: ", "shows `3000 MWh`", "the unit is `kWh`"])
workbook("book-amount-with-its-unit.xlsx", more=lambda own: setattr(cell(own, "amount"), "number_format", '#,##0.00 "kWh"'), reads=CONTROL)
workbook("book-amount-with-two-decimals.xlsx", {"amount": 1.2345}, more=lambda own: setattr(cell(own, "amount"), "number_format", "0.00"),
         reads=reads("1.2345 kWh"))
value = "<v>3000</v>"
for name, other in [("comment", "<v>30<!-- x -->00</v>"), ("entity", "<v>30&#48;0</v>"), ("section", "<v><![CDATA[3000]]></v>")]:
    workbook(f"book-value-with-{name}.xlsx", edit=sheet_only(lambda xml: xml.replace(value, other)), says="the value of J2 is written in pieces")
workbook("book-column-without-width.xlsx", edit=sheet_only(lambda xml: xml.replace("<sheetData>", '<cols><col min="10" max="10" width="0" customWidth="1"/></cols><sheetData>')),
         reads=CONTROL, notes="J (amount)")
workbook("book-row-without-height.xlsx", edit=sheet_only(lambda xml: xml.replace('<row r="3"', '<row r="3" ht="0" customHeight="1"')), reads=CONTROL,
         notes="1 rows are hidden")


def strike(own):
    for row in own.active.iter_rows(3, 3):
        for one in row:
            one.font = openpyxl.styles.Font(strike=True)


workbook("book-row-struck-through.xlsx", more=strike, reads=CONTROL, notes="1 row is struck through (the first is row 3)")
workbook("book-batch-is-a-time.xlsx", more=format_as("batch", datetime.time(3, 5), "h:mm"), says=["batch: the spreadsheet holds a day here", "1 more cell"])
put("meter-is-a-share.csv", text([{**POWER, "meter": "7%"}, GAS], header=[*HEADER, "meter"]), says=["meter: `7%` is a percentage"])
table("name-in-quotation-marks.csv", {"site": ' "Plant 7"'}, says=['site: `"Plant 7"`', "quotation marks"])
table("name-behind-an-apostrophe.csv", {"batch": "'004711"}, says=["batch: `'004711`", "an apostrophe"])
table("name-of-a-dutch-town.csv", **with_all({"site": "'s-Hertogenbosch"}), reads=CONTROL)
table("name-decoded-twice.csv", **with_all({"site": "Werk K\u00f6ln".encode().decode("cp1252")}), says=["site: ", "is `Werk K\u00f6ln` in UTF-8"])
table("name-of-sao-paulo.csv", **with_all({"site": "S\u00e3o Paulo"}), reads=CONTROL)
table("name-german-truth.csv", {"batch": "WAHR"}, says=["a truth value"])

# --- Rows, separators, words ------------------------------------------------------------------------------------------
put("row-header-again.csv", text([POWER]) + text([GAS]), says="3: this row is the header again")
put("row-header-again-marked.csv", text([POWER]) + "\ufeff" + text([GAS]), says="3: this row is the header again")
put("row-of-one-remark.csv", text([POWER, GAS]) + "# exported by Li\n", says="4: this row holds nothing but `# exported by Li`")
workbook("book-remark-below.xlsx", more=lambda own: own.active.append([None, "exported by Li"]), says="4: this row holds nothing but `exported by Li`")
put("end-of-file-mark.csv", text([POWER, GAS]) + "\x1a", reads=CONTROL)
put("separated-by-bars.csv", text([POWER, GAS], "|"), reads=CONTROL)
put("separator-line-of-bars.csv", "sep=|\n" + text([POWER, GAS], "|"), reads=CONTROL)
table("number-point-in-bars.csv", {"amount": "3.000"}, separator="|", says=two)
put("header-with-unseen-character.csv", text([POWER, GAS]).replace("amount", "amount\u200b"), reads=CONTROL)
put("encoding-utf-16be-without-mark.csv", text([POWER, GAS]).encode("utf-16-be"), says="--encoding utf-16be")
table("number-comma-beside-decimal-point.csv", {"amount": "3,000"}, {"amount": "12.5"}, says=two)
table("number-comma-beside-decimal-comma.csv", {"amount": "3,000"}, {"amount": "12,5"}, says=two)
table("number-two-marks-in-a-column.csv", {"amount": "3000.5"}, {"amount": "100,5"}, says="write the numbers of one column alike")
table("number-two-marks-in-two-columns.csv", {"amount": "3000.5", "output": "1000,5"}, {"output": "1000,5"}, reads=reads("3000.5 kWh", output="1000.5 piece"))
put("row-total-among-its-parts.csv", text([POWER, GAS, {**POWER, "flow": "Total", "amount": "3100"}]), says=["adds others up (`Total`)", "--skip-totals"])
table("word-capital.csv", **with_all({"kind": "Energy", "stage": "Production"}), reads=CONTROL)
table("word-german.csv", **with_all({"kind": "Energie", "stage": "Produktion"}), reads=CONTROL)
table("word-traditional-chinese.csv", **with_all({"stage": "生產"}), reads=CONTROL)
table("word-misspelt.csv", {"kind": "enrgy"}, says="did you mean energy?")
table("country-refused-england.csv", **with_all({"country": "England"}), says="England is part of GB")
table("country-refused-of-three-letters.csv", **with_all({"country": "CHN"}), says="China is CN")
table("country-refused-province.csv", **with_all({"country": "CN-ZJ"}), says="write CN here and the whole code in the column subdivision")

# --- Days by column ---------------------------------------------------------------------------------------------------
table("day-told-by-itself.csv", **with_all({"start": "13.01.2025"}), reads=reads(period="2025-01-13..2026-01-01"))
table("day-same-in-both-orders.csv", **with_all({"start": "01.01.2025"}), reads=CONTROL)
told = [{**POWER, "start": "01.02.2025"}, {**GAS, "start": "01.02.2025"}, {**POWER, "start": "13.01.2025"}, {**GAS, "start": "13.01.2025"}]
put("day-told-by-its-column.csv", text(told), reads=sorted(reads(period="2025-02-01..2026-01-01") + reads(period="2025-01-13..2026-01-01")),
    notes="the days of this column are read with the day first, as in `13.01.2025`")
both = [*told, {**POWER, "start": "1/13/2025"}, {**GAS, "start": "1/13/2025"}]
put("day-told-both-ways.csv", text(both), says="start: in `01.02.2025` day and month may be swapped")
put("day-not-told-by-another-column.csv", text([{**row, "start": "01.02.2025", "end": "13.01.2026"} for row in (POWER, GAS)]),
    says="start: in `01.02.2025` day and month may be swapped")
table("day-at-midnight.csv", **with_all({"start": "2025-01-01 00:00:00", "end": "2026-01-01T00:00:00"}), reads=CONTROL)
table("day-at-six.csv", **with_all({"start": "2025-01-01 06:00"}), says="start: ")
table("day-without-marks.csv", **with_all({"start": "20250101", "end": "20260101"}), reads=CONTROL)
table("day-is-a-month.csv", **with_all({"start": "2025-01"}), says="write its first day, 2025-01-01")
table("day-of-the-minguo-calendar.csv", **with_all({"start": "114/1/1"}), says="Minguo calendar: write 2025")

# --- Containers by their first bytes ----------------------------------------------------------------------------------
put("container-excel-2003.xls", '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook/>', says="Excel 2003 (XML)")
put("container-xml.xlsx", '<?xml version="1.0"?><rows/>', says="an XML document")
put("container-web-archive.xls", "MIME-Version: 1.0\nContent-Type: multipart/related\n", says="a web archive")
put("container-sylk.slk", "ID;PWXL;N;E\n", says="SYLK")
put("container-json-array.json", '[{"stage": "production"}]', says="a JSON array")

(HERE / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n")
print(len(expected), "files")
