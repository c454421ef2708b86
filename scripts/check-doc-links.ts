import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Checks that every relative link of the documents leads to a file, and every anchor to a heading. */

const root = fileURLToPath(new URL("..", import.meta.url));

/** What git keeps or would keep, so that nothing installed is read. */
function documents(): string[] {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"];
  const names = execFileSync("git", args, { cwd: root, encoding: "utf8" }).split("\n");
  return names.filter((name) => name !== "" && existsSync(join(root, name)));
}

/** Code is not Markdown; what is left keeps its line numbers. */
function proseOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  const withoutFences = text.replace(/^ *```[\s\S]*?^ *```/gm, (code) =>
    code.replace(/[^\n]/g, ""),
  );
  return withoutFences.split("\n");
}

/** As GitHub names headings: lower case, without punctuation, with dashes for spaces. */
function anchorsOf(file: string): string[] {
  const titles = proseOf(file).flatMap((line) => /^#{1,6} +(.*)$/.exec(line)?.[1] ?? []);
  return titles.map((title) => {
    const words = title
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .trim()
      .toLowerCase();
    return words.replace(/[^\p{L}\p{N}_ -]/gu, "").replaceAll(" ", "-");
  });
}

function faultOf(link: string, file: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(link)) return undefined;
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? file : resolve(dirname(file), decodeURIComponent(path));
  if (!existsSync(target)) return `${link} leads nowhere`;
  if (!anchor || statSync(target).isDirectory() || !target.endsWith(".md")) return undefined;
  return anchorsOf(target).includes(anchor) ? undefined : `${link} names no heading`;
}

const faults: string[] = [];
for (const name of documents()) {
  const file = join(root, name);
  for (const [index, line] of proseOf(file).entries()) {
    for (const [, link = ""] of line.replace(/`[^`]*`/g, "").matchAll(/\]\(([^()\s]+)\)/g)) {
      const fault = faultOf(link, file);
      if (fault !== undefined) faults.push(`${name}:${index + 1}: ${fault}`);
    }
  }
}
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
