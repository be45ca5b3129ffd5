// What makes the pages quicker. Everything they do works without it. No string becomes HTML here: Trusted Types allow none.

const root = document.documentElement;
const make = (name, props = {}, ...children) => {
  const made = Object.assign(document.createElement(name), props);
  made.append(...children);
  return made;
};

// Buttons that need a script show themselves.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.setAttribute("aria-pressed", "true");
  });
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// A picture larger than its window begins at the note that it is drawn around.
for (const map of document.querySelectorAll(".map")) {
  const [here, whole] = [map.querySelector(".here"), map].map((part) => part?.getBoundingClientRect());
  if (!here) continue;
  map.scrollLeft += here.left + here.width / 2 - whole.left - whole.width / 2;
  map.scrollTop += here.top + here.height / 2 - whole.top - whole.height / 2;
}

// Ctrl+Enter sends the form one writes in.
addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target instanceof HTMLTextAreaElement) {
    event.target.form?.requestSubmit();
  }
});

// A form that somebody types into is sent once the server has answered a question that costs nothing. When it does not (network
// cut, certificate expired or revoked, out of service), the page stays, and all that was typed with it.
const reached = async () => {
  try {
    const sign = document.querySelector("link[rel=icon]").href;
    return (await fetch(sign, { cache: "no-store", signal: AbortSignal.timeout(15_000) })).ok ? "yes" : "busy";
  } catch {
    return "offline";
  }
};
const tell = (form, submitter, text) => {
  form.querySelector("[data-told]")?.remove();
  const told = make("p", { className: "notice", textContent: text });
  told.setAttribute("role", "alert");
  told.dataset.told = "";
  (submitter?.closest(".actions, .composer-foot") ?? form.lastElementChild).before(told);
  told.scrollIntoView({ block: "nearest" });
};
addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || form.dataset.sure || form.getAttribute("method") !== "post") return;
  if (!form.querySelector("textarea, input[type=text]")) return;
  event.preventDefault();
  const words = document.body.dataset;
  const bytes = new URLSearchParams(new FormData(form, submitter)).toString().length;
  if (bytes > Number(words.bytes)) return tell(form, submitter, words.long);
  const answer = await reached();
  if (answer !== "yes") return tell(form, submitter, words[answer]);
  form.dataset.sure = "yes";
  form.requestSubmit(submitter);
  delete form.dataset.sure;
});

// A box of a task list is saved as it is ticked, and the page stays where it is; the button does the same without a script.
const posted = (path, body) => new Promise((done, failed) => {
  const request = new XMLHttpRequest();
  request.open("POST", path);
  // The browser makes a document of the answer, in which nothing runs: no string becomes HTML here.
  request.responseType = "document";
  request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
  request.onload = () => (request.response ? done({ ok: request.status < 400, page: request.response }) : failed(new Error()));
  request.onerror = failed;
  request.send(body);
});
for (const form of document.querySelectorAll("form[data-ticks]")) {
  const status = make("p", { className: "why" });
  status.setAttribute("role", "status");
  form.querySelector(".actions").replaceWith(status);
  let queue = Promise.resolve();
  const boxes = (of) => [...of.querySelectorAll("form[data-ticks] input[name=task]")];
  const save = async () => {
    const body = new URLSearchParams(new FormData(form)).toString();
    try {
      const { ok, page } = await posted(form.getAttribute("action"), body);
      const token = page.querySelector("form[data-ticks] input[name=token]");
      if (token) form.elements.token.value = token.value;
      status.textContent = ok ? form.dataset.saved : (page.querySelector("main .notice")?.textContent ?? document.body.dataset.busy);
      status.classList.toggle("notice", !ok);
      if (!ok && token) {
        const there = boxes(page);
        for (const [place, box] of boxes(document).entries()) box.checked = there[place]?.checked ?? box.checked;
      }
    } catch {
      status.textContent = document.body.dataset.offline;
      status.classList.add("notice");
    }
  };
  form.addEventListener("change", () => { queue = queue.then(save); });
}

// What the JSON interface gives at this working label; nothing when it does not answer.
const get = async (path) => {
  try {
    const answer = await fetch(`/api/v1${path}`, { headers: { "Vigie-Working": root.dataset.working, "Accept-Language": root.lang } });
    return answer.ok ? await answer.json() : undefined;
  } catch {
    return undefined;
  }
};
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// What is being typed is asked for once the fingers rest: each question is an entry of the journal. `show` gets what is offered, null
// while there is too little to ask; without an answer what stands there stays.
const REST = 250;
const suggested = (field, show) => {
  let timer;
  let turn = 0;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    const mine = (turn += 1);
    const text = field.value.trim();
    if ([...text].length < 2) return show(null);
    timer = setTimeout(async () => {
      const found = await get(`/suggest?q=${encodeURIComponent(text)}`);
      if (found && mine === turn) show(found);
    }, REST);
  });
};
// A line of a result, its sought words marked. Places count characters, not the halves that strings are made of here.
const lit = ({ text, highlights }) => {
  const signs = [...text];
  const parts = [];
  let at = 0;
  for (const [from, until] of highlights) {
    parts.push(signs.slice(at, from).join(""), make("mark", { textContent: signs.slice(from, until).join("") }));
    at = until;
  }
  return [...parts, signs.slice(at).join("")];
};
const day = (moment) => new Date(moment).toLocaleDateString(root.lang, { timeZone: "UTC", day: "2-digit", month: "2-digit", year: "numeric" });

// Notes to choose from, as one types; the form's own button searches further.
const picks = document.querySelector("[data-picks]");
if (picks) {
  const recent = [...picks.querySelectorAll(".pick")];
  const id = (row) => row.querySelector("input").value;
  const pick = (note) => make("label", { className: "pick" }, chip(note.label),
    make("input", { type: "radio", name: "to", value: note.id, required: true }),
    make("span", {}, ...lit(note.title)), make("small", { textContent: day(note.modified) }));
  suggested(picks.form.elements.q, (found) => {
    const chosen = picks.querySelector("input:checked")?.closest(".pick");
    const all = found ? found.notes.filter((note) => note.id !== picks.dataset.note).map(pick) : recent;
    const rows = all.filter((row) => row === chosen || !chosen || id(row) !== id(chosen));
    if (chosen && !rows.includes(chosen)) rows.unshift(chosen);
    if (!all.length) rows.push(make("p", { className: "muted", textContent: picks.dataset.none }));
    picks.replaceChildren(picks.querySelector("legend"), ...rows);
  });
}

// A file goes in parts, each sealed as it comes; what was cut goes on where it stands.
const PART = 4 * 1024 * 1024;
const call = async (method, path, headers, body) => {
  const answer = await fetch(`/api/v1${path}`, {
    method, body, headers: { "Vigie-Working": root.dataset.working, "Accept-Language": root.lang, ...headers },
  });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new Error(said.detail ?? String(answer.status)), { said, status: answer.status });
  return said;
};
const upload = async (note, file, tell) => {
  const json = { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() };
  let state = await call("POST", `/notes/${note}/attachments`, json, JSON.stringify({ name: file.name, size: file.size }));
  for (let tries = 0; !state.complete;) {
    try {
      const part = file.slice(state.offset, state.offset + PART);
      const path = `/attachments/${state.id}/content?offset=${state.offset}`;
      state = await call("PUT", path, { "Content-Type": "application/octet-stream" }, part);
      tries = 0;
    } catch (error) {
      tries += 1;
      if (tries > 5 || (error.status >= 400 && error.status !== 409 && error.status !== 429 && error.status < 500)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1000 * tries));
      state = await call("GET", `/attachments/${state.id}`, {});
    }
    tell(file.size ? state.offset / file.size : 1);
  }
};
for (const form of document.querySelectorAll("form[data-upload]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const [bar, status, button] = ["progress", "[role=status]", "button"].map((what) => form.querySelector(what));
    bar.hidden = false;
    button.disabled = true;
    try {
      await upload(form.dataset.upload, form.querySelector("input[type=file]").files[0], (part) => { bar.value = part; });
      location.reload();
    } catch (error) {
      status.textContent = `${form.dataset.failed} ${error.message}`;
      button.disabled = false;
    }
  });
}

// The palette: notes, tags, spaces, people, commands; and a search for what is typed.
const open = document.querySelector("button[data-palette]");

const commands = () =>
  // But the spaces, which have a group of their own.
  [...document.querySelectorAll(".rail a[href]:not([href^='/spaces/'])")].map((link) => ({
    group: "commands", href: link.getAttribute("href"), text: link.textContent.trim(),
  }));
const listed = (notes) => notes.map((note) => ({
  group: "notes", href: `/notes/${note.id}`, text: note.title.text ?? note.title, title: note.title, more: day(note.modified), label: note.label,
}));

let offers;
const gather = async () => {
  const [spaces, notes, people] = await Promise.all([get("/spaces"), get("/feed?limit=8"), get("/people")]);
  return [
    ...listed(notes?.items ?? []),
    ...(spaces?.items ?? []).map((space) => ({ group: "spaces", href: `/spaces/${space.id}`, text: space.name, label: space.label })),
    ...(people?.items ?? []).map((person) => ({ group: "people", href: `/people/${person.id}`, text: person.display })),
    ...commands(),
  ];
};
// What is sought is content: it goes in a body, not into an address.
const seek = (words) => {
  const form = make("form", { method: "post", action: "/search" }, make("input", { type: "hidden", name: "q", value: words }));
  document.body.append(form);
  form.requestSubmit();
};

const chip = (label) => {
  if (!label) return make("span");
  const made = make("span", { className: "chip", title: label.marking }, make("i", { textContent: label.level }));
  made.dataset.level = label.level;
  // Everybody, or the owner alone, goes without saying in so little room; the whole marking is in the title.
  const [first, ...others] = label.releasable;
  const nations = !others.length || others.length > 4 ? [] : [others.length > 1 ? `${first}\u00a0+${others.length}` : `${first},${others[0]}`];
  for (const word of [...label.categories, ...nations]) made.append(make("i", { className: "rest", textContent: word }));
  made.append(make("span", { className: "sr", textContent: ` ${label.marking}` }));
  return made;
};

// Its words, and those of the list of shortcuts: a name and a text a line.
const worded = () => {
  const words = { keys: [] };
  for (const line of open.dataset.words.split("\n")) {
    const [name, text] = line.split("\t");
    if (name.startsWith("key ")) words.keys.push([name.slice(4), text]);
    else words[name] = text;
  }
  return words;
};
const ROWS = { notes: 6, tags: 4, spaces: 6, people: 6, commands: 12 };
const palette = () => {
  const words = worded();
  const input = make("input", { className: "palette-input", type: "text", autocomplete: "off", spellcheck: false });
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-expanded", "true");
  input.setAttribute("aria-controls", "palette-list");
  input.setAttribute("aria-label", words.label);
  input.placeholder = words.label;
  const list = make("div", { className: "palette-body", id: "palette-list" });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", words.label);
  const dialog = make("dialog", { className: "palette" }, input, list);
  dialog.setAttribute("aria-label", words.label);
  document.querySelector("main").append(dialog);

  let choices = [];
  let chosen = 0;
  let moved = false;
  let found = null;
  const choose = (place) => {
    choices[chosen]?.setAttribute("aria-selected", "false");
    chosen = Math.max(0, Math.min(place, choices.length - 1));
    const now = choices[chosen];
    if (!now) return input.removeAttribute("aria-activedescendant");
    now.setAttribute("aria-selected", "true");
    now.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", now.id);
  };
  const searches = (typed) => [typed, found?.spelling].filter(Boolean).map((text) => ({
    group: "commands", seek: text, text: words.search.replace("%", () => text),
  }));
  const fitting = () => {
    const typed = input.value.trim();
    const parts = plain(typed).split(/\s+/).filter(Boolean);
    const known = (offers ?? commands()).filter((offer) => parts.every((word) => plain(offer.text).includes(word)));
    if (!typed) return known;
    const tags = (found?.tags ?? []).map((tag) => ({ group: "tags", seek: `tag:"${tag.replaceAll('"', "")}"`, text: `#${tag}`, more: words.tag }));
    const notes = found ? listed(found.notes) : known.filter((offer) => offer.group === "notes");
    return [...notes, ...tags, ...searches(typed), ...known.filter((offer) => offer.group !== "notes")];
  };
  const row = (offer) => {
    const title = make("span", {}, ...(offer.title?.text === undefined ? [offer.text] : lit(offer.title)));
    const inside = [chip(offer.label), title, make("small", { textContent: offer.more ?? "" })];
    const made = offer.seek === undefined
      ? make("a", { href: offer.href }, ...inside)
      : make("button", { type: "button" }, ...inside);
    if (offer.seek !== undefined) made.addEventListener("click", () => seek(offer.seek));
    Object.assign(made, { className: "choice", id: `choice-${choices.length}`, tabIndex: -1 });
    made.dataset.key = offer.href ?? offer.seek;
    made.setAttribute("role", "option");
    made.setAttribute("aria-selected", "false");
    choices.push(made);
    return made;
  };
  const show = () => {
    // A place that stands chosen stays so; what is only sought for want of better makes way.
    const now = choices[chosen];
    const held = moved || (input.value.trim() && now?.href) ? now?.dataset.key : undefined;
    const all = fitting();
    list.replaceChildren();
    choices = [];
    for (const group of ["notes", "tags", "spaces", "people", "commands"]) {
      const some = all.filter((offer) => offer.group === group).slice(0, ROWS[group]);
      if (!some.length) continue;
      const box = make("div", {}, make("p", { className: "palette-group", textContent: words[group] }), ...some.map(row));
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", words[group]);
      list.append(box);
    }
    // What comes late does not take away what was chosen meanwhile.
    choose(Math.max(0, choices.findIndex((choice) => choice.dataset.key === held)));
  };
  input.addEventListener("input", () => {
    [moved, found, choices] = [false, null, []];
    show();
  });
  suggested(input, (offered) => {
    found = offered;
    show();
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      moved = true;
      choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter") choices[chosen]?.click();
    else return;
    event.preventDefault();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  return { dialog, input, show };
};

let shown;
const showPalette = async () => {
  shown ??= palette();
  shown.input.value = "";
  shown.input.dispatchEvent(new Event("input"));
  shown.dialog.showModal();
  shown.show();
  offers = await gather();
  shown.show();
};

if (open) {
  open.hidden = false;
  open.addEventListener("click", showPalette);
}

// The list of shortcuts is made of what is on the page.
const help = () => {
  const words = worded();
  const rows = words.keys.map(([key, what]) =>
    make("li", {}, make("kbd", { textContent: key }), make("span", { textContent: ` ${what}` })));
  const close = make("button", { className: "btn", type: "button", textContent: words.close });
  const dialog = make("dialog", { className: "palette help" },
    make("h2", { textContent: words.help }), make("ul", { className: "keys-list" }, ...rows), close);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.querySelector("main").append(dialog);
  dialog.showModal();
};

const go = (selector) => document.querySelector(selector)?.click();
const single = {
  "?": help,
  n: () => go(".rail a[href^='/notes/new']"),
  e: () => go("a[data-key=e]"),
  h: () => go(".rail .nav a[href='/']"),
  m: () => go(".rail .nav a[href='/messages']"),
  // The field that is seen; where none is, the page that has one.
  "/": () => {
    const field = [...document.querySelectorAll("[data-search]")].find((one) => one.checkVisibility());
    if (!field) return location.assign("/search");
    field.focus();
    field.select();
  },
};
addEventListener("keydown", (event) => {
  if (!open || event.isComposing) return;
  // event.key and not its place on the board: AZERTY, QWERTZ and QWERTY mean the same letter.
  if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey) {
    event.preventDefault();
    showPalette();
    return;
  }
  const writing = event.target.closest?.("input, textarea, select, dialog, [contenteditable]");
  if (writing || root.dataset.keys === "off" || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = single[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});
