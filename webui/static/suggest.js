// Suggests what the query being typed may become.  Without this script the box is a plain one.
//
// The list is the combobox pattern of ARIA: the focus stays in the box, the arrows choose, Enter
// searches for what is chosen, Escape closes.  While an input method composes, its letters are
// completed too where the browser shows them, but its keys are its own.
"use strict";

(() => {
  const box = document.getElementById("q");
  const frame = box && box.closest("[data-suggest]");
  if (!frame) return;

  const WAIT = 90; // milliseconds after the last letter
  const KEPT = 60; // answers
  const texts = frame.dataset;
  const answers = new Map();
  let asking = null;
  let timer = 0;
  let shown = [];
  let active = -1;

  const list = document.createElement("ul");
  list.id = "suggestions";
  list.className = "completions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", texts.suggestions);
  frame.append(list);
  for (const [name, value] of [
    ["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id],
    ["aria-expanded", "false"], ["autocapitalize", "off"], ["autocorrect", "off"],
  ]) box.setAttribute(name, value);

  const piece = (name, className, text) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    element.textContent = text;
    return element;
  };

  // Marks count code points, as everywhere in our answers.
  const marked = ({ text, marks }) => {
    const points = [...text];
    const parts = piece("span", "text", "");
    parts.lang = "zh-Hans";
    let done = 0;
    for (const [start, stop] of marks) {
      parts.append(points.slice(done, start).join(""), piece("b", "", points.slice(start, stop).join("")));
      done = stop;
    }
    parts.append(points.slice(done).join(""));
    return parts;
  };

  const option = (item, number) => {
    const row = piece("li", "", "");
    row.id = `suggestion-${number}`;
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", "false");
    row.append(marked(item), piece("span", "kind", texts[item.kind] || ""),
      piece("span", "count", texts.count.replace("{}", item.count.toLocaleString("en"))));
    return row;
  };

  const choose = (number) => {
    active = number;
    [...list.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === number)));
    if (number < 0) box.removeAttribute("aria-activedescendant");
    else {
      box.setAttribute("aria-activedescendant", list.children[number].id);
      list.children[number].scrollIntoView({ block: "nearest" });
    }
  };

  const show = (items) => {
    shown = items;
    list.replaceChildren(...items.map(option));
    list.hidden = !items.length;
    box.setAttribute("aria-expanded", String(!list.hidden));
    choose(-1);
  };

  const close = () => {
    clearTimeout(timer);
    if (asking) asking.abort();
    asking = null;
    show([]);
  };

  const take = (number) => {
    box.value = shown[number].query;
    close();
    box.form.requestSubmit();
  };

  const ask = async (typed) => {
    if (asking) asking.abort();
    const mine = asking = new AbortController();
    try {
      if (!answers.has(typed)) {
        const answer = await fetch(`${texts.suggest}?${new URLSearchParams({ q: typed })}`, { signal: mine.signal });
        if (!answer.ok) return close();
        answers.set(typed, await answer.json());
        if (answers.size > KEPT) answers.delete(answers.keys().next().value);
      }
      if (asking === mine && document.activeElement === box && box.value === typed) show(answers.get(typed));
    } catch {
      // Taken back, or the server is away: the reader goes on typing.
    }
  };

  const look = () => {
    clearTimeout(timer);
    const typed = box.value;
    if (!typed.trim() || box.selectionEnd !== typed.length) return close();
    timer = setTimeout(ask, WAIT, typed);
  };

  box.addEventListener("input", look);
  box.addEventListener("compositionend", look);
  box.addEventListener("blur", close);
  box.form.addEventListener("submit", close);

  box.addEventListener("keydown", (event) => {
    // 229: a key that the input method took, in browsers that end the composition before it.
    if (event.isComposing || event.keyCode === 229) {
      if (event.key === "Enter") event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const last = shown.length - 1;
    if (event.key === "ArrowDown" && list.hidden) look();
    else if (event.key === "ArrowDown" && last >= 0) choose(active < last ? active + 1 : -1);
    else if (event.key === "ArrowUp" && last >= 0) choose(active < 0 ? last : active - 1);
    else if (event.key === "Enter" && active >= 0) take(active);
    else if (event.key === "Escape" && !list.hidden) close();
    else return;
    event.preventDefault();
  });

  // The box keeps the focus while the list is pressed, by mouse or finger.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const row = event.target.closest("[role=option]");
    if (row) take([...list.children].indexOf(row));
  });
})();
