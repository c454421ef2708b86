import { stripVTControlCharacters } from "node:util";

/** What wrangler says of itself; the rest is the Worker's own, or an error. */
const NOISE = [/^\[wrangler:info\]/, /^⎔/, /^🪵/u, /AI bindings always access remote resources/];

/** Keeps errors and the Worker's own lines, and joins the gaps between them. */
export function wranglerLines(onLine: (line: string) => void): (chunk: string) => void {
  let rest = "";
  return (chunk) => {
    const lines = `${rest}${chunk}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const plain = stripVTControlCharacters(line).trimEnd();
      if (plain !== "" && !NOISE.some((noise) => noise.test(plain))) onLine(plain);
    }
  };
}
