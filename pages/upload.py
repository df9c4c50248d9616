"""Upload: drop a spreadsheet, see what was understood, correct it, load it, read the receipt."""

import streamlit as st

from cx.errors import IntakeError
from pages.parts import far, intake_receipt, intake_steps, state
from pages.parts.uploader import uploader
from pages.parts.words import say

t = state.spoken()
st.title(t("Upload"), anchor=False)
if far.only_reads():
    st.stop()
say(t("Spreadsheets as they are: events, surveys, orders, complaints, leads. You see what was understood before "
      "anything is stored."))
intake_steps.receive(uploader("uploader"))
for waiting in intake_steps.waiting():
    with st.container(border=True, key=f"file-{waiting.token}"):
        try:
            intake_steps.understand(waiting)
        except IntakeError as error:
            intake_steps.refused(waiting, error)
for done in intake_receipt.receipts():
    intake_receipt.receipt(done)
intake_steps.templates()
