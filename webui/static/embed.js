// Puts live results, or a search box, at the place of its own script element:
//   <script src="https://HOST/embed.js" data-q="复工复产" data-issue="27" data-size="5" async></script>
//   <script src="https://HOST/embed.js" data-box async></script>
// Several values of a filter are parted by "|".
"use strict";

(() => {
  const script = document.currentScript;
  if (!script) return;
  const home = new URL(script.src);
  const frame = document.createElement("iframe");
  const address = new URL("embed", home);
  const given = script.dataset;

  for (const name of ["q", "mode", "from", "to", "sort", "size", "theme", "lang"]) {
    if (given[name]) address.searchParams.set(name, given[name]);
  }
  for (const name of ["issue", "org", "year", "series", "publisher"]) {
    for (const value of (given[name] || "").split("|").filter(Boolean)) {
      address.searchParams.append(name, value.trim());
    }
  }
  if ("box" in given) address.searchParams.set("box", "1");

  frame.src = address.href;
  frame.title = given.title || "简报搜索 Jianbao";
  frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox");
  frame.style.cssText = "display:block;width:100%;height:12rem;border:0;color-scheme:normal";
  script.after(frame);

  window.addEventListener("message", (event) => {
    if (event.origin !== home.origin || event.source !== frame.contentWindow) return;
    const { type, height } = event.data || {};
    if (type !== "jianbao:height" || !Number.isInteger(height) || height < 0) return;
    frame.style.height = `${Math.min(height, 20000)}px`;
  });
})();
