"""The commands from a shell: what they print, what they refuse, and that a question never creates a workspace."""

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from cx import intake, open_store
from cx.__main__ import COMMANDS, main
from cx.intake.history import uploads
from cx.store import views
from tests.intake.files import workbook

ROOT = Path(__file__).resolve().parents[1]

# Ada: search ad → product page → checkout → payment; Bo: search ad → product page; Cem: search ad.
EVENTS = """Customer no,Date,Touchpoint,Channel,Persona,Region
ada,2026-01-01 10:00:00,Search ad,Paid search,Planner,South
ada,2026-01-01 10:05:00,Product page,Web,Planner,South
ada,2026-01-01 11:05:00,Checkout,Web,Planner,South
ada,2026-01-01 11:06:00,Payment,Web,Planner,South
bo,2026-01-02 09:00:00,Search ad,Paid search,Dreamer,North
bo,2026-01-02 09:01:00,Product page,Mobile app,Dreamer,North
cem,2026-01-15 20:00:00,Search ad,Paid search,Dreamer,North
"""


def runner(workspace, capsys):
    """Runs a command on the workspace → (exit code, standard output, standard error)."""
    def command(*arguments):
        try:
            code = main([*arguments, "--workspace", str(workspace)])
        except SystemExit as stopped:
            code = stopped.code
        shown = capsys.readouterr()
        return code, shown.out, shown.err
    return command


@pytest.fixture
def workspace(tmp_path):
    return tmp_path / "cx.duckdb"


@pytest.fixture
def run(workspace, capsys):
    return runner(workspace, capsys)


@pytest.fixture
def events(tmp_path):
    path = tmp_path / "events.csv"
    path.write_text(EVENTS, encoding="utf-8")
    return str(path)


@pytest.fixture
def loaded(run, events):
    assert run("load", events)[0] == 0
    return run


@pytest.fixture(scope="module")
def kept_workspace(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kept")
    (folder / "events.csv").write_text(EVENTS, encoding="utf-8")
    assert main(["load", str(folder / "events.csv"), "--workspace", str(folder / "cx.duckdb")]) == 0
    return folder / "cx.duckdb"


@pytest.fixture
def kept(kept_workspace, capsys):
    """The loaded workspace for questions, which change nothing."""
    return runner(kept_workspace, capsys)


def refused(answer):
    """The one line of an error."""
    code, out, err = answer
    assert code == 2
    assert out == ""
    assert err.startswith("cx: ")
    assert err.count("\n") == 1
    return err


# --- load, uploads, undo ---


def test_loading_says_how_many_rows_came_in(run, events):
    code, out, err = run("load", events)
    assert (code, err) == (0, "")
    assert out == "events.csv: upload 1, 7 rows: 7 accepted\n"


def test_the_same_file_again_adds_nothing(loaded, events):
    _, out, _ = loaded("load", events, "--json")
    (receipt,) = json.loads(out)
    assert (receipt["accepted"], receipt["duplicates"]) == (0, 7)


def test_rejected_rows_are_listed_with_their_reason(run, tmp_path):
    path = tmp_path / "events.csv"
    path.write_text(EVENTS + "dan,yesterday,Search ad,Paid search,Dreamer,North\n", encoding="utf-8")
    code, out, _ = run("load", str(path))
    assert code == 0
    assert out.startswith("events.csv: upload 1, 8 rows: 7 accepted, 1 rejected\n  row 9, Date: ")
    (receipt,) = json.loads(run("load", str(path), "--json")[1])
    assert [(reject["row"], reject["column"], reject["value"]) for reject in receipt["rejects"]] == [
        (9, "Date", "yesterday")]


def test_a_sheet_without_dates_needs_one(run, tmp_path):
    path = tmp_path / "scores.csv"
    path.write_text("Customer no,NPS\nada,9\nbo,3\ncem,10\n", encoding="utf-8")
    refused(run("load", str(path)))
    assert run("load", str(path), "--date", "2026-01-20")[0] == 0
    kpis = {row["kpi"]: row for row in json.loads(run("kpis", "--json")[1])}
    assert kpis["nps"]["value"] == pytest.approx(100 / 3)
    assert kpis["nps"]["n"] == 3


def test_what_a_colon_in_a_duration_means_is_answered_by_an_option_once(run, tmp_path, workspace):
    path = tmp_path / "waits.csv"
    path.write_text("Customer no,Date,Wait\nada,2026-01-01,4:30\nbo,2026-01-02,2:05\ncem,2026-01-03,3:10\n", encoding="utf-8")
    said = refused(run("load", str(path)))
    assert "“Wait” durations like 4:30" in said
    assert "Say it with --clock mm:ss / --clock hh:mm" in said
    assert "--clock mm:ss / --clock hh:mm ile" in refused(run("load", str(path), "--lang", "tr"))
    assert run("load", str(path), "--clock", "hh:mm")[0] == 0
    path.write_text("Customer no,Date,Wait\nada,2026-02-01,1:30\nbo,2026-02-02,2:05\ncem,2026-02-03,3:10\n", encoding="utf-8")
    assert run("load", str(path))[0] == 0  # as remembered
    store = open_store(workspace)
    assert store.value("SELECT list_sort(list(wait_seconds)) FROM interactions") == [5_400, 7_500, 7_500, 11_400, 11_400, 16_200]
    store.close()


def test_the_row_with_the_names_is_said_by_an_option_once(run, tmp_path):
    path, names = tmp_path / "visits.csv", "Customer no,Visited on,Touchpoint,NPS\n"
    path.write_text("Region,Manager,Period,State\nNorth,Kaya,March,shut\n" + names + "ada,2026-03-01,Counter,9\n", encoding="utf-8")
    assert run("load", str(path))[0] != 0
    assert "Row 9 of “visits” is empty" in refused(run("load", str(path), "--header", "9"))
    assert "Sheet “Visits” does not exist. Did you mean “visits”?" in refused(run("load", str(path), "--header", "Visits=3"))
    assert "1 row: 1 accepted" in run("load", str(path), "--header", "3")[1]
    path.write_text("Branch,Contact,Weather,Open\n" + names + "ada,2026-04-01,Counter,9\n", encoding="utf-8")
    assert "1 row: 1 accepted" in run("load", str(path))[1]  # as remembered


def test_of_which_year_days_without_one_are_is_said_by_an_option_once(run, tmp_path, workspace):
    path, header = tmp_path / "visits-2025.csv", "Customer no,Date,Touchpoint\n"
    path.write_text(header + "ada,28/12,Cart\nbo,30/12,Cart\ncem,02/01,Cart\n", encoding="utf-8")
    assert "Which year are they of? Say it with --year 2025, or in the app." in refused(run("load", str(path)))
    assert run("load", str(path), "--year", "2023")[0] == 0
    path.write_text(header + "ada,15/01,Cart\nbo,28/01,Cart\n", encoding="utf-8")
    assert run("load", str(path))[0] == 0  # it follows the last file
    store = open_store(workspace)
    assert store.value("SELECT list(strftime(occurred_at, '%Y-%m-%d') ORDER BY occurred_at) FROM interactions") == [
        "2023-12-28", "2023-12-30", "2024-01-02", "2024-01-15", "2024-01-28"]
    store.close()


def test_of_which_sheet_the_row_is_is_said_where_there_are_several(run, tmp_path):
    names = ["Customer no", "Visited on", "Touchpoint", "NPS"]
    path = workbook(tmp_path, {"One": [names, ["ada", "2026-03-01", "Counter", 9]],
                               "Two": [["Region", "Manager", "Period", "State"], names, ["bo", "2026-03-01", "Counter", 9]]})
    assert 'say of which, as in --header "One=3".' in refused(run("load", str(path), "--header", "2"))
    assert "2 rows: 2 accepted" in run("load", str(path), "--header", "Two=2")[1]


def test_whose_an_amount_is_that_the_rows_of_an_order_repeat_is_answered_by_an_option_once(run, tmp_path):
    path, header = tmp_path / "orders.csv", "Order No,Customer No,Order Date,Amount,Item\n"
    path.write_text(header + "A-1,ada,2026-01-01,20,x\nA-1,ada,2026-01-01,20,y\nA-2,bo,2026-01-02,30,x\n"
                    "A-2,bo,2026-01-02,30,y\n", encoding="utf-8")
    said = refused(run("load", str(path)))
    assert "In “Amount” all rows of an order say the same amount." in said
    assert "Say it with --amounts order / --amounts line" in said
    assert run("load", str(path), "--amounts", "line")[0] == 0
    path.write_text(header + "B-1,ada,2026-02-01,20,x\nB-1,ada,2026-02-01,20,y\nB-2,bo,2026-02-02,30,x\n"
                    "B-2,bo,2026-02-02,30,y\n", encoding="utf-8")
    assert run("load", str(path))[0] == 0  # as remembered
    kpis = {row["kpi"]: row for row in json.loads(run("kpis", "--json", "--compare", "none")[1])}
    assert kpis["revenue"]["value"] == 200


def test_when_a_file_is_refused_those_before_it_stay(run, events, tmp_path):
    missing = str(tmp_path / "missing.csv")
    code, out, err = run("load", events, missing)
    assert code == 2
    assert out == "events.csv: upload 1, 7 rows: 7 accepted\n"
    assert "missing.csv" in err
    assert err.count("\n") == 1
    assert [row["name"] for row in json.loads(run("uploads", "--json")[1])] == ["events.csv"]


def test_a_picture_is_refused_in_one_line(run, tmp_path):
    path = tmp_path / "picture.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    refused(run("load", str(path)))


def test_reported_figures_are_counted_in_the_receipt_and_in_the_list(run, tmp_path):
    path = tmp_path / "kpis.csv"
    path.write_text("Month,NPS,CSAT %\n2025-01,30,81\n2025-02,31,82\n2025-03,35,80\n")
    _, out, _ = run("load", str(path))
    assert out == "kpis.csv: upload 1, 3 rows: 3 accepted, 6 reported figures\n"
    assert json.loads(run("uploads", "--json")[1])[0]["reported"] == 6
    (receipt,) = json.loads(run("load", str(path), "--json")[1])
    assert (receipt["reported"], receipt["interactions"], receipt["duplicates"]) == (6, 0, 3)


def test_an_upload_can_be_listed_and_taken_back(loaded):
    _, out, _ = loaded("uploads")
    assert re.split(r"  +", out.splitlines()[0]) == [
        "Upload no", "File", "Loaded at", "Rows accepted", "Rejected", "Already there", "Reported figures", "Undone at"]
    assert out.splitlines()[1].split()[:2] == ["1", "events.csv"]
    assert loaded("undo", "1") == (0, "Upload 1 was taken back.\n", "")
    (row,) = json.loads(loaded("uploads", "--json")[1])
    assert row["undone_at"]
    assert "undone already" in refused(loaded("undo", "1"))
    assert "no upload 7" in refused(loaded("undo", "7", "--json"))


# --- kpis, funnel ---


def test_the_funnel_counts_customers_by_stage(kept):
    rows = json.loads(kept("funnel", "--json")[1])
    assert [(row["step"], row["reached"]) for row in rows] == [("awareness", 3), ("consideration", 2), ("purchase", 1)]
    assert rows[1]["median_seconds"] == pytest.approx((300 + 60) / 2)
    assert rows[0]["median_seconds"] is None


def test_the_funnel_takes_steps_a_breakdown_and_a_window(kept):
    steps = ("funnel", "--by", "touchpoint", "--steps", "Search ad", "Checkout", "--json")
    rows = json.loads(kept(*steps, "--breakdown", "persona")[1])
    assert {(row["breakdown"], row["step"]): row["reached"] for row in rows} == {
        ("Planner", "Search ad"): 1, ("Planner", "Checkout"): 1, ("Dreamer", "Search ad"): 2,
        ("Dreamer", "Checkout"): 0}
    assert [row["reached"] for row in json.loads(kept(*steps, "--window", "0.01")[1])] == [3, 0]


def test_a_stage_is_left_out_of_the_funnel_and_counted_again(run, tmp_path):
    path = tmp_path / "events.csv"
    path.write_text("customer,date,stage\n" + "".join(
        f"c{n},2026-01-0{day},{stage}\n" for n in range(9) for day, stage in enumerate(
            ["awareness", *(["consideration"] if n < 2 else []), "purchase"], start=1)), encoding="utf-8")
    assert run("load", str(path))[0] == 0

    def steps():
        return [(row["step"], row["reached"]) for row in json.loads(run("funnel", "--json")[1])]

    assert steps() == [("awareness", 9), ("consideration", 2), ("purchase", 2)]
    code, out, _ = run("stages", "--leave-out", "Consideration")
    assert (code, out.splitlines()[2].split()) == (0, ["Consideration", "left", "out"])
    assert steps() == [("awareness", 9), ("purchase", 9)]
    assert [row["stage"] for row in json.loads(run("stages", "--json")[1]) if not row["in_funnel"]] == ["consideration"]
    assert run("stages", "--count", "değerlendirme", "--lang", "tr")[0] == 0
    assert steps() == [("awareness", 9), ("consideration", 2), ("purchase", 2)]
    assert "Conversion is counted at this stage" in refused(run("stages", "--leave-out", "purchase"))
    assert "Stage “considration” does not exist. Did you mean" in refused(run("stages", "--leave-out", "considration"))


def test_the_funnel_is_a_table_for_people(kept):
    _, out, _ = kept("funnel")
    lines = out.splitlines()
    assert lines[0].split("  ")[0] == "Step"
    assert lines[3].split()[:4] == ["purchase", "1", "50.0%", "33.3%"]


def test_a_check_computes_what_is_derived_anew(loaded, workspace):
    code, shown, _ = loaded("serve-check", "--json")
    assert code == 0
    assert all(row["same"] for row in json.loads(shown))
    store = open_store(workspace)
    with store.write() as cursor:
        cursor.execute("DELETE FROM journeys WHERE customer_key = 1")
    store.close()
    code, shown, _ = loaded("serve-check")
    assert code == 1
    assert [line.split()[0] for line in shown.splitlines() if "DIFFERS" in line] == ["journeys", "attempts",
                                                                                   "active_days"]


def test_a_selection_restricts_the_kpis(kept):
    def conversion(*selection):
        rows = {row["kpi"]: row for row in json.loads(kept("kpis", "--json", *selection)[1])}
        return rows["conversion"]["value"], rows["conversion"]["n"]

    assert conversion() == (pytest.approx(1 / 3), 3)
    assert conversion("--persona", "dreamer") == (0, 2)
    assert conversion("--persona", "Dreamer", "--persona", "Planner") == (pytest.approx(1 / 3), 3)
    assert conversion("--attribute", "Region=South") == (1, 1)
    assert conversion("--from", "2026-01-10", "--to", "2026-01-31") == (0, 1)


def test_kpis_without_data_for_them_are_a_dash_or_null(kept):
    nps = next(row for row in json.loads(kept("kpis", "--json")[1]) if row["kpi"] == "nps")
    assert nps["value"] is None
    assert nps["n"] == 0
    assert next(line for line in kept("kpis")[1].splitlines() if line.startswith("NPS")).split()[1] == "—"


# --- refusals ---


@pytest.mark.parametrize("command", [("kpis",), ("funnel",), ("uploads",), ("undo", "1")])
def test_a_question_does_not_create_a_workspace(run, workspace, command):
    assert "There is no workspace" in refused(run(*command))
    assert not workspace.exists()


@pytest.mark.parametrize(("arguments", "says"), [
    (("kpis", "--persona", "Plannner"), "Did you mean “Planner”?"),
    (("kpis", "--stage", "sleep"), "Accepted: Advocacy, Awareness"),
    (("kpis", "--attribute", "Country=x"), "Accepted: Region"),
    (("kpis", "--attribute", "Region"), "not of the form NAME=VALUE"),
    (("kpis", "--from", "31.12.2025"), "is not a date like 2025-12-31"),
    (("kpis", "--from", "2026-02-01", "--to", "2026-01-01"), "after its end"),
    (("funnel", "--by", "touchpoint", "--steps", "Chekout", "Payment"), "Did you mean"),
    (("funnel", "--breakdown", "shoe size"), "does not exist"),
    (("funnel", "--window", "-3"), "not a number of days above 0"),
    (("kpis", "--attribute", "Region=Mars"), "Region “Mars” does not exist. Accepted: "),
    (("kpis", "--compare", "never"), "--compare “never” does not exist. Accepted: previous, last_year, none."),
    (("kpis", "--persna", "Planner"), "Option “--persna” does not exist. Did you mean “--persona”?"),
    (("kpis", "extra"), "“extra” is one argument too many. See python -m cx kpis --help."),
    (("funnel", "--by", "moon"), "Accepted: stage, touchpoint, channel."),
    (("funnel", "--steps"), "--steps needs a value."),
    (("funnel", "--order", "strikt"), "Did you mean “strict”?"),
    (("report", "x.html", "--lang", "de"), "--lang “de” does not exist. Accepted: en, tr."),
    (("report", "x.html", "--page", "funnel", "--view", "x"), "--view and --page exclude each other"),
    (("report", "x.html", "--set", "kpi=csat"), "name it with --page or --view"),
    (("report", "x.doc"), "Accepted: .pptx, .pdf, .xlsx, .html."),
    (("report", "/nowhere/at/all/x.html"), "there is no such file or folder"),
    (("undo", "x"), "“x” is not the number of an upload. They are listed by python -m cx uploads."),
    (("undo",), "NUMBER is missing. See python -m cx undo --help."),
    (("load",), "FILE is missing. See python -m cx load --help."),
    (("load", "nowhere.csv"), "The file “nowhere.csv” cannot be opened: there is no such file or folder"),
    (("load", "."), "it is a folder"),
    (("load", "x.csv", "--date", "2026-01-01", "--undated"), "--undated and --date exclude each other"),
    (("load", "x.csv", "--clock", "ss"), "--clock “ss” does not exist. Accepted: mm:ss, hh:mm."),
    (("load", "x.csv", "--header", "top"), "--header: “top” is not of the form [SHEET=]ROW."),
    (("load", "x.csv", "--year", "26"), "--year: “26” is not a year from 1990 to 2099."),
    (("uploads", "--json=yes"), "--json takes no value, but “yes” was given."),
    (("kpis", "--c", "none"), "--c may mean --channel, --compare: write it in full."),
    (("dance",), "Command “dance” does not exist. Accepted: load, kpis, funnel, stages, report"),
    (("kpi",), "Did you mean “kpis”?"),
])
def test_what_cannot_be_done_is_said_in_one_line(kept, arguments, says):
    assert says in refused(kept(*arguments))


@pytest.mark.parametrize(("arguments", "says"), [
    (("kpis", "--persona", "Plannner"), "Persona: “Plannner” yok. “Planner” mi demek istediniz?"),
    (("kpis", "--from", "31.12.2025"), "--from: “31.12.2025” bir tarih değil. Şöyle yazın: 2025-12-31."),
    (("funnel", "--by", "moon"), "--by: “moon” yok. Kabul edilenler: stage, touchpoint, channel."),
    (("load", "nowhere.csv"), "“nowhere.csv” dosyası açılamıyor: böyle bir dosya ya da klasör yok"),
    (("load",), "FILE eksik. Bkz. python -m cx load --help."),
    (("undo", "7"), "7 numaralı bir yükleme yok."),
    (("report", "x.html", "--page", "weather"), "Sayfa: “weather” yok. Kabul edilenler: overview"),
])
def test_it_is_said_in_the_language_asked_for(kept, arguments, says):
    assert says in refused(kept(*arguments, "--lang", "tr"))


def test_the_environment_may_ask_for_the_language(kept, monkeypatch):
    monkeypatch.setenv("CX_LANG", "tr")
    assert "Seçenek: “--persna” yok. “--persona” mi demek istediniz?" in refused(kept("kpis", "--persna", "x"))
    assert kept("kpis")[1].startswith("Gösterge")
    assert kept("kpis", "--lang", "en")[1].startswith("KPI")
    monkeypatch.setenv("CX_LANG", "de")
    assert "--lang “de” does not exist" in refused(kept("kpis"))


def test_what_was_loaded_is_told_in_the_language_asked_for(run, tmp_path):
    path = tmp_path / "events.csv"
    path.write_text(EVENTS + "dan,yesterday,Search ad,Paid search,Dreamer,North\n", encoding="utf-8")
    _, out, _ = run("load", str(path), "--lang", "tr")
    assert out.splitlines()[0] == "events.csv: 1 numaralı yükleme, 8 satır: 7 kabul edildi, 1 reddedildi"
    assert out.splitlines()[1].startswith("  9. satır, Date: “yesterday” bu sütunda tarih olarak okunamıyor.")
    (receipt,) = json.loads(run("load", str(path), "--lang", "tr", "--json")[1])
    assert receipt["rejects"][0]["reason"].startswith("“yesterday” bu sütunda tarih olarak okunamıyor.")


def test_an_empty_selection_is_said_beside_its_dashes(kept):
    code, out, err = kept("kpis", "--from", "2036-01-01")
    assert (code, err) == (0, "cx: Nothing matches this selection.\n")
    assert out.startswith("KPI")
    assert kept("funnel", "--from", "2036-01-01")[2] == "cx: Nobody begins this funnel in this selection.\n"


def test_a_workspace_without_data_says_that_and_not_that_the_selection_is_empty(run, workspace, tmp_path):
    open_store(workspace).close()
    assert run("kpis", "--lang", "tr")[2] == "cx: Henüz bir şey yüklenmedi.\n"
    assert run("report", str(tmp_path / "board.html"), "--lang", "tr")[1].splitlines()[1:] == [
        "  Henüz bir şey yüklenmedi."]


def test_somebody_who_stops_it_gets_no_traceback(kept, monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt
    monkeypatch.setattr("cx.__main__.kpis", stop)
    assert kept("kpis") == (130, "", "cx: Stopped.\n")


@pytest.fixture
def heard():
    """Ctrl-C is heard, also where the tests were started in the background, where a shell has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heard")
def test_ctrl_c_while_the_database_works_is_no_error_of_it(kept, monkeypatch):
    def ask(*_, **__):
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt as stopped:  # what DuckDB makes of it
            raise RuntimeError("Query interrupted") from stopped

    monkeypatch.setattr("cx.__main__.kpis", ask)
    assert kept("kpis") == (130, "", "cx: Stopped.\n")


class _Freed:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)  # what this raises is told on the screen, and dropped


@pytest.mark.usefixtures("heard")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("moment", ["while it is understood", "while it is stored"])
def test_ctrl_c_that_falls_into_what_is_freed_stops_the_load_all_the_same(run, workspace, events, monkeypatch, moment):
    step = "propose" if moment == "while it is understood" else "load"
    inside = getattr(intake, step)

    def freeing(*given, **options):
        monkeypatch.setattr(intake, step, inside)
        _Freed()
        return inside(*given, **options)

    monkeypatch.setattr(intake, step, freeing)
    assert run("load", events, events)[:2] == (130, "")
    assert uploads(open_store(workspace)).empty


def test_every_command_shows_its_options_and_the_exit_codes(capsys):
    for command in (*COMMANDS, None):
        with pytest.raises(SystemExit) as stopped:
            main([command, "--help"] if command else ["--help"])
        assert stopped.value.code == 0
        shown = capsys.readouterr().out
        assert "--lang {en,tr}" in shown if command else "Exit codes: 0 done; 1" in shown


def test_no_command_at_all_is_refused_in_one_line(capsys):
    assert "COMMAND is missing. See python -m cx --help." in refused((main([]), *capsys.readouterr()))


def test_a_file_that_is_no_workspace_is_refused(run, workspace):
    workspace.write_text("not a database")
    refused(run("kpis"))


def test_it_runs_as_a_module_with_the_workspace_of_the_environment(loaded, workspace, monkeypatch):
    monkeypatch.setenv("CX_WORKSPACE", str(workspace))
    done = subprocess.run([sys.executable, "-m", "cx", "uploads", "--json"], cwd=ROOT, capture_output=True, text=True,
                          encoding="utf-8", check=True)
    assert [row["name"] for row in json.loads(done.stdout)] == ["events.csv"]


# --- a page as a file ---


def test_a_page_is_made_as_a_file_with_its_choices_and_the_selection(kept, tmp_path):
    paper = tmp_path / "funnel.xlsx"
    code, said, _ = kept("report", str(paper), "--page", "funnel", "--set", "segment=channel", "--persona", "Dreamer",
                         "--lang", "tr")
    assert code == 0
    assert "Persona: Dreamer" in said
    assert "En yüksek kayıp oranı Değerlendirme ile Satın alma arasında: %100 devam etmedi." in said
    book = openpyxl.load_workbook(paper)
    assert "Tanımlar" in book.sheetnames
    tables = [list(sheet.values) for sheet in book.worksheets]
    steps = next(rows for rows in tables if rows[0][:2] == ("Adım", "Müşteriler"))
    assert [row[1] for row in steps[1:4]] == [2, 1, 0]


def test_a_view_is_made_as_it_was_saved(loaded, workspace, tmp_path):
    store = open_store(workspace)
    views.save(store, "trends", "Ours", {"kpi": ["conversion"], "persona": ["planner"]})
    store.close()
    assert "Persona: Planner" in loaded("report", str(tmp_path / "ours.html"), "--view", "Ours")[1]
    assert "Conversion" in (tmp_path / "ours.html").read_text(encoding="utf-8")
    assert "View “Theirs” does not exist" in refused(loaded("report", "x.html", "--view", "Theirs"))
    assert "Page “moon” does not exist" in refused(loaded("report", "x.html", "--page", "moon"))


def test_a_page_of_an_empty_workspace_says_that_nothing_has_been_uploaded(run, workspace, tmp_path):
    open_store(workspace).close()
    code, said, _ = run("report", str(tmp_path / "funnel.html"), "--page", "funnel", "--set", "segment=channel", "--lang", "tr")
    assert code == 0
    assert said.splitlines()[1:] == ["  Henüz bir şey yüklenmedi."]


@pytest.mark.parametrize(("page", "choice", "says"), [
    ("trends", "split=moon", "split “moon” does not exist. Accepted: persona, "),
    ("trends", "moon=1", "Choice of the page “moon” does not exist. Accepted: also, interval, kpi, split."),
    ("funnel", "steps=moon", "steps “moon” does not exist. Accepted: awareness, consideration, purchase"),
    ("simulator", "move2=moon", "move2 “moon” does not exist. Accepted: 0–100."),
])
def test_a_choice_that_a_page_does_not_offer_is_refused_and_nothing_written(kept, tmp_path, page, choice, says):
    paper = tmp_path / "paper.html"
    assert says in refused(kept("report", str(paper), "--page", page, "--set", choice))
    assert not paper.exists()
