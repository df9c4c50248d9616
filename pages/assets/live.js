// Listens for data versions; tells the page of one that is newer than what it shows.
const open = new WeakMap()
const SETTLED = 400 // milliseconds without a further commit, so that a batch of files is one update

export default function ({ parentElement, data, setTriggerValue }) {
  let live = open.get(parentElement)
  if (!live) {
    live = { shown: data.version }
    live.source = new EventSource("/api/live")
    live.source.onmessage = (event) => {
      const version = Number(event.data)
      clearTimeout(live.timer)
      live.timer = setTimeout(() => { if (version > live.shown) live.tell("changed", version) }, SETTLED)
    }
    open.set(parentElement, live)
  }
  live.shown = Math.max(live.shown, data.version)
  live.tell = setTriggerValue
  return () => {
    clearTimeout(live.timer)
    live.source.close()
    open.delete(parentElement)
  }
}
