// The chat API, seen from the widget: sessions, an outgoing queue that loses nothing, and the event stream.

const FIRST_WAIT = 1000, LONGEST_WAIT = 15000; // milliseconds between tries

/** What this browser remembers; falls back to the page's own memory where storage is blocked. */
export const memory = (() => {
  const own = new Map();
  const tried = (use) => { try { return use(window.localStorage); } catch { return undefined; } };
  return {
    get: (name) => own.get(name) ?? tried((kept) => kept.getItem(`dripwise.${name}`)) ?? null,
    set(name, value) { own.set(name, value); tried((kept) => kept.setItem(`dripwise.${name}`, value)); },
    drop(name) { own.delete(name); tried((kept) => kept.removeItem(`dripwise.${name}`)); },
  };
})();

export class Refused extends Error {
  constructor(status, detail) { super(detail); this.status = status; }
}

const pause = (ms) => new Promise((done) => {
  const timer = setTimeout(done, ms);
  window.addEventListener("online", () => { clearTimeout(timer); done(); }, { once: true });
});

const unique = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (one) => one.toString(16).padStart(2, "0")).join("");

export class Wire {
  /** `heard(items, unasked)` is called with messages of the shop, `trouble(kind)` with what goes wrong, null when it is over. */
  constructor({ language, heard, trouble }) {
    this.language = language;
    this.heard = heard;
    this.trouble = trouble;
    this.token = memory.get("token");
    this.last = 0;
    this.queue = JSON.parse(memory.get("unsent") || "[]");
    this.busy = false;
    this.listening = null;
  }

  async call(method, path, body, headers = {}) {
    const response = await fetch(`/api/chat/${path}`, {
      method, cache: "no-store", credentials: "omit",
      headers: { ...(this.token && { Authorization: `Bearer ${this.token}` }), ...(body && { "Content-Type": "application/json" }), ...headers },
      body: body && JSON.stringify(body),
    });
    if (response.ok) return response;
    const { detail = "" } = await response.json().catch(() => ({}));
    const refused = new Refused(response.status, detail);
    refused.wait = Number(response.headers.get("Retry-After")) * 1000;
    throw refused;
  }

  /** A session there is or a new one; `again` begins a new contact of the same customer. */
  async open(again = false) {
    if (this.token && !again) return false;
    const opened = await this.call("POST", "sessions", again ? {} : { language: this.language }).catch((error) => {
      if (error.status !== 401) throw error;
      this.token = null;
      return this.call("POST", "sessions", { language: this.language });
    });
    this.token = (await opened.json()).token;
    memory.set("token", this.token);
    return true;
  }

  /** The conversation after the newest message seen; a session the shop forgot is replaced. */
  async history() {
    const items = [];
    for (;;) {
      const response = await this.call("GET", `messages?after=${this.last}`).catch((error) => {
        if (error.status !== 401) throw error;
        return null;
      });
      if (!response) {
        this.forget();
        await this.open();
        return this.history();
      }
      const { messages } = await response.json();
      for (const item of messages) this.saw(item.id);
      items.push(...messages);
      if (messages.length < 500) return items;
    }
  }

  saw(id) { this.last = Math.max(this.last, Number(id)); }

  forget() {
    this.token = null;
    this.last = 0;
    memory.drop("token");
  }

  /** Queue a message: {text} or {payload}. It keeps its id through every try and survives a reload. */
  say(what) {
    const one = { id: unique(), ...what };
    this.queue.push(one);
    this.keep();
    this.flush();
    return one;
  }

  keep() { memory.set("unsent", JSON.stringify(this.queue)); }

  async flush() {
    if (this.busy) return;
    this.busy = true;
    let wait = FIRST_WAIT;
    while (this.queue.length) {
      const [one] = this.queue;
      try {
        await this.open();
        const response = await this.call("POST", "messages", { id: one.id, text: one.text, payload: one.payload });
        const { replies } = await response.json();
        this.done(one);
        wait = FIRST_WAIT;
        this.trouble(null);
        this.heard(replies.map((reply) => ({ side: "shop", sender: "bot", name: null, ...reply })), false);
      } catch (error) {
        const gone = [400, 404, 413].includes(error.status);
        if (error.status === 401) this.forget();
        if (gone) this.done(one);
        this.trouble(error.status === 413 ? "too_long" : gone ? "refused" : error.status === 429 ? "too_fast" : "not_sent");
        if (!gone) await pause(error.wait || wait);
        wait = Math.min(wait * 2, LONGEST_WAIT);
      }
    }
    this.busy = false;
  }

  done(one) {
    this.queue = this.queue.filter((other) => other !== one);
    this.keep();
  }

  /** Listen for what arrives unasked while the page is visible. */
  listen() {
    document.addEventListener("visibilitychange", () => (document.hidden ? this.hush() : this.attend()));
    if (!document.hidden) this.attend();
  }

  hush() { this.listening?.abort(); this.listening = null; }

  async attend() {
    if (this.listening || !this.token) return;
    const mine = this.listening = new AbortController();
    while (!mine.signal.aborted && this.token) {
      try {
        await this.stream(mine.signal);
      } catch (error) {
        if (error.status === 401) break;
      }
      if (!mine.signal.aborted) await pause(2000);
    }
    if (this.listening === mine) this.listening = null;
  }

  async stream(signal) {
    const response = await fetch("/api/chat/events", {
      signal, cache: "no-store", credentials: "omit",
      headers: { Authorization: `Bearer ${this.token}`, Accept: "text/event-stream", "Last-Event-ID": String(this.last) },
    });
    if (!response.ok) throw new Refused(response.status, "");
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) {
        const data = block.split("\n").filter((line) => line.startsWith("data: ")).map((line) => line.slice(6)).join("\n");
        if (data) this.heard([JSON.parse(data)], true);
      }
    }
  }
}
