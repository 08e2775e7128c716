// Messages as HTML. Whatever anybody said is text: escaped, without markdown, with http(s) links only.

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const LINK = /https?:\/\/[^\s<>"'，。；！？、（）「」]+[^\s<>"'，。；！？、（）「」.,;:!?)\]]/g;

export const escaped = (text) => String(text).replace(/[&<>"']/g, (one) => ENTITIES[one]);

/** Text as HTML, a line each; numbered lines hang by their number. */
export const readable = (text) => String(text).split("\n")
  .map((line) => `<span class="line${/^\d+[.、] ?/.test(line) ? " numbered" : ""}">${linked(line) || "<br>"}</span>`).join("");

function linked(text) {
  let html = "", from = 0;
  for (const match of text.matchAll(LINK)) {
    const link = escaped(match[0]);
    html += escaped(text.slice(from, match.index));
    html += `<a href="${link}" target="_blank" rel="noopener noreferrer nofollow">${link}</a>`;
    from = match.index + match[0].length;
  }
  return html + escaped(text.slice(from));
}

/** deep-chat reads markdown in what customers type: this is put in its place. */
export const plainText = { plugin: (markdown) => { markdown.render = (text) => `<p dir="auto">${readable(text)}</p>`; } };

export function bubble(item, words) {
  const name = item.side === "shop" && item.sender === "staff" && item.name;
  const speaker = item.side === "shop" ? words.shop_says.replace("{name}", name || words.shop) : words.you;
  const image = /^\/shop\/images\/[\w.-]+$/.test(item.image || "") ? item.image : null;
  const choices = (item.buttons || []).map((button) =>
    `<button type="button" class="choice" data-payload="${escaped(button.payload)}">${escaped(button.title)}</button>`).join("");
  return `<div class="say" data-id="${escaped(item.id)}"><span class="unseen">${escaped(speaker)}</span>`
    + (name ? `<p class="name">${escaped(name)}</p>` : "")
    + (image ? `<img src="${image}" alt="${escaped(words.picture)}" loading="lazy">` : "")
    + (item.text ? `<p dir="auto">${readable(item.text)}</p>` : "")
    + (choices ? `<div class="choices" role="group">${choices}</div>` : "") + "</div>";
}

export const divider = (text) => `<div class="divider">${escaped(text)}</div>`;

/** Inside deep-chat's shadow root. Colours are the page's variables, which shadow roots inherit. */
export const STYLE = `
  #messages { padding: 14px 4px 6px; scrollbar-width: thin; scrollbar-color: var(--line) transparent; }
  .message-bubble { max-width: min(84%, 34em); margin-top: 4px; margin-bottom: 4px; padding: 9px 14px; border-radius: 18px;
    font-size: 15px; line-height: 1.55; overflow-wrap: anywhere; unicode-bidi: isolate; }
  .message-bubble p { margin: 0; } .message-bubble p + p { margin-top: 8px; }
  .line { display: block; }
  .numbered { padding-inline-start: 1.35em; text-indent: -1.35em; margin-top: 5px; }
  .numbered + .line:not(.numbered) { margin-top: 7px; }
  .user-message-text { background: var(--accent); color: var(--on-accent); border-end-end-radius: 6px; }
  .ai-message-text, .html-message { background: var(--raised); color: var(--ink); border: 1px solid var(--line); border-end-start-radius: 6px; }
  .user-message-text a { color: inherit; } .html-message a { color: var(--link); text-underline-offset: 2px; }
  .html-message:has(.divider) { background: none; border: 0; max-width: 100%; width: 100%; padding: 2px; margin: 6px 0; }
  .inner-message-container:has(.divider) { width: 100%; }
  .divider { font-size: 12px; color: var(--soft); text-align: center; }
  .html-message:has(.choices) { max-width: min(92%, 36em); }
  .say .name { font-size: 12.5px; font-weight: 650; color: var(--link); margin-bottom: 2px; }
  .say img { display: block; width: 100%; max-width: 280px; max-height: 220px; object-fit: contain; border-radius: 12px; margin: 3px 0 9px; }
  .choices { display: flex; flex-wrap: wrap; gap: 7px; margin: 10px 0 4px; }
  .choice { font: inherit; font-size: 14px; line-height: 1.35; min-height: 36px; padding: 6px 14px; border-radius: 18px; cursor: pointer;
    border: 1px solid var(--link); background: none; color: var(--link); text-align: start; transition: background .12s ease; }
  .choice:hover:enabled { background: var(--tint); }
  .choice:focus-visible, a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
  .choice:disabled { cursor: default; border-color: var(--line); color: var(--soft); }
  .choice.taken:disabled { border-color: var(--link); background: var(--tint); color: var(--ink); }
  .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  .waiting { width: fit-content; margin: 4px 12px; padding: 5px 14px; border: 1px solid var(--line); border-radius: 18px; border-end-start-radius: 6px; background: var(--raised); }
  .typing { display: flex; gap: 4px; padding: 9px 2px; }
  .typing i { width: 6px; height: 6px; border-radius: 50%; background: var(--soft); animation: drip 1.2s infinite ease-in-out; }
  .typing i:nth-child(2) { animation-delay: .15s; } .typing i:nth-child(3) { animation-delay: .3s; }
  @keyframes drip { 0%, 60%, 100% { opacity: .3; transform: none; } 30% { opacity: 1; transform: translateY(-3px); } }
  #text-input-container { background: var(--raised) !important; }
  .input-button { display: grid !important; place-items: center; }
  .input-button svg, #submit-icon { position: static !important; width: 18px !important; height: 18px !important; margin: 0 !important; transform: none !important; }
  #text-input:focus-visible { outline: none; }
  #messages:focus-visible { outline: 2px solid var(--link); outline-offset: -3px; }
  @media (prefers-reduced-motion: reduce) { .typing i { animation: none; opacity: .7; } .choice { transition: none; } }
  @media (forced-colors: active) { .message-bubble { border: 1px solid; } }
`;
