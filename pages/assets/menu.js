// The menu of pages, as one element. A click opens a page as going back or forward does, without loading the application
// anew; with a key held down the browser does what it does with any link.
const drawn = new WeakMap()

export default function ({ parentElement, data }) {
  const menu = drawn.get(parentElement) ?? begin(parentElement)
  const shape = JSON.stringify([data.name, data.sections.map(([title, links]) => [title, links.map((each) => each.name)])])
  if (menu.shape !== shape) build(menu, data, shape)
  data.sections.flatMap(([, links]) => links).forEach((link, at) => {
    const element = menu.nav.querySelectorAll("a")[at]
    const words = element.lastChild
    element.href = link.href
    if (words.textContent !== link.words) words.textContent = link.words
    if (link.here) element.setAttribute("aria-current", "page")
    else element.removeAttribute("aria-current")
  })
}

function begin(parentElement) {
  const menu = { nav: parentElement.appendChild(document.createElement("nav")) }
  menu.nav.className = "cx-menu"
  menu.nav.addEventListener("click", go)
  drawn.set(parentElement, menu)
  return menu
}

function build(menu, data, shape) {
  menu.shape = shape
  menu.nav.setAttribute("aria-label", data.name)
  menu.nav.replaceChildren(...data.sections.flatMap(([title, links]) => [
    ...(title ? [Object.assign(document.createElement("p"), { className: "cx-section", textContent: title })] : []),
    ...links.map(({ name, icon }) => {
      const link = document.createElement("a")
      link.dataset.page = name
      const sign = Object.assign(document.createElement("span"), { className: "cx-icon", textContent: icon, translate: false })
      sign.setAttribute("aria-hidden", "true")
      link.append(sign, document.createElement("span"))
      return link
    }),
  ]))
}

function go(event) {
  const link = event.target.closest("a")
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
  event.preventDefault()
  history.pushState(null, "", link.href)
  dispatchEvent(new PopStateEvent("popstate"))
  if (!matchMedia("(max-width: 768px)").matches) return
  document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click() // it covers the page that was chosen
}
