import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { lineOf } from "../test/prove-red/apply-edits.ts";
import { RESULT_FILE, type Result } from "../test/prove-red/report.ts";
import { securityCases } from "../test/security/index.ts";
import type { Edit, SecurityCase, TestReference } from "../test/security/security-case.ts";
import { markdownTable } from "./markdown-table.ts";

/** The tables of docs/security.md by their names there, and the letter that their cases' ids begin with. */
export const SECURITY_GROUPS = {
  authorizationCases: "A",
  mcpCases: "B",
  faultCases: "C",
  abuseCases: "D",
  accountCases: "P",
  waysInCases: "W",
} as const;

/** `node_modules/<package>/<file>`. A package's name may have a scope. */
const INSTALLED = /^node_modules\/((?:@[^/]+\/)?[^/]+)\/(.+)$/;

function checkIds(): void {
  const ids = securityCases.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new Error(`${twice} is the id of two cases.`);
  const groups: readonly string[] = Object.values(SECURITY_GROUPS);
  const homeless = ids.find((id) => !groups.includes(id.charAt(0)));
  if (homeless !== undefined) throw new Error(`${homeless} belongs to no table.`);
}

/** Writes the index of docs/security.md, and throws where it no longer fits the code or the tests. */
export function securityIndex(root: string) {
  const read = (file: string) => readFileSync(join(root, file), "utf8");

  /** One file and its lines: links for a file of ours, package and version for a library's. */
  function place([file, edits]: [string, Edit[]]): string {
    const text = read(file);
    const lines = Array.from(new Set(edits.map((edit) => lineOf(text, edit))));
    const ordered = lines.toSorted((one, other) => one - other);
    const [, name, path] = INSTALLED.exec(file) ?? [];
    if (name === undefined || path === undefined) {
      const links = ordered.map((line) => `[${line}](../${file}#L${line})`);
      return `\`${file.replace("src/", "")}\` ${links.join(", ")}`;
    }
    const { version } = JSON.parse(read(`node_modules/${name}/package.json`)) as Result["versions"];
    return `${name} ${version}, \`${path}\` ${ordered.join(", ")}`;
  }

  function testLink({ file, name = "" }: TestReference): string {
    const path = `test/${file}.test.ts`;
    if (!existsSync(join(root, path))) throw new Error(`${path} does not exist.`);
    const text = read(path);
    // A title may be put together from a table, so that its words stand apart in the file.
    const missing = name.split(" ").find((word) => !text.includes(word));
    if (missing !== undefined) {
      throw new Error(`${path} has no test named "${name}": "${missing}" is missing.`);
    }
    return `[\`${file}\`](../${path})`;
  }

  function row({ id, threat, answer, guards, tests }: SecurityCase): string[] {
    const places = Array.from(
      Map.groupBy(guards.flat(), ({ file }) => file),
      place,
    );
    const links = new Set(tests.map(testLink));
    return [id, threat, answer, places.join("; "), Array.from(links).join(", ")];
  }

  function table(group: string): string {
    const faults: string[] = [];
    const rows = securityCases
      .filter(({ id }) => id.startsWith(group))
      .flatMap((each) => {
        try {
          return [row(each)];
        } catch (error) {
          faults.push(`${each.id}: ${(error as Error).message}`);
          return [];
        }
      });
    if (faults.length > 0) throw new Error(faults.join("\n"));
    return markdownTable(["Id", "Threat", "Answer", "Line", "Test"], rows);
  }

  function proof(): string {
    if (!existsSync(join(root, RESULT_FILE))) return "No run over the whole index is recorded.";
    const { date, cases, guards, red, versions } = JSON.parse(read(RESULT_FILE)) as Result;
    const verdict = red === guards ? "each turned a test red" : `${red} turned a test red`;
    const used = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
    return `On ${date}, \`npm run prove-red\` switched off the ${guards} guards of ${cases} cases, one at a time: ${verdict} (${used.join(", ")}).`;
  }

  checkIds();
  return { table, proof };
}
