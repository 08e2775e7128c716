// Draws each chart that stands on the page as data, in the colours of the page, as wide as there is room.
// Expressions are interpreted (ast), for the page forbids eval.

{
  const tip = () => document.getElementById("chart-tip")
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()

  const looks = () => {
    const [soft, line, ink] = ["soft", "line", "ink"].map(colour)
    const font = getComputedStyle(document.body).fontFamily
    const text = { labelColor: soft, labelFont: font, labelFontSize: 12 }
    return {
      aria: false, background: null, font, view: { stroke: null },
      axis: { ...text, gridColor: line, domainColor: line, tickColor: line, labelPadding: 6 },
      legend: { ...text, labelColor: ink, symbolSize: 90, rowPadding: 4, columnPadding: 14, offset: 10 },
      range: { category: [1, 2, 3, 4, 5].map(place => colour(`chart-${place}`)) },
      bar: { cornerRadiusEnd: 2 }, line: { strokeCap: "round", strokeJoin: "round" },
    }
  }

  // What is pointed at is said beside it; the table says it too
  const shows = (_handler, event, _item, value) => {
    const shown = tip()
    shown.hidden = value == null || value === ""
    if (shown.hidden) return
    shown.textContent = value
    const { width, height } = shown.getBoundingClientRect()
    shown.style.left = `${Math.max(4, Math.min(event.clientX + 14, innerWidth - width - 8))}px`
    shown.style.top = `${event.clientY - height - 12 < 4 ? event.clientY + 16 : event.clientY - height - 12}px`
  }

  const draw = async node => {
    const spec = JSON.parse(node.dataset.drawing)
    node.drawnWidth = Math.floor(node.clientWidth)
    if (!node.drawnWidth) return
    node.view?.finalize()
    const legend = spec.encoding.color.legend
    if (legend) legend.columns = Math.max(2, Math.floor((node.drawnWidth - (spec.encoding.y.type === "nominal" ? 110 : 40)) / 125))
    const drawn = await vegaEmbed(node, { ...spec, width: node.drawnWidth }, {
      ast: true, renderer: "svg", actions: false, defaultStyle: false, tooltip: shows, config: looks(),
    })
    node.view = drawn
    node.querySelector("svg")?.setAttribute("aria-hidden", "true") // the sentence and the table say it
    node.dataset.drawn = ""
  }

  const resized = new ResizeObserver(entries => {
    for (const { target } of entries) if (Math.floor(target.clientWidth) !== target.drawnWidth) draw(target)
  })
  const drawAll = () => {
    for (const node of document.querySelectorAll("[data-drawing]")) {
      resized.observe(node)
      if (!("drawn" in node.dataset)) draw(node)
    }
  }

  drawAll()
  document.addEventListener("htmx:after:swap", drawAll)
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => document.querySelectorAll("[data-drawing]").forEach(draw))

  // A choice shows at once; a day that is typed waits for the button
  document.addEventListener("change", event => {
    if (event.target.matches(".charts-asked select")) event.target.form.requestSubmit()
  })
}
