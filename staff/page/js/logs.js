// A conversation: what is done with the message one is at (w: why, r: review, l: link), and what comes in.
document.addEventListener("keydown", event => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]")
  if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return
  if (localStorage.getItem("dripwise.keys") === "off") return
  const turns = [...document.querySelectorAll("#talk > .turn")]
  const turn = turns.find(one => one.contains(document.activeElement)) ?? turns.find(one => one.matches(".current"))
  if (!turn) return
  if (event.key === "l") {
    navigator.clipboard?.writeText(turn.querySelector(".at").href)
    const told = document.createElement("p")
    told.textContent = document.getElementById("copied").textContent
    document.getElementById("toasts").append(told)
    setTimeout(() => told.remove(), 3000)
  } else if (event.key === "w" || event.key === "r") {
    const from = turns.indexOf(turn)
    const asked = [turn, ...turns.slice(0, from).reverse()].find(one => one.querySelector(`[data-act=${event.key}]`))
    asked?.querySelector(`[data-act=${event.key}]`).click()
  }
})

// The bar comes after the page: what stood at the end stays in sight above it
const talk = document.querySelector("#talk")
let stays = false
document.addEventListener("htmx:before:swap", event => {
  stays = isAtEnd() && event.target.closest?.(".floor-place") !== null
})
document.addEventListener("htmx:after:swap", () => {
  if (stays) toEnd()
  stays = false
})

// The message a link leads to
const chosen = document.querySelector("#talk .current")
if (chosen) chosen.scrollIntoView({ block: "center" })
else if (talk && !location.search) toEnd()
