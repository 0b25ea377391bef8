"use strict";
// The texts of rules and models are hostile: they are shown by the page of a trace alone, in a frame
// that can reach nothing here.
const byId = (id) => document.getElementById(id);

async function unpacked(element) {
  const bytes = Uint8Array.from(atob(element.textContent), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

async function show(number) {
  const [template, view] = await Promise.all([
    unpacked(byId("template")), unpacked(byId("trace-" + number)),
  ]);
  const title = JSON.stringify([JSON.parse(view).title]).replaceAll("<", "\\u003c");
  byId("trace").showModal(); // first, so that the page knows how high it is
  byId("frame").srcdoc = template
    .replace('{"title":"@title"}', () => view)
    .replace('["@title"]', () => title);
}

byId("close").addEventListener("click", () => byId("trace").close());
byId("trace").addEventListener("close", () => { byId("frame").srcdoc = ""; });
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-trace]");
  if (link) {
    event.preventDefault();
    show(link.dataset.trace);
  }
});
byId("filter")?.addEventListener("input", (event) => {
  const wanted = event.target.value.toLowerCase();
  for (const row of byId("wrong").tBodies[0].rows) {
    row.hidden = !row.textContent.toLowerCase().includes(wanted);
  }
});
