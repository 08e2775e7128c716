// A customer's card: what is unfolded stays so when the card is drawn anew, and one is where one was.
//
// data-card         the card itself; data-side: the column beside a conversation, unfolded where there is room
{
  let unfolded = new Set()
  let stood = null

  document.addEventListener("htmx:before:request", event => {
    const card = event.target.closest?.("[data-card]")
    if (!card) return
    unfolded = new Set([...card.querySelectorAll("details[id][open]")].map(node => node.id))
    stood = [...document.querySelectorAll("[data-card] [id]")].filter(node => node.contains(event.target)).map(node => node.id).reverse()
  })

  document.addEventListener("htmx:after:swap", () => {
    const card = document.querySelector("[data-card]")
    if (stood && card) {
      for (const node of card.querySelectorAll("details.fold[id]")) node.open = unfolded.has(node.id)
      const near = stood.map(id => document.getElementById(id)).find(Boolean)
      const place = near?.querySelector("summary") ?? card.querySelector("h1, h2")
      place?.focus({ preventScroll: true })
    } else if (document.activeElement === document.body) document.getElementById("owed-title")?.focus()
    stood = null
  })

  // Beside a conversation
  const side = document.querySelector("[data-side]")
  if (side && matchMedia("(min-width: 1200px)").matches) side.open = true
}
