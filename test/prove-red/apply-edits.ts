import type { Edit } from "../security/security-case.ts";

/** The line, from 1, of the one place where an edit's `from` stands. Throws unless there is exactly one. */
export function lineOf(text: string, { file, from }: Pick<Edit, "file" | "from">): number {
  const [before = "", ...others] = text.split(from);
  if (from === "" || others.length !== 1) {
    const found = from === "" ? "nothing to look for" : `${others.length} of it`;
    throw new Error(`${file} must have exactly one of this text, and has ${found}: ${from}`);
  }
  return before.split("\n").length;
}

/** What a file says with edits made. Each must find its text exactly once, and change it. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let changed = text;
  for (const edit of edits) {
    lineOf(changed, edit);
    if (edit.from === edit.to) throw new Error(`${edit.file}: this edit changes nothing.`);
    changed = changed.split(edit.from).join(edit.to);
  }
  return changed;
}
