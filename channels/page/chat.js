// The chat inside the frame: deep-chat shows it, the wire carries it, this file joins them.

import { STYLE, bubble, divider, escaped, plainText } from "./bubbles.js";
import { Wire, memory } from "./wire.js";

const page = JSON.parse(document.getElementById("shop").textContent);
const at = (id) => document.getElementById(id);
const framed = window.parent !== window;
const address = new URLSearchParams(location.search);
const languages = Object.keys(page.texts);

let language = [memory.get("language"), address.get("lang"), document.documentElement.lang].find((one) => languages.includes(one));
let words = page.texts[language];
let chat = null, opened = false, visible = !framed, unread = 0, day = "", beginning = null, taken = "";
const shown = new Set();
const dots = Object.assign(document.createElement("div"), { className: "waiting" });

const wire = new Wire({ language, heard, trouble });
const messages = () => chat.shadowRoot.getElementById("messages");
const tell = (what) => framed && window.parent.postMessage(what, "*");

// --- words and colours ---------------------------------------------------------------------------------------

function dress() {
  const accent = address.get("accent");
  if (!/^[0-9a-f]{6}$/i.test(accent || "")) return;
  const [r, g, b] = [0, 2, 4].map((from) => parseInt(accent.slice(from, from + 2), 16) / 255)
    .map((one) => (one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
  document.documentElement.style.setProperty("--accent", `#${accent}`);
  document.documentElement.style.setProperty("--on-accent", 0.2126 * r + 0.7152 * g + 0.0722 * b < 0.18 ? "#fff" : "#111");
}

function speak(next) {
  language = next;
  words = { ...page.texts[language], shop: page.names[language] };
  document.documentElement.lang = language;
  wire.language = language;
  document.title = words.title;
  at("name").textContent = words.shop;
  document.querySelector(".mark").textContent = [...words.shop][0];
  at("more").setAttribute("aria-label", words.more);
  at("close").setAttribute("aria-label", words.close);
  at("close").hidden = !framed;
  document.querySelector('[data-do="know"]').textContent = words.menu.know;
  document.querySelector('[data-do="new"]').textContent = words.new_conversation;
  document.querySelector('[data-do="telegram"]').textContent = words.telegram;
  document.querySelector('[data-do="telegram"]').hidden = !page.telegram;
  document.querySelector("legend").textContent = words.language;
  for (const one of document.querySelectorAll("[data-language]")) one.setAttribute("aria-pressed", String(one.dataset.language === language));
  if (at("loading")) at("loading").textContent = words.loading;
  ways();
  person(null);
  if (chat) label();
}

function ways() {
  at("ways").replaceChildren(...["propose", "know", "human"].map((verb) => {
    const one = document.createElement("button");
    one.type = "button";
    one.textContent = words.menu[verb];
    one.addEventListener("click", () => tap(verb, words.menu[verb]));
    return one;
  }));
}

/** Who is answering: a colleague's name, or nobody. */
function person(name) {
  at("status").textContent = name ? words.staff.replace("{name}", name) : words.status;
  at("status").classList.toggle("person", Boolean(name));
}

function trouble(kind) {
  at("note").textContent = kind ? words[kind] : "";
  if (kind) typing(false);
}

// --- deep-chat ---------------------------------------------------------------------------------------------

async function build() {
  window.remarkable_plugins = [plainText];
  await import(page.deepchat);
  const made = document.createElement("deep-chat");
  made.style.fontFamily = "var(--font)"; // set before it is attached, or deep-chat calls a font host
  Object.assign(made.style, { border: "0", borderRadius: "0", background: "transparent", width: "100%", height: "100%" });
  made.auxiliaryStyle = STYLE;
  made.connect = { websocket: true, handler: (_, signals) => { signals.onOpen(); signals.newUserMessage.listener = typed; } };
  made.textInput = {
    characterLimit: page.most,
    placeholder: { text: words.placeholder, style: { color: "var(--soft)" } },
    styles: {
      container: { width: "calc(100% - 24px)", maxHeight: "9em", border: "1px solid var(--line)", borderRadius: "22px",
        boxShadow: "none", margin: "4px 0 10px", color: "var(--ink)" },
      text: { fontSize: "15px", lineHeight: "1.45", padding: "10px 48px 10px 16px", color: "var(--ink)" },
      focus: { border: "1px solid var(--link)" },
    },
  };
  const button = { container: { default: { backgroundColor: "var(--accent)", borderRadius: "50%", width: "34px", height: "34px", right: "16px", bottom: "12px" } },
    svg: { styles: { default: { filter: page.onAccent || "brightness(0) invert(1)" } } } };
  const off = { container: { default: { ...button.container.default, backgroundColor: "var(--line)" } }, svg: button.svg };
  made.submitButtonStyles = { submit: button, disabled: off, loading: button };
  made.messageStyles = {
    default: { shared: { bubble: { maxWidth: "", backgroundColor: "", color: "" } }, user: { bubble: { backgroundColor: "var(--accent)", color: "var(--on-accent)" } } },
  };
  await new Promise((settled) => {
    let timer;
    made.onComponentRender = () => { // deep-chat may render again when properties arrive: wait until it is done
      clearTimeout(timer);
      timer = setTimeout(settled, 80);
      label(made);
    };
    at("talk").append(made);
  });
  chat = made;
  label();
  chat.shadowRoot.addEventListener("click", chosen);
  chat.shadowRoot.addEventListener("keydown", composing, true);
}

/** Names and roles that deep-chat leaves out. */
function label(made = chat) {
  const root = made.shadowRoot;
  if (chat) chat.setPlaceholderText(words.placeholder); // which also becomes the input's label: ours comes after
  Object.entries({ role: "log", "aria-live": "polite", "aria-relevant": "additions", tabindex: "0", "aria-label": words.messages })
    .forEach(([name, value]) => root.getElementById("messages").setAttribute(name, value));
  const input = root.getElementById("text-input");
  Object.entries({ role: "textbox", "aria-multiline": "true", "aria-label": words.write, enterkeyhint: "send" })
    .forEach(([name, value]) => input.setAttribute(name, value));
  for (const one of root.querySelectorAll(".input-button")) {
    one.setAttribute("aria-label", words.send);
    one.setAttribute("role", "button");
  }
}

/** Enter that ends the composing of a Chinese word must not send (Safari says so by its key code only). */
function composing(event) {
  if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.stopPropagation();
}

const add = (message) => chat.addMessage(message);
const typing = (yes) => {
  if (!yes) dots.remove();
  if (!yes || !chat) return;
  dots.innerHTML = `<span class="typing"><i></i><i></i><i></i><span class="unseen">${escaped(words.typing)}</span></span>`;
  messages().append(dots);
  messages().scrollTop = messages().scrollHeight;
};

// --- what is said ------------------------------------------------------------------------------------------

function typed(body) {
  const text = (body.messages || []).map((one) => one.text || "").join("\n").trim();
  if (!text) return;
  used();
  wire.say({ text });
  typing(true);
}

function tap(payload, title) {
  if (!chat) return;
  shut();
  add({ role: "user", text: title });
  wire.say({ payload, title });
  typing(true);
  chat.scrollToBottom();
}

function chosen(event) {
  const button = event.composedPath().find((one) => one.classList?.contains("choice"));
  if (!button || button.disabled) return;
  close(button.parentElement, button);
  tap(button.dataset.payload, button.textContent);
  chat.focusInput();
}

/** Buttons are over once one of them was tapped. */
function close(group, taken) {
  for (const one of group.children) one.disabled = true;
  taken?.classList.add("taken");
}

/** In the history: the buttons that were tapped then. */
function used(title) {
  const groups = [...messages().querySelectorAll(".choices")].reverse();
  for (const group of title === undefined ? [] : groups) {
    const taken = [...group.children].find((one) => one.textContent === title && !one.disabled);
    if (taken) return close(group, taken);
  }
}

function heard(items, unasked) {
  for (const item of items) {
    if (shown.has(item.id)) continue;
    typing(false);
    show(item);
    if (unasked && !visible) tell({ dripwise: "unread", unread: ++unread });
  }
  typing(wire.queue.length > 0); // a colleague answers in their own time
}

function show(item) {
  shown.add(item.id);
  wire.saw(item.id);
  if (!chat) return;
  dated(item.at ? new Date(item.at) : new Date());
  if (item.side === "customer") {
    add({ role: "user", text: item.text });
    used(item.text);
    return;
  }
  add({ role: "ai", html: bubble(item, words) });
  if (item.name) person(item.name); // a colleague speaks, or is said to be here
  else if (item.sender === "bot") person(null);
}

function dated(when) {
  const date = when.toDateString();
  if (date === day) return;
  const days = Math.round((new Date(new Date().toDateString()) - new Date(date)) / 864e5);
  if (day || days) add({ role: "ai", html: divider(days === 0 ? words.today : days === 1 ? words.yesterday
    : new Intl.DateTimeFormat(language, { month: "long", day: "numeric", ...(days > 300 && { year: "numeric" }) }).format(when)) });
  day = date;
}

// --- coming and going --------------------------------------------------------------------------------------

const open = () => (beginning ??= begin().catch((error) => { beginning = null; failed(error); }));

async function begin() {
  await build();
  await wire.open();
  wire.last = 0;
  shown.clear();
  const items = await wire.history();
  messages().setAttribute("aria-live", "off");
  for (const item of items) show(item);
  at("loading")?.remove();
  const last = items.at(-1);
  for (const one of wire.queue) add({ role: "user", text: one.text || one.title });
  if (!last || Date.now() - new Date(last.at) > page.silence * 1000) greet();
  wire.flush();
  wire.listen();
  document.addEventListener("visibilitychange", caughtUp);
  messages().setAttribute("aria-live", "polite");
  chat.scrollToBottom();
  opened = true;
  if (visible) chat.focusInput();
}

/** A new contact begins: the shop speaks first. */
function greet() {
  if (wire.queue.some((one) => one.payload === "start")) return;
  wire.say({ payload: "start" });
  typing(true);
}

async function caughtUp() {
  if (document.hidden || !wire.token || wire.busy) return;
  for (const item of await wire.history().catch(() => [])) if (!shown.has(item.id)) show(item);
}

async function anew() {
  shut();
  await wire.open(true);
  typing(false);
  chat.clearMessages(true);
  day = "";
  add({ role: "ai", html: divider(words.new_begins) });
  greet();
  chat.focusInput();
}

/** Something that was shared is wanted: said like a tapped button, once. */
function make({ made, title }) {
  if (!/^made:[\w-]{20,40}$/.test(made || "") || made === taken || !chat) return;
  taken = made;
  tell({ dripwise: "made" });
  tap(made, String(title).slice(0, 60));
}

function failed(error) {
  console.error("dripwise", error);
  const again = document.createElement("button");
  again.type = "button";
  again.className = "button";
  again.textContent = words.again;
  again.addEventListener("click", () => location.reload());
  at("loading")?.replaceChildren(words.failed, document.createElement("br"), again);
}

// --- menu, Telegram, frame -----------------------------------------------------------------------------------

function shut(focus = false) {
  at("menu").hidden = true;
  at("more").setAttribute("aria-expanded", "false");
  if (focus) at("more").focus();
}

async function telegram() {
  shut();
  const { url } = await (await wire.call("POST", "links")).json();
  if (!url.startsWith("https://t.me/")) return;
  at("card").innerHTML = `<p>${escaped(words.telegram_ready)}</p><div class="row"><a class="button" target="_blank" rel="noopener noreferrer" href="${escaped(url)}">`
    + `${escaped(words.telegram_open)}</a><button type="button" class="button quiet">${escaped(words.dismiss)}</button></div><p class="terms">${escaped(words.telegram_terms)}</p>`;
  at("card").hidden = false;
  at("card").addEventListener("click", () => { at("card").hidden = true; }, { once: true });
  at("card").querySelector("a").focus();
}

const leave = () => { shut(); tell({ dripwise: "close" }); };

at("more").addEventListener("click", () => {
  const opening = at("menu").hidden;
  at("menu").hidden = !opening;
  at("more").setAttribute("aria-expanded", String(opening));
  if (opening) at("menu").querySelector("button").focus();
});
at("close").addEventListener("click", leave);
document.querySelector('[data-do="know"]').addEventListener("click", () => tap("know", words.menu.know));
document.querySelector('[data-do="new"]').addEventListener("click", () => anew().catch(() => trouble("not_sent")));
document.querySelector('[data-do="telegram"]').addEventListener("click", () => telegram().catch(() => trouble("refused")));
for (const one of document.querySelectorAll("[data-language]")) {
  one.addEventListener("click", () => {
    memory.set("language", one.dataset.language);
    speak(one.dataset.language);
    shut(true);
    if (opened) tap(`language:${language}`, words.menu.language);
  });
}
document.addEventListener("click", (event) => { if (!event.target.closest("#menu, #more")) shut(); });
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (!at("menu").hidden) shut(true);
  else if (framed) leave();
});
window.addEventListener("message", (event) => {
  if (event.source !== window.parent || !event.data?.dripwise) return;
  visible = event.data.dripwise === "open";
  if (!visible) return;
  unread = 0;
  open().then(() => make(event.data)).then(() => chat?.focusInput());
});

dress();
speak(language);
if (framed) {
  if (wire.token) wire.history().then(() => wire.listen()).catch(() => {});
  tell({ dripwise: "ready" });
} else open();
