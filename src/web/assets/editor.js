// The editor: formatting marks round what is selected, the preview beside the text, drafts that save themselves. Without it the
// field takes Markdown as it is typed, and buttons of the form do the rest.
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
  preview: () => looked(),
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
let kept = area?.value;
let timer;
let saving;
form?.addEventListener("submit", (event) => {
  if (form.dataset.sure !== "yes") return;
  clearTimeout(timer);
  if (!saving) {
    sent = true;
    return;
  }
  // A draft that is just being saved is named first: the note that is sent then takes its place.
  event.preventDefault();
  const { submitter } = event;
  saving.then(() => {
    form.dataset.sure = "yes";
    form.requestSubmit(submitter);
    delete form.dataset.sure;
  });
});
addEventListener("beforeunload", (event) => {
  if (!sent && area && area.value !== kept) event.preventDefault();
});

// The preview is a page of the server's, made as the note will be: its document is asked for, and its part taken over. No string
// becomes HTML here: Trusted Types allow none.
const beside = document.querySelector("[data-preview]");
const told = document.querySelector("[data-preview-told]");
let asked = 0;
const preview = () => {
  const mine = (asked += 1);
  const request = new XMLHttpRequest();
  request.open("POST", "/notes/preview");
  request.responseType = "document";
  request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
  request.onload = () => {
    const part = request.response?.querySelector("[data-preview-body]");
    if (mine !== asked) return;
    if (part) beside.replaceChildren(document.importNode(part, true));
    told.textContent = part ? "" : told.dataset.failed;
  };
  request.onerror = () => { told.textContent = told.dataset.failed; };
  const some = new URLSearchParams();
  for (const name of ["body", "language", "space"]) some.set(name, form.elements[name]?.value ?? "");
  request.send(some.toString());
};
const looked = () => {
  beside.hidden = !beside.hidden;
  beside.parentElement.classList.toggle("single", beside.hidden);
  bar.querySelector("[data-act=preview]").setAttribute("aria-pressed", String(!beside.hidden));
  if (!beside.hidden) preview();
};

// A draft saves itself some seconds after typing stops, sealed on the server; nothing of it stays in the browser.
const QUIET = 4000;
const AGAIN = 20_000;
const state = form?.querySelector("[data-savestate]");
const headers = () => ({
  "Vigie-Working": document.documentElement.dataset.working, "Accept-Language": document.documentElement.lang,
});
const typed = () => {
  const fields = {};
  const places = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== "string" || ["token", "draft", "draft-version", "space"].includes(name)) continue;
    const place = name.startsWith("source-") ? `.${(places[name] = (places[name] ?? -1) + 1)}` : "";
    // Nothing new is typed over version 0.
    if (value && !(name === "over" && value === "0")) fields[name + place] = value;
  }
  return { space: form.elements.space?.value || null, note: form.dataset.note ?? null, form: fields };
};
const show = (what, text) => {
  state.dataset.state = what;
  state.textContent = text;
};
let tag = form?.dataset.tag;
const request = (method, path, more, body) => fetch(`/api/v1${path}`, {
  method, body, headers: { ...headers(), "Content-Type": "application/json", ...more },
});
const saved = async () => {
  const text = area.value;
  const body = JSON.stringify(typed());
  const { draft, "draft-version": version } = form.elements;
  try {
    if (draft.value && !tag) {
      const there = await fetch(`/api/v1/drafts/${draft.value}`, { headers: headers() });
      // Another version than this page knows is another window's: this text becomes a draft of its own.
      if (there.ok && String((await there.json()).version) === version.value) tag = there.headers.get("etag");
    }
    let answer = draft.value && tag ? await request("PUT", `/drafts/${draft.value}`, { "If-Match": tag }, body) : null;
    if (!answer || [403, 404, 412].includes(answer.status)) {
      answer = await request("POST", "/drafts", { "Idempotency-Key": crypto.randomUUID() }, body);
    }
    const said = await answer.json();
    if (!answer.ok) throw new Error(said.detail);
    tag = answer.headers.get("etag");
    draft.value = said.id;
    version.value = said.version;
    kept = text;
    show("saved", state.dataset.saved.replace("HH:MM", `${said.modified.slice(11, 16)} UTC`));
  } catch (error) {
    // A refusal says why; a server that is not there says nothing.
    show("lost", [state.dataset.lost, error instanceof TypeError ? "" : error.message].join(" ").trim());
    later(AGAIN);
  }
};
const save = () => {
  if (sent) return;
  if (saving) return later(QUIET);
  saving = saved().finally(() => { saving = undefined; });
};
const later = (milliseconds) => {
  clearTimeout(timer);
  timer = setTimeout(save, milliseconds);
};
form?.addEventListener("input", () => {
  // Once, so that nothing is read aloud at every letter.
  if (state.dataset.state !== "dirty" && state.dataset.state !== "lost") show("dirty", state.dataset.dirty);
  later(QUIET);
  if (beside && !beside.hidden) {
    clearTimeout(form.look);
    form.look = setTimeout(preview, 800);
  }
});
