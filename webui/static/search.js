// Conveniences of every page.  Without this script everything works, with a click more.
"use strict";

// Filters and contents stand open beside the text, and folded where there is no room beside it.
for (const part of document.querySelectorAll("details[data-open-from]")) {
  const roomy = window.matchMedia(`(min-width: ${part.dataset.openFrom})`);
  const fold = () => { part.open = roomy.matches; };
  roomy.addEventListener("change", fold);
  fold();
}

(() => {
  const box = document.getElementById("q");
  if (!box) return;

  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof Element && event.target.closest("input, textarea, select");
    if (event.key !== "/" || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || typing) return;
    event.preventDefault();
    box.focus();
    box.select();
  });

  const form = box.form;
  for (const mode of form.querySelectorAll("[name=mode]")) {
    mode.addEventListener("change", () => box.value && form.requestSubmit());
  }

  // Addresses stay short: what was left empty is not sent.
  form.addEventListener("submit", () => {
    for (const field of form.querySelectorAll("input[type=text]")) field.disabled = !field.value;
  });
  window.addEventListener("pageshow", () => {
    for (const field of form.querySelectorAll("input[type=text]")) field.disabled = false;
  });
})();
