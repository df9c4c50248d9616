"""Upload: drop a spreadsheet, see what was understood, correct it, load it, read the receipt."""

import logging
import traceback

import streamlit as st

from cx.errors import CxError, IntakeError
from cx.language import text
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
        except CxError as error:
            intake_steps.refused(waiting, error)
        except Exception as error:  # of one file: the others, and a way to let it go, stay
            where = "".join(traceback.format_tb(error.__traceback__))  # what it says may hold what the file does
            logging.getLogger(__name__).error("An upload failed: %s\n%s", type(error).__name__, where)
            intake_steps.refused(waiting, IntakeError(text(
                "The program made a mistake with this file ({error}). Try again, or remove it. History tells what was "
                "stored.",
                error=type(error).__name__)), mistake=True)
for place, done in enumerate(intake_receipt.receipts()):
    intake_receipt.receipt(done, newest=place == 0)
intake_steps.templates()
