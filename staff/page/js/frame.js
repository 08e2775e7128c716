// What every page does: single keys, the list that is walked with j and k, the panel, toasts.
//
// data-key="r"      this is clicked (a field: focused) when r is typed; "g t" is typed as two keys
// data-list         its data-item elements are walked with j and k
// data-first        this field of a part that opens (details) is focused then
// data-fills="id"   puts what stands in its .said into a field
// data-draft="name" what is typed into this field stays through a reload until it was sent; data-sends: Ctrl+Enter
// data-opens="id"   opens a dialog; data-shuts="panel" shuts the panel

const KEYS = "dripwise.keys"
const HELD_MS = 1200
const say = text => {
  const line = document.createElement("p")
  line.textContent = text
  document.getElementById("toasts").append(line)
  setTimeout(() => line.remove(), 5000)
}

// On a narrow screen the rooms scroll sideways: the one we are in is in sight
const room = document.querySelector(".rooms [aria-current]")
const row = room?.closest(".rooms")
if (row) row.scrollLeft += room.getBoundingClientRect().left - row.getBoundingClientRect().left - (row.clientWidth - room.offsetWidth) / 2

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
    field.dispatchEvent(new Event("input", { bubbles: true }))
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

// What was opened to be filled in is at hand, before the next key is pressed
const first = details => details.open && details.querySelector("[data-first]")?.focus()

document.addEventListener("toggle", event => { if (event.target.localName === "details") first(event.target) }, true)

const press = node => {
  if (isTyping(node)) { node.focus(); node.select?.() }
  else node.click()
  if (node.localName === "summary") first(node.parentElement)
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

// What is typed stays through a reload, and goes once it was sent
const draftOf = field => `dripwise.draft.${field.dataset.draft}`
const onceOf = field => field.form?.elements.namedItem("once") // the number by which the shop knows it when sent again
const bringDrafts = () => {
  for (const field of document.querySelectorAll("[data-draft]")) {
    const once = onceOf(field)
    if ("sent" in field.dataset) {
      sessionStorage.removeItem(draftOf(field))
      sessionStorage.removeItem(`${draftOf(field)}.once`)
      delete field.dataset.sent
    }
    if (field.value) continue
    field.value = sessionStorage.getItem(draftOf(field)) ?? ""
    if (field.value && once) once.value = sessionStorage.getItem(`${draftOf(field)}.once`) ?? once.value
  }
}

document.addEventListener("input", event => {
  if (!event.target.matches("[data-draft]")) return
  sessionStorage.setItem(draftOf(event.target), event.target.value)
  const once = onceOf(event.target)
  if (once) sessionStorage.setItem(`${draftOf(event.target)}.once`, once.value)
})

document.addEventListener("keydown", event => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing || !event.target.matches("[data-sends]")) return
  event.preventDefault()
  event.target.form.requestSubmit()
})

// How long somebody waits goes on while the page is open
const units = [[86400, "day"], [3600, "hour"], [60, "minute"]]
const counting = new WeakMap()
const count = () => {
  for (const node of document.querySelectorAll("[data-lasting]")) {
    const known = counting.get(node)
    if (known?.said !== node.dataset.lasting) { counting.set(node, { said: node.dataset.lasting, from: performance.now() }); continue }
    const passed = Number(known.said) + (performance.now() - known.from) / 1000
    const [size, unit] = units.find(([size]) => passed >= 2 * size) ?? units.at(-1)
    const number = Math.floor(passed / size)
    node.textContent = new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, unitDisplay: "short" }).format(number)
  }
}
setInterval(count, 5000)

const looked = () => { bringDrafts(); count() }
document.addEventListener("htmx:after:swap", looked)
looked()

// What a page asks for by itself isn't its colleague's doing: it keeps no session alive
document.addEventListener("htmx:config:request", event => {
  const { ctx } = event.detail
  if (["live", "load", undefined].includes(ctx.sourceEvent?.type)) ctx.request.headers["X-Unasked"] = "1"
})

// What comes in: data-live="*" is drawn anew when anything was said, data-live="floor" when something changed about
// who waits or answers; data-live="CUSTOMER" gets what was said since (data-after)
const isAtEnd = () => document.documentElement.scrollHeight - scrollY - innerHeight < 200
const toEnd = () => scrollTo({ top: document.documentElement.scrollHeight })
const lives = () => [...document.querySelectorAll("[data-live]")]
const isDrawing = new WeakSet()
const isMissing = new WeakSet()

const draw = async node => {
  if (!node.dataset.after) {
    const morphs = node.getAttribute("hx-swap")?.includes("Morph")
    if (morphs || !node.contains(document.activeElement)) htmx.trigger(node, "live")
    return
  }
  if (isDrawing.has(node)) { isMissing.add(node); return }
  isDrawing.add(node)
  const last = node.lastElementChild
  const stays = isAtEnd()
  await htmx.ajax("GET", node.dataset.after + (last?.dataset.number ?? 0), { target: node, swap: "beforeend" })
  isDrawing.delete(node)
  if (stays) toEnd()
  if (isMissing.delete(node)) draw(node)
}

const rooms = document.querySelector("[data-waiting]")
const title = document.title
let raised = null

const showWaiting = told => {
  if (rooms) {
    rooms.hidden = !told.waiting
    rooms.textContent = told.waiting
    rooms.setAttribute("aria-label", rooms.dataset.label.replace("{count}", told.waiting))
    rooms.toggleAttribute("data-raised", told.raised.length > 0)
  }
  document.title = told.waiting ? `(${told.waiting}) ${title}` : title
  if (raised && told.raised.some(customer => !raised.includes(customer))) say(document.body.dataset.raised)
  raised = told.raised
}

const waiting = new Set()
const drawSoon = what => {
  if (!waiting.size) setTimeout(() => {
    const told = new Set(waiting)
    waiting.clear()
    const said = [...told].some(one => one !== "floor")
    for (const node of lives()) if (told.has(node.dataset.live) || (node.dataset.live === "*" && said)) draw(node)
  }, 400)
  waiting.add(what)
}

// A stream that is refused, not merely broken off, means that the session has ended, or that the shop is starting
const isOver = async () => {
  const asked = { headers: { "HX-Request": "true", "X-Unasked": "1" } }
  return (await fetch("/staff/waiting", asked).catch(() => null))?.status === 401
}

const hear = listen => async (kind, told) => {
  if (kind === "message") drawSoon(told.customer)
  if (kind === "floor") { showWaiting(told); drawSoon("floor") }
  if (kind === "open") {
    document.body.toggleAttribute("data-listening", true)
    for (const node of lives()) if (node.dataset.after) draw(node) // what was said before it was open
  }
  if (kind !== "closed") return
  if (await isOver()) location.assign(document.body.dataset.enter)
  else setTimeout(listen, 3000)
}

if (document.body.dataset.enter) addEventListener("pageshow", event => { if (event.persisted) location.reload() })
if (document.body.dataset.enter && window.SharedWorker) {
  const { port } = new SharedWorker(document.querySelector("script[src*='/stream.js']").src)
  const listen = () => port.postMessage("listen")
  const heard = hear(listen)
  port.onmessage = ({ data }) => heard(...data)
  addEventListener("pagehide", () => port.postMessage("gone"))
  listen()
} else if (document.body.dataset.enter) {
  const listen = () => streamed(hear(listen))
  listen()
}
