// Dripwise on a shop's page: <script src="https://…/widget.js" async></script>
// Optional attributes: data-lang="zh-Hant|zh-Hans|en", data-accent="#1f5f4a", data-side="left", data-open.
(() => {
  "use strict";
  const script = document.currentScript;
  if (!script || window.dripwise) return;
  const origin = new URL(script.src).origin;
  const { lang, accent, side, open } = script.dataset;
  const WORDS = /*{words}*/ {};

  const language = (tag) => {
    const parts = String(tag || "").toLowerCase().replace("_", "-").split("-");
    if (parts[0] === "en") return "en";
    if (parts[0] !== "zh" && parts[0] !== "yue") return null;
    return ["tw", "hk", "mo", "hant"].some((place) => parts.includes(place)) ? "zh-Hant" : "zh-Hans";
  };
  const spoken = () =>
    [lang, document.documentElement.lang, ...(navigator.languages || [])].map(language).find(Boolean) || "zh-Hant";

  const STYLE = `
    :host { all: initial; position: fixed; z-index: 2147483000; inset: auto; }
    .bubble { position: fixed; bottom: max(20px, env(safe-area-inset-bottom)); width: 60px; height: 60px; border: 0;
      border-radius: 50%; padding: 0; cursor: pointer; color: var(--on); background: var(--accent);
      box-shadow: 0 1px 2px rgb(0 0 0 / .18), 0 8px 24px rgb(0 0 0 / .22); display: grid; place-items: center;
      transition: transform .18s ease, box-shadow .18s ease; -webkit-tap-highlight-color: transparent; }
    .bubble:hover { transform: translateY(-2px); box-shadow: 0 2px 4px rgb(0 0 0 / .18), 0 12px 30px rgb(0 0 0 / .26); }
    .bubble:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
    .bubble svg { width: 28px; height: 28px; display: block; }
    .bubble .shut { display: none; }
    .bubble[aria-expanded=true] .shut { display: block; }
    .bubble[aria-expanded=true] .talk { display: none; }
    .badge { position: absolute; top: -3px; inset-inline-end: -3px; min-width: 22px; height: 22px; padding: 0 6px;
      box-sizing: border-box; border-radius: 11px; background: #b3261e; color: #fff; border: 2px solid #fff;
      font: 700 12px/18px system-ui, sans-serif; text-align: center; }
    .badge[hidden] { display: none; }
    iframe { position: fixed; bottom: calc(max(20px, env(safe-area-inset-bottom)) + 76px); border: 0; width: 400px;
      height: min(680px, calc(100dvh - 128px)); border-radius: 18px; background: #fbfaf7; color-scheme: normal;
      box-shadow: 0 1px 3px rgb(0 0 0 / .16), 0 18px 56px rgb(0 0 0 / .28); opacity: 0; visibility: hidden;
      transform: translateY(10px); transition: opacity .18s ease, transform .18s ease, visibility 0s .18s; }
    iframe.shown { opacity: 1; visibility: visible; transform: none; transition: opacity .18s ease, transform .18s ease; }
    .right { right: 24px; } .left { left: 24px; }
    @media (prefers-color-scheme: dark) { iframe { background: #161a18; } }
    @media (max-width: 520px), (max-height: 460px) {
      iframe { inset: 0 !important; width: 100%; height: 100%; height: 100dvh; border-radius: 0; }
      .right { right: 16px; } .left { left: 16px; }
      .bubble[aria-expanded=true] { display: none; } }
    @media (prefers-reduced-motion: reduce) { .bubble, iframe, iframe.shown { transition: none; } }
    @media (forced-colors: active) { .bubble { border: 2px solid ButtonText; } }
    @media print { :host { display: none; } }`;

  const dark = (colour) => {
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
      .map((one) => (one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b < 0.18;
  };
  const colour = /^#[0-9a-f]{6}$/i.test(accent || "") ? accent : "#1f5f4a";

  const build = () => {
    const tongue = spoken();
    const words = WORDS[tongue];
    const host = document.createElement("dripwise-chat");
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    host.style.setProperty("--accent", colour);
    host.style.setProperty("--on", dark(colour) ? "#fff" : "#111");
    host.lang = tongue;

    const place = side === "left" ? "left" : "right";
    const frame = document.createElement("iframe");
    const address = new URL("/widget", origin);
    address.searchParams.set("lang", tongue);
    if (colour !== "#1f5f4a") address.searchParams.set("accent", colour.slice(1));
    frame.id = "chat";
    frame.className = place;
    frame.title = words.title;
    frame.tabIndex = -1;
    frame.setAttribute("allow", "clipboard-write");

    const bubble = document.createElement("button");
    bubble.type = "button";
    bubble.className = `bubble ${place}`;
    bubble.setAttribute("aria-expanded", "false");
    bubble.setAttribute("aria-controls", "chat");
    bubble.setAttribute("aria-label", words.open);
    bubble.innerHTML = `<svg class="talk" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8"
      stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M21 11.5a8.4 8.4 0 0 1-12.2 7.5L3.5 20.5
      5 15.6A8.4 8.4 0 1 1 21 11.5Z"/><path d="M8.6 11.6h.01M12.4 11.6h.01M16.2 11.6h.01" stroke-width="2.4"/></svg>
      <svg class="shut" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"
      aria-hidden="true"><path d="m6 9.5 6 6 6-6"/></svg>`;
    const badge = document.createElement("span");
    badge.className = "badge";
    badge.hidden = true;
    bubble.append(badge);
    root.append(frame, bubble);
    document.body.append(host);

    let wanted = {}; // what is to be made, told with the next "open"
    const tell = (what) => {
      if (!frame.contentWindow) return;
      frame.contentWindow.postMessage({ dripwise: what, ...(what === "open" && wanted) }, origin);
    };
    const load = () => { if (!frame.src) frame.src = address.href; };
    const shown = () => frame.classList.contains("shown");
    const count = (number) => {
      badge.hidden = !number || shown();
      badge.textContent = number > 99 ? "99+" : String(number);
      bubble.setAttribute("aria-label", badge.hidden ? words[shown() ? "close" : "open"]
        : `${words.open} (${words.new_messages.replace("{count}", number)})`);
    };
    const show = (yes) => {
      load();
      frame.classList.toggle("shown", yes);
      frame.tabIndex = yes ? 0 : -1;
      bubble.setAttribute("aria-expanded", String(yes));
      count(0);
      tell(yes ? "open" : "closed");
      if (yes) frame.focus(); else bubble.focus();
    };
    bubble.addEventListener("click", () => show(!shown()));
    document.addEventListener("keydown", (event) => { if (event.key === "Escape" && shown()) show(false); });
    window.addEventListener("message", (event) => {
      if (event.source !== frame.contentWindow || event.origin !== origin || !event.data) return;
      const { dripwise, unread } = event.data;
      if (dripwise === "close") show(false);
      if (dripwise === "unread") count(Number(unread) || 0);
      if (dripwise === "ready" && shown()) tell("open");
      if (dripwise === "made") wanted = {};
    });
    const make = (made, title) => { wanted = { made: String(made), title: String(title) }; show(true); };
    window.dripwise = { open: () => show(true), close: () => show(false), make };
    (window.requestIdleCallback || ((then) => setTimeout(then, 300)))(load);
    if (open !== undefined) show(true);
  };
  if (document.body) build(); else document.addEventListener("DOMContentLoaded", build);
})();
