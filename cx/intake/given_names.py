"""Common first names, Turkish and English, folded: a column of them names people whatever it is called."""

from __future__ import annotations

_NAMES = """
    ahmet mehmet mustafa ali huseyin hasan ibrahim ismail osman yusuf murat omer ramazan halil suleyman abdullah
    mahmut salih kemal recep hakan fatih emre can burak serkan ozan onur mert cem volkan kerem deniz baris tolga umut
    ozgur erdem furkan kaan arda berk eren gokhan selim sinan tuncay ugur yasin zafer fatma ayse emine hatice zeynep
    elif meryem zehra ozlem merve esra busra yasemin derya gul gulsen hulya irem ece ebru pinar seda selin sevgi sibel
    songul tugba ipek nur asli melek filiz canan bahar burcu damla dilek eda gamze gizem hande melis nazli ozge rabia
    sema sena sevda sila tuba nil james john robert michael william david richard joseph thomas charles daniel matthew
    anthony mark paul steven andrew kenneth george joshua kevin brian edward ronald jason jeffrey ryan jacob gary
    nicholas nick eric jonathan stephen larry justin scott brandon benjamin ben samuel sam frank gregory raymond
    alexander alex patrick jack dennis jerry tyler aaron peter adam nathan henry ian oliver harry liam noah luke tom
    tim bob bill joe max leo hugo omar karim lukas felix jan mary patricia jennifer linda elizabeth barbara susan
    jessica sarah karen lisa nancy betty margaret sandra ashley kim emily donna michelle carol amanda melissa deborah
    stephanie rebecca sharon laura cynthia kathleen amy angela anna ann anne emma olivia sophia sophie isabella mia
    charlotte grace chloe lucy hannah julia maria marie paula vera joan jane lea ada zoe eva nina clara lena sara ella
    alice helen diana claire kate rachel
"""
GIVEN_NAMES = frozenset(_NAMES.split())
