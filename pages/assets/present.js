// The bar below a slide: turns the slides at their pace, and lets a person turn, pause and leave.
const open = new WeakMap()
const TICK = 250 // milliseconds

export default function ({ parentElement, data, setTriggerValue, setStateValue }) {
  const find = (name) => parentElement.querySelector(`.${name}`)
  let bar = open.get(parentElement)
  if (!bar) {
    bar = { shown: 0, paused: false, at: null, cleanup: [], left: null, filled: Boolean(document.fullscreenElement) }
    open.set(parentElement, bar)
    const on = (target, event, heard) => {
      target.addEventListener(event, heard, true) // before anything on the slide can keep a key for itself
      bar.cleanup.push(() => target.removeEventListener(event, heard, true))
    }
    const turn = (step) => { bar.shown = 0; bar.tell("go", step) }
    const leave = () => {
      bar.left = 0
      if (document.fullscreenElement) document.exitFullscreen().catch(() => {})
      bar.tell("leave", true)
    }
    const pause = () => { bar.paused = !bar.paused; bar.draw() }
    const whole = () => {
      bar.filled = false // by this button, which does not leave
      if (document.fullscreenElement) document.exitFullscreen().catch(() => {})
      else document.documentElement.requestFullscreen?.().catch(() => {})
    }
    on(document, "fullscreenchange", () => { // Esc ends the full screen and is not told as a key: it leaves all the same
      if (document.fullscreenElement) bar.filled = true
      else if (bar.filled) leave()
    })
    on(find("back"), "click", () => turn(-1))
    on(find("next"), "click", () => turn(1))
    on(find("pause"), "click", pause)
    on(find("whole"), "click", whole)
    on(find("leave"), "click", leave)
    on(window, "keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return
      const button = event.composedPath()[0]?.tagName === "BUTTON"
      const does = { Escape: leave, ArrowRight: () => turn(1), ArrowLeft: () => turn(-1), f: whole,
                     " ": button ? null : pause }[event.key]
      if (does) { event.preventDefault(); does() }
    })
    const size = () => {
      clearTimeout(bar.sizing)
      bar.sizing = setTimeout(() => bar.keep("size", [window.innerWidth, window.innerHeight]), 200)
    }
    on(window, "resize", size)
    size()
    const timer = setInterval(() => {
      if (bar.left !== null) { // the answer may have been lost in a run under way
        bar.left += TICK / 1000
        if (bar.left >= 2) { bar.left = 0; bar.tell("leave", true) }
        return
      }
      if (bar.paused || document.hidden) return
      bar.shown += TICK / 1000
      bar.draw()
      if (bar.shown >= bar.seconds) turn(1)
    }, TICK)
    bar.cleanup.push(() => clearInterval(timer), () => clearTimeout(bar.sizing))
    navigator.wakeLock?.request("screen").then((lock) => bar.cleanup.push(() => lock.release())).catch(() => {})
  }
  Object.assign(bar, { seconds: data.seconds, tell: setTriggerValue, keep: setStateValue })
  if (bar.at !== data.at) { bar.at = data.at; bar.shown = 0 }
  bar.draw = () => {
    find("progress").style.width = `${Math.min(100, 100 * bar.shown / bar.seconds)}%`
    const words = bar.paused ? data.words.play : data.words.pause
    find("pause").textContent = bar.paused ? "▶" : "❚❚"
    find("pause").setAttribute("aria-label", words)
    find("pause").title = words
  }
  find("caption").textContent = data.caption
  find("place").textContent = data.place
  for (const name of ["back", "next", "whole"]) {
    find(name).setAttribute("aria-label", data.words[name])
    find(name).title = data.words[name]
  }
  find("leave").textContent = data.words.leave
  bar.draw()
  return () => {
    bar.cleanup.forEach((end) => end())
    open.delete(parentElement)
  }
}
