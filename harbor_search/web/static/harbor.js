// Enhancements only: every page works without this file.

const { Recent, Suggestions, TEXTS, Voice, articleAddress, asksForBox, element, filled, popupSheet } = await import(
  document.querySelector("[data-box-script]").href
);

const voice = new Voice(document.querySelector("[data-status]"));
const main = document.querySelector("main");
const box = document.querySelector("[data-search-box]");
const isResults = (url) => url.origin === location.origin && url.pathname === box?.form.action.replace(location.origin, "");

// ---- The box

const boxed = () => {
  document.adoptedStyleSheets.push(popupSheet());
  const form = box.form;
  const recent = new Recent();
  const place = element("div", { class: "box-place", dir: TEXTS.direction });
  form.append(place);
  const suggestions = new Suggestions(box, {
    suggest: form.dataset.suggest,
    place,
    recent,
    voice,
    article: (hit) => articleAddress(form.dataset.articles, hit, box.value.trim()),
    choose({ text, url, section, event }) {
      const found = new URL(url ?? form.action, location.href);
      if (!url) {
        found.search = new URLSearchParams({ q: text, ...(section && { section: [section].flat().join(" > ") }) });
      }
      if (event.ctrlKey || event.metaKey) open(found, "_blank", "noopener");
      else go(found);
    },
  });
  form.addEventListener("submit", (event) => {
    recent.add(box.value);
    suggestions.close();
    if (!document.body.classList.contains("results")) return;
    event.preventDefault();
    go(addressOf(form));
  });

  box.setAttribute("aria-keyshortcuts", "/ Control+K Meta+K");
  for (const hint of document.querySelectorAll("[data-search-key]")) hint.hidden = false;
  document.addEventListener("keydown", (event) => {
    if (asksForBox(event)) {
      event.preventDefault(); // Else the key would be typed into the box, or open the browser's own search.
      box.focus();
      box.select();
    } else if (event.key === "Escape" && event.target === box && !event.defaultPrevented) {
      event.preventDefault(); // Else the browser would empty the box as well.
      box.blur();
    }
  });
  // A page restored by Back still holds the words of the next search.
  addEventListener("pageshow", (event) => {
    if (event.persisted) box.value = box.defaultValue;
  });
};

const addressOf = (form) => {
  const address = new URL(form.action);
  const given = [...new FormData(form)].filter(([, value]) => value !== "");
  address.search = new URLSearchParams(given);
  return address;
};

// ---- Results in place: the same pages, without leaving the one that is there

const PAGES_KEPT = 12; // Going back shows at once what was seen.
const kept = new Map();
let arriving = null;
let shown = location.href.split("#")[0];

const keep = (href, html) => {
  kept.delete(href);
  kept.set(href, html);
  if (kept.size > PAGES_KEPT) kept.delete(kept.keys().next().value);
};

const noteScroll = () => history.replaceState({ ...history.state, scroll: scrollY }, "");

const go = (url, scroll = "top") => {
  if (document.body.classList.contains("results") && isResults(url)) return update(url, { scroll });
  location.assign(url);
};

// What has the focus is found again by what it says and where it stands.
const placeOf = (node) => {
  const link = node?.closest?.("main a, main button");
  const around = link?.closest("aside, nav, ul[aria-label]");
  return link && around ? { around: around.getAttribute("aria-label"), text: link.querySelector("[dir]")?.textContent ?? link.textContent } : null;
};

const focusAgain = (place, scroll) => {
  const near = place && [...main.querySelectorAll(`[aria-label="${CSS.escape(place.around)}"] a`)];
  const same = near?.find((each) => (each.querySelector("[dir]")?.textContent ?? each.textContent) === place.text);
  (scroll === "top" || !same ? main : same).focus({ preventScroll: true });
};

const show = (html) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const unfolded = main.querySelector("[data-filters]")?.open;
  main.replaceChildren(...page.querySelector("main").childNodes);
  document.title = page.title;
  document.body.className = page.body.className;
  for (const link of document.querySelectorAll("head link[rel=prev], head link[rel=next]")) link.remove();
  document.head.append(...page.querySelectorAll("head link[rel=prev], head link[rel=next]"));
  const form = page.querySelector("[data-box]");
  for (const each of box.form.querySelectorAll("input[type=hidden]")) each.remove();
  box.form.append(...form.querySelectorAll("input[type=hidden]"));
  box.value = box.defaultValue = form.querySelector("[data-search-box]").value;
  const filters = main.querySelector("[data-filters]");
  if (filters) filters.open = unfolded || roomy.matches;
};

const fetched = async (url, signal) => {
  const response = await fetch(url, { signal, headers: { Accept: "text/html" } });
  const html = await response.text();
  if (!response.headers.get("Content-Type")?.startsWith("text/html")) throw new TypeError("no page");
  if (response.ok) keep(url.href, html);
  return html;
};

const update = async (url, { push = true, scroll = "top", back = null } = {}) => {
  arriving?.abort();
  const mine = (arriving = new AbortController());
  const place = placeOf(document.activeElement);
  const waiting = setTimeout(() => main.setAttribute("aria-busy", "true"), 150);
  try {
    const html = (back && kept.get(url.href)) ?? (await fetched(url, mine.signal));
    if (mine.signal.aborted) return;
    if (push) {
      noteScroll();
      history[url.href === location.href ? "replaceState" : "pushState"]({ scroll: scroll === "top" ? 0 : scrollY }, "", url);
    }
    show(html);
    shown = url.href;
    if (!back) focusAgain(place, scroll);
    if (back) scrollTo({ top: back.scroll ?? 0, behavior: "instant" });
    else if (scroll === "top") scrollTo({ top: 0, behavior: "instant" });
    voice.say(main.querySelector("[data-count]")?.textContent ?? document.title, 100);
  } catch {
    if (!mine.signal.aborted) fault(url, { push, scroll, back });
  } finally {
    clearTimeout(waiting);
    if (arriving === mine) main.removeAttribute("aria-busy");
  }
};

const fault = (url, options) => {
  const text = navigator.onLine === false ? TEXTS.offline : TEXTS.failed;
  const again = element("button", { type: "button" }, TEXTS.retry);
  again.addEventListener("click", () => update(url, options));
  main.querySelector("[data-fault]")?.remove();
  main.prepend(element("div", { class: "fault-line", "data-fault": "" }, element("p", {}, text), again));
  scrollTo({ top: 0, behavior: "instant" });
  voice.say(text, 100);
};

const inPlace = () => {
  history.scrollRestoration = "manual";
  if (history.state?.scroll) scrollTo({ top: history.state.scroll, behavior: "instant" });
  keep(location.href, document.documentElement.outerHTML);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-update]");
    const plain = !(event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!link || !plain || event.defaultPrevented || !isResults(new URL(link.href))) return;
    event.preventDefault();
    update(new URL(link.href), { scroll: link.dataset.update || "stay" });
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-update]")) return;
    event.preventDefault();
    update(addressOf(event.target), { scroll: "stay" });
  });
  addEventListener("popstate", (event) => {
    const url = new URL(location.href.split("#")[0]);
    // Links within the page, the one past the header among them, change no more than what follows the number sign.
    if (url.href !== shown) update(url, { push: false, back: event.state ?? {} });
  });
  addEventListener("pagehide", noteScroll);
};

// ---- Filters: on wide screens the style sheet shows them, folded or not; browsers that cannot do that need them unfolded

const roomy = matchMedia("(min-width: 60rem)");

const unfold = () => {
  const filters = document.querySelector("[data-filters]");
  if (filters && roomy.matches) filters.open = true;
};

// ---- Articles: from match to match, and where one is on the page

const matches = () => {
  const line = document.querySelector("[data-matches]");
  const marks = [...document.querySelectorAll(".article-text mark")];
  if (!line || !marks.length) return;
  let at = -1;
  const count = element("p", { class: "matches-count" });
  const step = (by, name, sign) => {
    const button = element("button", { type: "button", class: "matches-step", "aria-label": name, title: name }, sign);
    button.addEventListener("click", () => {
      marks[at]?.classList.remove("current");
      at = at < 0 ? (by > 0 ? 0 : marks.length - 1) : (at + by + marks.length) % marks.length;
      marks[at].classList.add("current");
      marks[at].scrollIntoView({ block: "center" });
      count.textContent = filled(TEXTS.match, { at: at + 1, all: marks.length });
      voice.say(`${count.textContent}: ${marks[at].closest("p, li, h1, h2").textContent.slice(0, 120)}`, 100);
    });
    return button;
  };
  line.querySelector("[data-first-match]")?.remove();
  line.classList.add("matches-live");
  line.append(element("div", { class: "matches-steps" }, step(-1, TEXTS.previous, "↑"), step(1, TEXTS.next, "↓"), count));
};

const outline = () => {
  const links = new Map([...document.querySelectorAll("[data-contents] a")].map((each) => [decodeURIComponent(each.hash.slice(1)), each]));
  if (!links.size) return;
  const headings = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  const mark = () => {
    const past = headings.filter((each) => each.getBoundingClientRect().top < innerHeight / 3);
    for (const link of links.values()) link.removeAttribute("aria-current");
    links.get(past.at(-1)?.id)?.setAttribute("aria-current", "true");
  };
  const watching = new IntersectionObserver(mark, { rootMargin: "0px 0px -66% 0px" });
  for (const each of headings) watching.observe(each);
};

// The plain link leads to the first page of unfiltered results; whoever came from results goes back to those.
const wayBack = () => {
  const back = document.querySelector("[data-back-to-results]");
  if (!back || !document.referrer) return;
  const [from, to] = [new URL(document.referrer), new URL(back.href)];
  const same = from.origin === to.origin && from.pathname === to.pathname;
  if (same && from.searchParams.get("q")?.trim() === to.searchParams.get("q")) back.href = from.href;
};

if (box) boxed();
if (document.body.classList.contains("results")) inPlace();
unfold();
roomy.addEventListener("change", unfold);
matches();
outline();
wayBack();
