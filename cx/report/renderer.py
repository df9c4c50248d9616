"""Draws Vega-Lite charts; run as a program of its own, so that its memory goes when it is done (see draw.py).

Reads from standard input {"fonts": folder, "kind": "png" | "svg", "scale": number, "specs": […]}, and writes a JSON
list of the pictures in base64, null for one that cannot be drawn.
"""

import base64
import json
import sys

import vl_convert


def main() -> None:
    asked = json.load(sys.stdin)
    vl_convert.register_font_directory(asked["fonts"])
    drawn: list[str | None] = []
    for spec in asked["specs"]:
        try:
            picture = (vl_convert.vegalite_to_png(spec, scale=asked["scale"]) if asked["kind"] == "png"
                       else vl_convert.vegalite_to_svg(spec).encode())
            drawn.append(base64.b64encode(picture).decode())
        except ValueError as error:  # what it raises for a chart it cannot draw
            print(error, file=sys.stderr)
            drawn.append(None)
    json.dump(drawn, sys.stdout)


if __name__ == "__main__":
    main()
