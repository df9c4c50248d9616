"""Run as a script by workbook.py: writes each sheet of a workbook as a line of JSON. Imports nothing of cx.

    python -I workbook_child.py FILE MEMORY_BYTES CPU_SECONDS
"""

import datetime as dt
import json
import sys


def limit(memory: int, seconds: int) -> None:
    """Bound this process's memory and CPU time, where the system can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for kind, value in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds)):
        try:
            resource.setrlimit(kind, (value, value))
        except (ValueError, OSError):  # macOS knows no limit of the address space
            continue


def text_of(cell: object) -> str:
    """A cell as text: whole numbers without a point, dates in ISO form, times and durations as H:MM:SS."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        cell = (cell + dt.timedelta(microseconds=500_000)).replace(microsecond=0)  # serials carry rounding errors
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ")
    if isinstance(cell, dt.timedelta):
        seconds = round(cell.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(cell)


def main() -> None:
    path, memory, seconds = sys.argv[1:]
    limit(int(memory), int(seconds))
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    workbook = CalamineWorkbook.from_path(path)
    for about in workbook.sheets_metadata:
        if about.typ != SheetTypeEnum.WorkSheet or about.visible != SheetVisibleEnum.Visible:
            continue
        sheet = workbook.get_sheet_by_name(about.name)
        rows = sheet.to_python(skip_empty_area=False)
        if not rows:
            continue
        stored: dict[int, int] = {}
        written: dict[int, int] = {}
        for row in rows[1:]:
            for position, cell in enumerate(row):
                if isinstance(cell, float):
                    stored[position] = stored.get(position, 0) + 1
                elif isinstance(cell, str) and cell[:1].isdigit():
                    written[position] = written.get(position, 0) + 1
        numbers = [position for position, count in stored.items() if count > written.get(position, 0)]
        texts = [[text_of(cell) for cell in row] for row in rows]
        json.dump({"name": about.name, "rows": texts, "numbers": numbers}, sys.stdout, ensure_ascii=True)
        sys.stdout.write("\n")


if __name__ == "__main__":
    main()
