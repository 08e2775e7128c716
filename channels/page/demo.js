// The demo page's own button opens the chat.
for (const one of document.querySelectorAll("[data-chat]")) {
  one.addEventListener("click", () => window.dripwise?.open());
}
