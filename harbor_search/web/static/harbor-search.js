// The search box: suggestions under any field (Suggestions), and <harbor-search> for pages of other sites.
//
//   <script type="module" src="https://search.example.org/harbor-search.js"></script>
//   <harbor-search endpoint="https://search.example.org"><a href="https://search.example.org/">Search</a></harbor-search>
//
// The server puts the texts of its own language in the place of the English ones below.

export const TEXTS = /* texts */ {
  language: "en",
  direction: "ltr",
  search: "Search",
  placeholder: "Search articles",
  label: "Search the articles",
  suggestions: "Suggestions",
  articles: "Articles",
  recent: "Recent searches",
  forget: "Clear recent searches",
  forgotten: "Recent searches are cleared.",
  available: "Suggestions available: {num}. Move with the arrow keys.",
  none: "No suggestions. Press Enter to search.",
  offline: "You are offline. The search works again once you are connected.",
  failed: "The search cannot be reached at the moment.",
  retry: "Try again",
  match: "Match {at} of {all}",
  previous: "Previous match",
  next: "Next match",
} /* end of texts */;

const WAIT_MS = 120; // Between two letters of a fast typist there are about as many.
const SAY_MS = 700; // Screen readers finish echoing what was typed before they are told more.
const REMEMBERED = 60; // Answers kept, so that going back letter by letter asks nothing.
const RECENT = 6;
const OWN = new URL("./", import.meta.url).href;

let ids = 0;

export const filled = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

export const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

const ICONS = {
  lens: "M8.5 3a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11Zm4.3 9.8 4.2 4.2",
  clock: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14Zm0 3.5V10l2.5 2",
  page: "M5.5 3h6l3 3v11h-9Zm2.5 6h4m-4 3h4",
};

const icon = (shape) => {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  for (const [key, value] of Object.entries({ viewBox: "0 0 20 20", width: 20, height: 20, class: "hs-icon", "aria-hidden": "true" })) {
    picture.setAttribute(key, value);
  }
  path.setAttribute("d", ICONS[shape]);
  picture.append(path);
  return picture;
};

// The words of `query` in `text` stand out; all of it stays text.
const withMarks = (text, query) => {
  const words = query.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  if (!words.length) return [text];
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.join("|")})`, "giu");
  const pieces = [];
  let end = 0;
  for (const found of text.matchAll(pattern)) {
    pieces.push(text.slice(end, found.index), element("mark", {}, found[0]));
    end = found.index + found[0].length;
  }
  return [...pieces, text.slice(end)];
};

// What was searched for from this browser; it never leaves it.
export class Recent {
  constructor(on = true) {
    this.on = on;
  }

  list() {
    if (!this.on) return [];
    try {
      const found = JSON.parse(localStorage.getItem("harbor-search.recent") ?? "[]");
      return Array.isArray(found) ? found.filter((each) => typeof each === "string").slice(0, RECENT) : [];
    } catch {
      return []; // No storage, or somebody else's.
    }
  }

  add(query) {
    const words = query.trim();
    if (!words || !this.on) return;
    this.#keep([words, ...this.list().filter((each) => each !== words)].slice(0, RECENT));
  }

  clear() {
    this.#keep([]);
  }

  #keep(list) {
    try {
      localStorage.setItem("harbor-search.recent", JSON.stringify(list));
    } catch {
      // Private windows and full disks: then nothing is remembered.
    }
  }
}

// One message at a time for screen readers, once typing pauses.
export class Voice {
  #timer = 0;

  constructor(line) {
    this.line = line;
  }

  say(text, after = SAY_MS) {
    clearTimeout(this.#timer);
    if (!text) this.line.textContent = "";
    else this.#timer = setTimeout(() => (this.line.textContent = text), after);
  }
}

// Suggestions under `input`, a combobox as the ARIA Authoring Practices have it ("list autocomplete"): the focus stays in the
// field, nothing is selected before the reader moves, and Enter without a selection searches for what stands there.
//
// `options`: `suggest`, the address to ask; `place`, the element that holds the list; `voice`; `recent`; `article(hit)`, where a
// hit leads; `choose({text, url, section, event})`, called with what was chosen; `status(text)` where the box alone shows it.
export class Suggestions {
  #answers = new Map();
  #asking = null;
  #timer = 0;
  #options = [];
  #active = -1;
  #asked = null;

  constructor(input, options) {
    Object.assign(this, options);
    this.input = input;
    this.texts = { ...TEXTS, ...options.texts };
    this.name = `hs-${++ids}`;
    this.list = element("div", { role: "listbox", id: `${this.name}-list`, "aria-label": this.texts.suggestions });
    this.note = element("p", { class: "hs-note", hidden: "" });
    this.forget = element("button", { type: "button", class: "hs-forget", hidden: "" }, this.texts.forget);
    this.popup = element("div", { class: "hs-popup", part: "popup", hidden: "" }, this.list, this.note, this.forget);
    this.place.append(this.popup);
    const roles = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
    for (const [key, value] of Object.entries(roles)) input.setAttribute(key, value);
    this.#listen();
  }

  get open() {
    return !this.popup.hidden;
  }

  close() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.popup.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.#select(-1);
    this.voice.say("");
  }

  #listen() {
    const { input, popup, forget } = this;
    input.addEventListener("input", (event) => event.isComposing || this.#later());
    input.addEventListener("compositionend", () => this.#later());
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("click", () => this.open || this.#show(input.value.trim() ? undefined : "recent"));
    // Pressing on the list must not take the focus out of the field; the button in it may have it.
    popup.addEventListener("pointerdown", (event) => event.target === forget || event.preventDefault());
    popup.addEventListener("click", (event) => {
      const at = this.#options.findIndex((each) => each.node.contains(event.target));
      if (at >= 0) this.#choose(this.#options[at], event);
    });
    forget.addEventListener("click", () => {
      this.recent.clear();
      input.focus();
      this.close();
      this.voice.say(this.texts.forgotten, 100);
    });
    // Left by Tab or by a press elsewhere.
    for (const each of [input, forget]) {
      each.addEventListener("blur", (event) => [input, forget].includes(event.relatedTarget) || this.close());
    }
    addEventListener("online", () => input.matches(":focus") && this.#asked === "" && this.#ask());
  }

  #key(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const down = event.key === "ArrowDown";
      if (event.altKey && !down) this.close();
      else if (!this.open) this.#show(undefined, event.altKey ? 0 : down ? 1 : -1);
      else this.#move(down ? 1 : -1);
    } else if (event.key === "Enter" && this.#active >= 0) {
      event.preventDefault();
      this.#choose(this.#options[this.#active], event);
    } else if (event.key === "Escape" && this.open) {
      event.preventDefault(); // Else the browser empties the field, and a dialog around it closes.
      event.stopPropagation();
      this.close();
    }
  }

  #later() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    const query = this.input.value.trim();
    if (!query) this.#show("recent");
    else this.#timer = setTimeout(() => this.#ask(), this.#answers.has(query) ? 0 : WAIT_MS);
  }

  // Open with what is known: what was searched for before where the field is empty, else the answer for its words.
  #show(what, move = 0) {
    const query = this.input.value.trim();
    if (what === "recent" || !query) {
      const recent = this.recent.list();
      if (recent.length) this.#fill([[this.texts.recent, recent.map((text) => ({ text, icon: "clock" }))]], "", move);
      else this.close();
      this.forget.hidden = !recent.length;
    } else this.#ask(move);
  }

  async #ask(move = 0) {
    const query = this.input.value.trim();
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    this.#asked = query;
    try {
      const answer = this.#answers.get(query) ?? (await this.#fetch(query, asking.signal));
      if (asking.signal.aborted || this.input.value.trim() !== query || !this.input.matches(":focus")) return;
      this.#remember(query, answer);
      this.#fill(this.#groups(answer), query, move);
    } catch {
      if (asking.signal.aborted) return;
      this.#asked = "";
      this.#fault(navigator.onLine === false ? this.texts.offline : this.texts.failed);
    }
  }

  async #fetch(query, signal) {
    const address = new URL(this.suggest, location.href);
    address.searchParams.set("q", query);
    const response = await fetch(address, { signal, headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(String(response.status));
    return response.json();
  }

  #remember(query, answer) {
    this.#answers.set(query, answer);
    if (this.#answers.size > REMEMBERED) this.#answers.delete(this.#answers.keys().next().value);
  }

  #groups({ suggestions = [], hits = [] }) {
    // Eight fit under a box on a phone: half of each, and more of one where the other has fewer. A title that leads to
    // its article need not be there as a search, too.
    suggestions = suggestions.filter(({ text }) => !hits.some(({ title }) => title === text));
    const articles = hits.slice(0, Math.max(4, 8 - suggestions.length));
    suggestions = suggestions.slice(0, 8 - articles.length);
    const path = (section) => (Array.isArray(section) ? section.join(" › ") : section);
    return [
      [this.texts.suggestions, suggestions.map(({ text, section }) => ({ text, icon: "lens", section, below: path(section) }))],
      [this.texts.articles, articles.map((hit) => ({ text: hit.title || hit.id, icon: "page", url: this.article(hit), below: path(hit.section) }))],
    ];
  }

  #fill(groups, query, move) {
    const filledGroups = groups.filter(([, options]) => options.length);
    this.#options = filledGroups.flatMap(([, options]) => options);
    this.#options.forEach((option, at) => (option.node = this.#node(option, at, query)));
    this.list.replaceChildren(
      ...filledGroups.map(([name, options], at) => {
        const id = `${this.name}-group-${at}`;
        const title = element("div", { class: "hs-group", id, role: "presentation" }, name);
        return element("div", { role: "group", "aria-labelledby": id }, title, ...options.map((each) => each.node));
      }),
    );
    this.list.hidden = false;
    this.note.hidden = this.forget.hidden = true;
    this.#active = -1;
    this.#reveal(this.#options.length > 0);
    const { available, none } = this.texts;
    this.voice.say(this.#options.length ? filled(available, { num: this.#options.length }) : none);
    if (move && this.#options.length) this.#move(move);
  }

  #node(option, at, query) {
    const text = element("span", { class: "hs-text", dir: "auto" }, ...withMarks(option.text, query));
    if (option.below) text.append(element("span", { class: "hs-below", dir: "auto" }, option.below));
    const shown = { role: "option", id: `${this.name}-${at}`, class: "hs-option", part: "option", "aria-selected": "false" };
    return element("div", shown, icon(option.icon), text);
  }

  #fault(text) {
    this.#options = [];
    this.list.replaceChildren();
    this.list.hidden = this.forget.hidden = true;
    this.note.hidden = false;
    this.note.textContent = text;
    this.#reveal(true);
    this.voice.say(text);
  }

  #reveal(shown) {
    this.popup.hidden = !shown;
    this.input.setAttribute("aria-expanded", String(shown && !this.list.hidden));
    if (!shown || this.#active < 0) this.input.removeAttribute("aria-activedescendant");
  }

  // Around the ends the way leads through the field itself, where nothing is selected.
  #move(step) {
    const places = this.#options.length + 1;
    this.#select(((this.#active + 1 + step + places) % places) - 1);
  }

  #select(at) {
    this.#options[this.#active]?.node.setAttribute("aria-selected", "false");
    this.#active = at;
    const node = this.#options[at]?.node;
    if (!node) return this.input.removeAttribute("aria-activedescendant");
    node.setAttribute("aria-selected", "true");
    node.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", node.id);
  }

  #choose(option, event) {
    const { text, url, section } = option;
    if (!url) this.input.value = text;
    this.recent.add(url ? this.input.value : text);
    this.close();
    this.choose({ text, url, section, event });
  }
}

// Which keys lead into the box from anywhere on a page: "/" unless something is being written, Ctrl+K, Command+K.
export const asksForBox = (event) => {
  if (event.altKey || event.isComposing || event.defaultPrevented) return false;
  if (event.ctrlKey || event.metaKey) return !event.shiftKey && event.key.toLowerCase() === "k";
  const [target] = event.composedPath();
  return event.key === "/" && !target.isContentEditable && !["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
};

export const articleAddress = (base, hit, query) => {
  const path = base + encodeURIComponent(hit.id).replaceAll("%2F", "/");
  return query ? `${path}?${new URLSearchParams({ q: query })}` : path;
};

const POPUP = `
.hs-popup {
  position: absolute; z-index: 30; inset-block-start: calc(100% + 6px); inset-inline: 0; max-block-size: min(70vh, 34rem);
  overflow: auto; overscroll-behavior: contain; padding: 6px; border: 1px solid var(--_line); border-radius: var(--_radius);
  background: var(--_ground); color: var(--_ink); box-shadow: 0 12px 32px -8px rgb(0 0 0 / 28%); text-align: start;
  font: 400 1rem/1.4 var(--_font);
}
.hs-popup[hidden], .hs-popup [hidden] { display: none; }
.hs-group { padding: 8px 10px 4px; color: var(--_soft); font-size: .8125rem; font-weight: 600; }
.hs-option { display: flex; gap: 10px; align-items: flex-start; padding: 8px 10px; border-radius: calc(var(--_radius) - 4px); cursor: pointer; }
.hs-option:hover { background: var(--_tint); }
.hs-option[aria-selected=true] { background: var(--_accent); color: var(--_accent-ink); outline: 2px solid transparent; }
.hs-icon { flex: none; inline-size: 1.1rem; block-size: 1.1rem; margin-block-start: .15rem; fill: none; stroke: var(--_soft); stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }
.hs-text { min-inline-size: 0; overflow-wrap: anywhere; }
.hs-text mark { margin: 0; padding: 0; background: none; color: inherit; font-weight: 700; }
.hs-below { display: block; color: var(--_soft); font-size: .875rem; }
[aria-selected=true] .hs-below { color: inherit; }
[aria-selected=true] .hs-icon { stroke: currentcolor; }
.hs-note { margin: 0; padding: 12px 10px; }
.hs-popup .hs-forget {
  inline-size: 100%; min-block-size: 2.25rem; margin-block-start: 4px; padding: 6px 10px; border: 0; border-radius: calc(var(--_radius) - 4px);
  background: none; color: var(--_accent); font: 600 .9375rem/1.4 var(--_font); text-align: start; cursor: pointer;
}
.hs-popup .hs-forget:hover { background: var(--_tint); color: var(--_accent); }
.hs-popup .hs-forget:focus-visible { outline: 3px solid var(--_focus); outline-offset: -3px; }
@media (forced-colors: active) { .hs-option[aria-selected=true] { outline: 2px solid Highlight; outline-offset: -2px; } }
`;

// Style sheets made so are no inline styles: a policy that forbids those does not mind.
export const sheet = (css) => {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
};

export const popupSheet = () => sheet(POPUP);

const WIDGET = `
:host {
  --_accent: var(--harbor-search-accent, #0a6068); --_accent-ink: var(--harbor-search-accent-ink, #fff);
  --_ink: var(--harbor-search-ink, #18272d); --_soft: var(--harbor-search-soft, #51626a);
  --_ground: var(--harbor-search-ground, #fff); --_tint: var(--harbor-search-tint, #e9f1ef);
  --_line: var(--harbor-search-line, #7d8b90); --_focus: var(--harbor-search-focus, #b4500b);
  --_radius: var(--harbor-search-radius, 10px); --_font: var(--harbor-search-font, system-ui, sans-serif);
  display: inline-block; inline-size: var(--harbor-search-width, min(100%, 32rem)); color-scheme: light dark;
  font: 400 1rem/1.4 var(--_font);
}
:host([hidden]) { display: none; }
:host([mode=modal]) { inline-size: auto; }
:host([theme=light]) { color-scheme: light; }
:host([theme=dark]) { color-scheme: dark; DARK }
@media (prefers-color-scheme: dark) { :host(:not([theme=light])) { DARK } }
* { box-sizing: border-box; }
form { position: relative; display: flex; gap: 8px; margin: 0; }
input {
  flex: 1; inline-size: 100%; min-inline-size: 0; min-block-size: 2.75rem; padding: 0 .9rem; border: 1px solid var(--_line); border-radius: var(--_radius);
  background: var(--_ground); color: var(--_ink); font: inherit; appearance: none;
}
input::placeholder { color: var(--_soft); opacity: 1; }
button { min-block-size: 2.75rem; padding: 0 1.1rem; border: 1px solid var(--_accent); border-radius: var(--_radius); background: var(--_accent); color: var(--_accent-ink); font: 600 1rem/1 var(--_font); cursor: pointer; }
.open { display: inline-flex; gap: .6rem; align-items: center; border-color: var(--_line); background: var(--_ground); color: var(--_soft); font-weight: 400; }
.open .hs-icon { margin: 0; }
kbd { padding: 0 .4rem; border: 1px solid var(--_line); border-radius: 5px; font: .75rem/1.4rem var(--_font); }
:focus-visible { outline: 3px solid var(--_focus); outline-offset: 2px; }
dialog {
  inline-size: min(40rem, calc(100vw - 2rem)); max-inline-size: none; margin-block: 10vh auto; padding: 1rem; border: 0; border-radius: calc(var(--_radius) + 4px);
  overflow: visible; background: var(--_ground); color: var(--_ink); box-shadow: 0 24px 64px rgb(0 0 0 / 40%);
}
dialog::backdrop { background: rgb(8 20 24 / 55%); }
dialog .hs-popup { position: static; max-block-size: 60vh; margin-block-start: .75rem; padding: 0; border: 0; box-shadow: none; }
dialog form { flex-wrap: wrap; }
.place { margin-inline-start: -8px; }
dialog .place { flex-basis: 100%; margin: 0; }
.status { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`.replaceAll(
  "DARK",
  `--_accent: var(--harbor-search-accent-dark, #82d3ce); --_accent-ink: var(--harbor-search-accent-ink-dark, #08211f);
  --_ink: var(--harbor-search-ink-dark, #e4eced); --_soft: var(--harbor-search-soft-dark, #a4b5ba);
  --_ground: var(--harbor-search-ground-dark, #16232a); --_tint: var(--harbor-search-tint-dark, #22343b);
  --_line: var(--harbor-search-line-dark, #7b8f97); --_focus: var(--harbor-search-focus-dark, #ffb067);`,
);

// A search box for any page. Attributes: `endpoint` (where the search is; default: where this script came from), `mode`
// ("inline" or "modal"), `placeholder`, `label`, `section`, `theme` ("light" or "dark"; default: as the reader has it),
// `recent="off"`, `hotkey="off"`. What stands inside is shown where this script does not run.
export class HarborSearch extends HTMLElement {
  #hotkey = (event) => {
    if (!asksForBox(event)) return;
    event.preventDefault();
    this.open();
  };

  connectedCallback() {
    if (!this.shadowRoot) this.#build();
    if (this.getAttribute("hotkey") !== "off") document.addEventListener("keydown", this.#hotkey);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.#hotkey);
  }

  // Where the search is, with a slash at its end.
  get endpoint() {
    const given = new URL(this.getAttribute("endpoint") ?? OWN, document.baseURI).href;
    return given.endsWith("/") ? given : `${given}/`;
  }

  // Lead the reader into the box; `modal` shows it first.
  open() {
    if (this.dialog && !this.dialog.open) this.dialog.showModal();
    this.input.focus();
    this.input.select();
  }

  close() {
    this.dialog?.close();
  }

  #build() {
    const texts = TEXTS;
    const root = this.attachShadow({ mode: "open", delegatesFocus: true });
    root.adoptedStyleSheets = [sheet(WIDGET), popupSheet()];
    const label = this.getAttribute("label") ?? texts.label;
    this.input = element("input", {
      type: "search", name: "q", "aria-label": label, placeholder: this.getAttribute("placeholder") ?? texts.placeholder,
      autocomplete: "off", autocapitalize: "none", enterkeyhint: "search", part: "input", dir: "auto", maxlength: "500",
    });
    const submit = element("button", { type: "submit", part: "button" }, texts.search);
    const place = element("div", { class: "place" });
    const form = element("form", { role: "search", "aria-label": label, method: "get", part: "form" }, this.input, submit, place);
    const line = element("p", { class: "status", role: "status" });
    const frame = { lang: texts.language, dir: texts.direction };
    if (this.getAttribute("mode") === "modal") {
      this.dialog = element("dialog", { ...frame, "aria-label": label, part: "dialog" }, form, line);
      const key = element("kbd", { "aria-hidden": "true" }, /Mac|iP/.test(navigator.platform) ? "⌘ K" : "Ctrl K");
      const opener = element("button", { ...frame, type: "button", class: "open", part: "opener", "aria-haspopup": "dialog" }, icon("lens"), texts.search, key);
      if (this.getAttribute("hotkey") === "off") key.remove();
      opener.addEventListener("click", () => this.open());
      // A press beside the box, on what is dimmed, closes it.
      this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.close());
      root.append(opener, this.dialog);
    } else root.append(element("div", frame, form, line));
    this.#connect(form, place, line);
  }

  #connect(form, place, line) {
    const recent = new Recent(this.getAttribute("recent") !== "off");
    const section = this.getAttribute("section");
    const go = ({ text, url, section: within = section, event }) => {
      const address = url ?? `${this.endpoint}search?${new URLSearchParams({ q: text, ...(within && { section: [within].flat().join(" > ") }) })}`;
      const chosen = new CustomEvent("harbor-search", { bubbles: true, composed: true, cancelable: true, detail: { text, url: address } });
      if (!this.dispatchEvent(chosen)) return;
      if (event?.ctrlKey || event?.metaKey) open(address, "_blank", "noopener");
      else location.assign(address);
    };
    const suggestions = new Suggestions(this.input, {
      suggest: `${this.endpoint}api/v1/suggest`,
      place,
      recent,
      voice: new Voice(line),
      article: (hit) => (/^https?:\/\//i.test(hit.url ?? "") ? hit.url : articleAddress(`${this.endpoint}articles/`, hit, this.input.value.trim())),
      choose: go,
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.input.value.trim();
      if (!text) return this.input.focus();
      recent.add(text);
      suggestions.close();
      go({ text });
    });
  }
}

if (!customElements.get("harbor-search")) customElements.define("harbor-search", HarborSearch);
