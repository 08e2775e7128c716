// What every page does: single keys, the list that is walked with j and k, the panel, toasts.
//
// data-key="r"      this is clicked (a field: focused) when r is typed; "g t" is typed as two keys
// data-list         its data-item elements are walked with j and k
// data-fills="id"   puts what stands in its .said into a field
// data-opens="id"   opens a dialog; data-shuts="panel" shuts the panel

const KEYS = "dripwise.keys"
const HELD_MS = 1200
const say = text => {
  const line = document.createElement("p")
  line.textContent = text
  document.getElementById("toasts").append(line)
  setTimeout(() => line.remove(), 5000)
}

// The panel beside the page
const panel = document.getElementById("panel")
let cameFrom = null

const shutPanel = () => {
  if (panel.hidden) return false
  panel.hidden = true
  document.body.classList.remove("beside")
  document.getElementById("panel-body").replaceChildren()
  cameFrom?.focus()
  return true
}

document.addEventListener("htmx:before:request", event => {
  const target = event.detail?.ctx?.target
  if (target?.id === "panel-body") cameFrom = event.target.closest("a, button") ?? cameFrom
})

document.addEventListener("htmx:after:swap", event => {
  const target = event.detail?.ctx?.target ?? event.target
  if (target?.id !== "panel-body") return
  panel.hidden = false
  panel.scrollTop = 0
  document.body.classList.add("beside")
  const heading = panel.querySelector("h1, h2")
  if (heading && !panel.contains(document.activeElement)) {
    heading.tabIndex = -1
    heading.focus({ preventScroll: true })
  }
})

document.addEventListener("htmx:error", () => say(document.body.dataset.failed))
document.addEventListener("toast", event => say(event.detail.value ?? event.detail))

document.addEventListener("click", event => {
  const opener = event.target.closest("[data-opens]")
  if (opener) document.getElementById(opener.dataset.opens).showModal()
  if (event.target.closest("[data-shuts]")) shutPanel()
  const filler = event.target.closest("[data-fills]")
  if (filler) {
    const field = document.getElementById(filler.dataset.fills)
    field.value = filler.querySelector(".said").textContent
    field.focus()
  }
})

// Single keys; they can be switched off (WCAG 2.1.4)
const keysAreOn = () => localStorage.getItem(KEYS) !== "off"
const isTyping = node => node.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]") !== null
const isSeen = node => node.checkVisibility({ visibilityProperty: true })
let held = ""
let heldAt = 0

const keyed = typed => [...document.querySelectorAll("[data-key]")].find(node => node.dataset.key === typed && isSeen(node))

const press = node => {
  if (isTyping(node)) { node.focus(); node.select?.() }
  else node.click()
}

const walk = step => {
  const items = [...document.querySelectorAll("[data-list] [data-item]")].filter(isSeen)
  if (!items.length) return false
  const at = items.findIndex(item => item === document.activeElement || item.contains(document.activeElement))
  const current = at < 0 ? items.findIndex(item => item.matches("[aria-current], .current")) : at
  const next = items[Math.max(0, Math.min(items.length - 1, current < 0 ? 0 : current + step))]
  const link = next.matches("a, button, [tabindex]") ? next : next.querySelector("a, button")
  link.focus()
  next.scrollIntoView({ block: "nearest" })
  next.dispatchEvent(new CustomEvent("walked", { bubbles: true }))
  return true
}

document.addEventListener("keydown", event => {
  if (event.key === "Escape") {
    if (isTyping(event.target)) event.target.blur()
    else if (!document.querySelector("dialog[open]")) shutPanel()
    return
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]") || !keysAreOn()) return
  const two = event.timeStamp - heldAt < HELD_MS ? keyed(`${held} ${event.key}`) : undefined
  held = event.key
  heldAt = event.timeStamp
  const found = two ?? keyed(event.key)
  if (found) { press(found); event.preventDefault() }
  else if ((event.key === "j" || event.key === "k") && walk(event.key === "j" ? 1 : -1)) event.preventDefault()
})

// The list of keys is made of what is on the page
const listed = document.querySelector("[data-keys]")
const named = node => node.dataset.keyLabel ?? node.getAttribute("aria-label") ?? node.labels?.[0]?.textContent ?? node.textContent
document.getElementById("keys")?.addEventListener("toggle", event => {
  if (event.newState !== "open") return
  listed.querySelectorAll("[data-made]").forEach(node => node.remove())
  const seen = new Set()
  for (const node of document.querySelectorAll("[data-key]")) {
    if (seen.has(node.dataset.key)) continue
    seen.add(node.dataset.key)
    const [term, told] = [document.createElement("dt"), document.createElement("dd")]
    term.dataset.made = told.dataset.made = ""
    for (const key of node.dataset.key.split(" ")) {
      const cap = document.createElement("kbd")
      cap.textContent = key
      term.append(cap, " ")
    }
    told.textContent = named(node).trim()
    listed.append(term, told)
  }
})
const keysOn = document.querySelector("[data-keys-on]")
if (keysOn) {
  keysOn.checked = keysAreOn()
  keysOn.addEventListener("change", () => localStorage.setItem(KEYS, keysOn.checked ? "on" : "off"))
}

// What comes in: data-live="*" is drawn anew, data-live="CUSTOMER" gets what was said since (data-after)
const lives = () => [...document.querySelectorAll("[data-live]")]
let drawing = false

const draw = async node => {
  if (drawing || node.contains(document.activeElement) && !node.dataset.after) return
  if (!node.dataset.after) { htmx.trigger(node, "live"); return }
  drawing = true
  const last = node.lastElementChild
  const atEnd = !last || last.getBoundingClientRect().top < innerHeight
  await htmx.ajax("GET", node.dataset.after + (last?.dataset.number ?? 0), { target: node, swap: "beforeend" })
  drawing = false
  if (atEnd) node.lastElementChild?.scrollIntoView({ block: "end" })
}

if (lives().length) {
  const waiting = new Set()
  new EventSource("/staff/events").addEventListener("message", event => {
    const { customer } = JSON.parse(event.data)
    if (!waiting.size) setTimeout(() => {
      for (const node of lives()) if (node.dataset.live === "*" || waiting.has(node.dataset.live)) draw(node)
      waiting.clear()
    }, 400)
    waiting.add(customer)
  })
}
