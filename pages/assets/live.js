// Listens for data versions and notes; tells the page of what is newer than what it shows. An open dialog would be closed
// by the page that is drawn anew: the page waits until it has been closed.
const open = new WeakMap()
const SETTLED = 400 // milliseconds without a further commit, so that a batch of files is one update

export default function ({ parentElement, data, setTriggerValue }) {
  let live = open.get(parentElement)
  if (!live) {
    live = { version: data.version }
    live.source = new EventSource("/api/live")
    live.source.onmessage = (event) => {
      const [version, notes] = event.data.split(" ").map(Number)
      live.notes ??= notes
      const news = () => {
        if (version > live.version) {
          if (document.querySelector('[data-testid="stDialog"]')) live.timer = setTimeout(news, SETTLED)
          else live.tell("changed", version)
        } else if (notes !== live.notes) {
          live.notes = notes
          live.tell("noted", notes)
        }
      }
      clearTimeout(live.timer)
      live.timer = setTimeout(news, SETTLED)
    }
    open.set(parentElement, live)
  }
  live.version = Math.max(live.version, data.version)
  live.tell = setTriggerValue
  return () => {
    clearTimeout(live.timer)
    live.source.close()
    open.delete(parentElement)
  }
}
