import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import type { AtRule, Plugin, Root, Rule } from "postcss";

const PAGES = ["src", "../../src/shouwang/desk"];
const CALENDAR = "[data-vc"; // days are asked with the browser's own field
const WRITTEN_IN = new Set([".html", ".py", ".ts"]);

/** Leaves out of Tabler what no page of ours wears: a slow phone reads a sixth of its styles, so it paints sooner. */
export function worn(): Plugin {
  return {
    postcssPlugin: "worn",
    OnceExit(root) {
      const words = new Set(PAGES.flatMap(textsBelow).flatMap((text) => text.match(/[\w-]+/g) ?? []));
      root.walkAtRules("layer", (layer) => {
        if (layer.params === "tabler") layer.walkRules((rule) => keepWorn(rule, words));
      });
      dropUnasked(root);
      root.walkAtRules((rule) => emptied(rule));
    },
  };
}

function textsBelow(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  const ours = files.filter((one) => one.isFile() && WRITTEN_IN.has(extname(one.name)) && !one.parentPath.includes("static"));
  return ours.map((one) => readFileSync(join(one.parentPath, one.name), "utf8"));
}

/** A selector stays when every class in it is a word that some page, form or script of ours says. */
function keepWorn(rule: Rule, words: Set<string>): void {
  if (rule.parent?.type === "atrule" && (rule.parent as AtRule).name.endsWith("keyframes")) return;
  const kept = rule.selectors.filter((selector) => {
    if (selector.includes(CALENDAR)) return false;
    const named = selector.replace(/:(not|is|where|has)\([^)]*\)/g, "").matchAll(/\.((?:[\w-]|\\.)+)/g);
    return [...named].every(([, name]) => words.has((name ?? "").replace(/\\/g, "")));
  });
  if (kept.length) rule.selectors = kept;
  else rule.remove();
}

/** Values with a name that nothing asks for any more; one may have been asked for by another alone. */
function dropUnasked(root: Root): void {
  for (let before = -1, left = 0; before !== left; ) {
    before = left;
    left = 0;
    const asked = new Set(root.toString().match(/var\(\s*(--[\w-]+)/g)?.map((found) => found.replace(/var\(\s*/, "")));
    root.walkDecls(/^--tblr-/, (declared) => {
      if (asked.has(declared.prop)) left += 1;
      else declared.remove();
    });
    root.walkRules((rule) => {
      if (!rule.nodes.length) rule.remove();
    });
  }
}

function emptied(rule: AtRule): void {
  if (rule.nodes?.length === 0) rule.remove();
}
