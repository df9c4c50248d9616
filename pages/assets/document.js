// The language and the theme of the document, names in the reader's language for what Streamlit names in English or at
// too great length, and charts by keyboard: Tab goes to a chart that can be clicked, the arrow keys go through its
// marks and show what pointing at them shows, Enter clicks, Escape puts it away. Tab goes from the button of an open menu
// into it, and at its ends back to the button.
const MARKS = '[class*="st-key-pick-"] [data-testid="stVegaLiteChart"] [aria-roledescription$="mark"][aria-label],'
  + '[class*="st-key-pick-"] [data-testid="stVegaLiteChart"] [aria-roledescription="bar"][aria-label]'
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity }
const PAPER = 1030 // pixels of A4 across, without its margins
const HIGH = 860 // pixels of the screen that fit on a page of it, buttons and drop-downs left out
let words = {}
let timer

export default function ({ data }) {
  document.documentElement.lang = data.language
  document.documentElement.dataset.theme = data.theme
  words = data.words
  prepare()
  if (window.cxPrepare) window.cxPrepare.disconnect()
  else {
    document.addEventListener("keydown", pressed)
    window.addEventListener("beforeprint", fit)
    document.addEventListener("focusin", ({ target }) => { if (target.matches(MARKS)) point(target, "move") })
    document.addEventListener("focusout", ({ target }) => { if (target.matches(MARKS)) point(target, "out") })
  }
  window.cxPrepare = new MutationObserver(() => { timer ??= setTimeout(prepare, 100) }) // also where changes never pause
  window.cxPrepare.observe(document.body, { childList: true, subtree: true })
}

function prepare() {
  timer = null
  for (const each of document.querySelectorAll("button[aria-label], #stSidebar")) {
    told(each, each.getAttribute("aria-label"), (name) => each.setAttribute("aria-label", name))
  }
  const skip = document.querySelector('[data-testid="stSkipToContent"]')
  if (skip) told(skip, skip.textContent, (name) => { skip.textContent = name })
  for (const each of document.querySelectorAll('[data-testid="stMetricChart"]')) each.setAttribute("aria-hidden", "true")
  if (document.activeElement === document.body) opened()?.querySelector("input[type=radio]:checked")?.focus() // drawn anew
  const headings = [...document.querySelectorAll("h1, h2")]
  for (const each of document.querySelectorAll('[data-testid="stDataFrame"] [role="grid"]')) {
    const above = headings.filter((h) => h.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING
      && (h.closest('[data-testid="stColumn"]')?.contains(each) ?? true)).pop() // what heads a column heads nothing below it
    if (!above) continue
    for (const named of [each, each.closest("canvas")]) named?.setAttribute("aria-label", above.innerText)
  }
  for (const each of document.querySelectorAll('[data-testid="stDataFrame"] .dvn-scroller')) each.tabIndex = -1 // the cells scroll it
  for (const chart of document.querySelectorAll('[data-testid="stVegaLiteChart"]')) {
    const marks = [...chart.querySelectorAll(MARKS)]
    const reached = marks.find((mark) => mark.tabIndex === 0) ?? marks[0]
    for (const mark of marks) {
      mark.setAttribute("role", "button")
      mark.setAttribute("tabindex", mark === reached ? "0" : "-1")
    }
  }
}

// Streamlit's own name of a control in the reader's language, also after another was chosen; a chart's tools without all
// that the chart tells.
function told(element, now, tell) {
  const given = now === element.cxTold ? element.cxGiven : now
  const [, what, of] = /^(Remove|Help for) (.*)$/s.exec(given) ?? [null, given]
  const tool = element.closest('[data-testid="stElementToolbar"]') ? given.split(": ", 1)[0] : given
  const name = of && words[what] !== what ? `${words[what]}: ${of}` : words[tool] ?? tool
  Object.assign(element, { cxGiven: given, cxTold: name })
  if (name !== now) tell(name)
}

function pressed(event) {
  if (event.key === "Tab") { round(event); return }
  const mark = event.target
  if (!mark.matches(MARKS)) return
  if (event.key === "Enter" || event.key === " ") point(mark, "click")
  else if (event.key === "Escape") point(mark, "out")
  else if (event.key in STEPS) {
    const marks = [...mark.closest('[data-testid="stVegaLiteChart"]').querySelectorAll(MARKS)]
    const next = marks[Math.min(Math.max(marks.indexOf(mark) + STEPS[event.key], 0), marks.length - 1)]
    mark.setAttribute("tabindex", "-1")
    next.setAttribute("tabindex", "0")
    next.focus()
  } else return
  event.preventDefault()
}

function opened() {
  return [...document.querySelectorAll('[data-testid="stPopoverBody"]')].find((each) => each.checkVisibility())
}

function round(event) {
  const menu = opened()
  const button = document.querySelector('[data-testid="stPopoverButton"][aria-expanded="true"]')
  if (!menu || !button) return
  const at = event.target
  if (at !== button && !menu.contains(at)) return
  const stops = [...menu.querySelectorAll("a[href], button, input, textarea, [tabindex]")].filter((each) =>
    each.tabIndex >= 0 && !each.disabled && each.checkVisibility() && !(each.type === "radio" && each.name === at.name))
  const before = stops.filter((each) => each.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING)
  const after = stops.filter((each) => each.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_PRECEDING)
  if (at === button && event.shiftKey) return
  const next = at === button ? stops[0] : (event.shiftKey ? before.at(-1) : after[0]) ?? button
  if (!next) return
  next.focus()
  event.preventDefault()
}

// What the mouse would do at the middle of a mark: "move", "out" or "click".
function point(mark, what) {
  const box = mark.getBoundingClientRect()
  const where = { bubbles: true, clientX: box.x + box.width / 2, clientY: box.y + box.height / 2, view: window }
  for (const kind of what === "click" ? ["click"] : [`pointer${what}`, `mouse${what}`]) {
    mark.dispatchEvent(new (kind.startsWith("pointer") ? PointerEvent : MouseEvent)(kind, where))
  }
}

// Paper shows the page as wide as the screen does, made smaller: what is drawn cannot be drawn anew for it.
function fit() {
  const main = document.querySelector('[data-testid="stMainBlockContainer"]')
  main.style.setProperty("--cx-width", `${main.clientWidth}px`)
  main.style.setProperty("--cx-zoom", Math.min(1, PAPER / main.clientWidth))
  for (const each of main.querySelectorAll('[data-testid="stHorizontalBlock"]')) {
    const [first, second] = [...each.children].map((column) => column.getBoundingClientRect())
    const beside = second && second.left >= first.right && each.clientHeight < HIGH
    each.style.setProperty("--cx-columns", beside ? "flex" : "block") // broken columns would lie over what follows
  }
}
