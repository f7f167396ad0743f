// Conveniences of the reading room: stepping through the hits, copying a citation.
"use strict";

(() => {
  const marks = [...document.querySelectorAll(".bulletin mark[id]")];
  const bar = document.querySelector(".hits[data-hits]");
  let current = -1;

  const inSight = (mark) => {
    const { top, bottom } = mark.getBoundingClientRect();
    return top >= (bar ? bar.getBoundingClientRect().bottom : 0) && bottom <= window.innerHeight;
  };

  const show = (index, scroll) => {
    if (current >= 0) marks[current].classList.remove("current");
    current = (index + marks.length) % marks.length;
    marks[current].classList.add("current");
    if (scroll) marks[current].scrollIntoView({ block: "center" });
    const text = bar.dataset.position.replace("{n}", current + 1).replace("{m}", marks.length);
    bar.querySelector(".position").textContent = text;
  };

  // A paragraph may be longer than the screen: go on to its hit.
  const showTarget = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    const here = target && marks.findIndex((mark) => mark === target || target.contains(mark));
    show(here >= 0 && target ? here : 0, target && here >= 0 && !inSight(marks[here]));
  };

  if (bar && marks.length) {
    bar.querySelector(".jumps").hidden = true;
    bar.querySelector(".steps").hidden = false;
    for (const step of bar.querySelectorAll("[data-step]")) {
      step.addEventListener("click", () => show(current + Number(step.dataset.step), true));
    }
    window.addEventListener("hashchange", showTarget);
    window.addEventListener("load", showTarget);
  }

  const copy = async (text) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    // Without HTTPS there is no clipboard object, only the selection.
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (!done) throw new Error("not copied");
  };

  // What is like this bulletin takes a moment to find: asked for when it comes into sight.
  const relatives = document.querySelector(".relatives[data-from]");
  const relate = async () => {
    const answer = await fetch(relatives.dataset.from);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.querySelector(".related");
    if (found) relatives.replaceChildren(document.importNode(found, true));
  };
  if (relatives && window.IntersectionObserver) {
    const watch = new IntersectionObserver((seen) => {
      if (!seen.some((entry) => entry.isIntersecting)) return;
      watch.disconnect();
      relate().catch(() => {}); // the link stays
    });
    watch.observe(relatives);
  }

  const cite = document.querySelector("button.cite");
  if (cite) {
    const label = cite.textContent;
    cite.hidden = false;
    cite.addEventListener("click", async () => {
      const place = /^#p(\d+)$/.exec(location.hash);
      const paragraph = place ? ` ${cite.dataset.paragraph.replace("{n}", place[1])}.` : "";
      const address = `${location.origin}${location.pathname}${place ? place[0] : ""}`;
      try {
        await copy(`${cite.dataset.cite}${paragraph} ${address}`);
        cite.textContent = cite.dataset.done;
      } catch {
        cite.textContent = cite.dataset.failed;
      }
      setTimeout(() => { cite.textContent = label; }, 2000);
    });
  }
})();
