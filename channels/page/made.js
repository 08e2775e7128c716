// "Make it mine" opens the chat and says so there.
const chat = () => new Promise((ready) => {
  const look = () => (window.dripwise ? ready(window.dripwise) : setTimeout(look, 60));
  look();
});
for (const one of document.querySelectorAll("[data-make]")) {
  one.addEventListener("click", async () => (await chat()).make(one.dataset.make, one.dataset.title));
}
for (const one of document.querySelectorAll("[data-open]")) {
  one.addEventListener("click", async () => (await chat()).open());
}
