// The stream of what comes in. All pages of a browser share one, in a worker: a browser keeps six connections to a
// shop at most, and colleagues have more pages open. Where there are no shared workers each page has its own.

const streamed = hear => {
  const stream = new EventSource("/staff/events")
  stream.addEventListener("open", () => hear("open"))
  for (const kind of ["message", "floor"]) stream.addEventListener(kind, event => hear(kind, JSON.parse(event.data)))
  stream.addEventListener("error", () => { if (stream.readyState === EventSource.CLOSED) hear("closed") })
  return stream
}

if ("SharedWorkerGlobalScope" in self) {
  const pages = new Set()
  let stream = null
  let floor = null
  const tell = (kind, told) => {
    if (kind === "floor") floor = told
    for (const page of pages) page.postMessage([kind, told])
  }
  const listen = page => {
    if (!stream || stream.readyState === EventSource.CLOSED) { stream = streamed(tell); return }
    if (stream.readyState === EventSource.OPEN) page.postMessage(["open"])
    if (floor) page.postMessage(["floor", floor])
  }
  self.onconnect = ({ ports: [page] }) => {
    pages.add(page)
    page.onmessage = ({ data }) => data === "gone" ? pages.delete(page) : listen(page)
  }
}
