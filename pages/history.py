"""History: every upload, what came of it, its rejected rows, and undo."""

import streamlit as st

from cx import intake
from cx.intake.history import uploads as all_uploads
from pages.parts import far, show, state
from pages.parts.ask import store
from pages.parts.undoing import undo_button
from pages.parts.words import say

t = state.spoken()
st.title(t("History"), anchor=False)
if far.only_reads():
    st.stop()
uploads = all_uploads(store())
if uploads.empty:
    show.none_yet(t("Nothing has been uploaded yet."))
    st.stop()
say(t("Undo takes an upload back exactly: what it corrected is as it was before."))
for row in uploads.to_dict("records"):
    with st.container(border=True, key=f"upload-{row['upload_id']}"):
        left, right = st.columns([3, 1], vertical_alignment="center")
        with left:
            say(row["name"], "finding", kept=False)  # the table tells it
            facts = [t.datetime(row["loaded_at"]), t.plural("{n} row accepted", "{n} rows accepted", n=row["accepted"])]
            facts += [t("{n} already there", n=row["duplicates"])] if row["duplicates"] else []
            facts += [t("{n} corrected", n=row["replaced"])] if row["replaced"] else []
            facts += [t("{n} rejected", n=row["rejected"])] if row["rejected"] else []
            facts += [t.plural("{n} reported figure", "{n} reported figures", n=row["reported"])] if row[
                "reported"] else []
            facts += [t("undone on {when}", when=t.datetime(row["undone_at"]))] if row["undone"] else []
            say(" · ".join(facts))
        with right, st.container(horizontal=True, horizontal_alignment="right"):
            if row["rejected"]:
                st.download_button(t("Rejected rows"), lambda n=row["upload_id"]: intake.rejects_workbook(
                    store(), n, t.code), f"rejects-{row['upload_id']}.xlsx", key=f"rejects-{row['upload_id']}",
                    icon=":material/download:", on_click="ignore")
            if not row["undone"]:
                undo_button(row["upload_id"], row["accepted"])
with st.expander(t("As a table")):
    names = {"name": t("File"), "loaded_at": t("Loaded at"), "accepted": t("Rows accepted"),
             "rejected": t("Rejected rows"), "duplicates": t("Already there"), "replaced": t("Corrected"),
             "reported": t("Reported figures"), "undone_at": t("Undone at")}
    show.table(uploads[[*names]].rename(columns=names), "uploads", name=t("History"))
