// The editor: formatting marks round what is selected. Without it the field takes Markdown as it is typed.
const area = document.querySelector("textarea[data-markdown]");
const bar = document.querySelector("[data-toolbar]");

const around = (before, after = before) => {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const chosen = value.slice(start, end);
  area.setRangeText(before + chosen + after, start, end, "end");
  area.setSelectionRange(start + before.length, start + before.length + chosen.length);
  area.focus();
};

const lines = (mark) => {
  const { selectionStart, selectionEnd, value } = area;
  const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const text = value.slice(start, selectionEnd);
  area.setRangeText(text.split("\n").map((line) => mark + line).join("\n"), start, selectionEnd, "end");
  area.focus();
};

const acts = {
  bold: () => around("**"),
  italic: () => around("*"),
  heading: () => lines("## "),
  list: () => lines("- "),
  tasks: () => lines("- [ ] "),
  quote: () => lines("> "),
  link: () => around("[[", "]]"),
  table: () => around("\n| | |\n|---|---|\n| | |\n", ""),
};

if (area && bar) {
  bar.hidden = false;
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-act]");
    if (button) acts[button.dataset.act]?.();
  });
  area.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const act = { b: "bold", i: "italic" }[event.key.toLowerCase()];
    if (act) {
      event.preventDefault();
      acts[act]();
    }
  });
}

// Leaving with words that were not sent asks first.
const form = area?.form;
let sent = false;
form?.addEventListener("submit", () => { sent = true; });
const start = area?.value;
addEventListener("beforeunload", (event) => {
  if (!sent && area && area.value !== start) event.preventDefault();
});
