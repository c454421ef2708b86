/** How deep objects and arrays may nest in a message: no tool's input comes near it. */
export const MAX_JSON_DEPTH = 64;

/**
 * Whether objects and arrays nest deeper than a limit in a JSON text, valid or not. It looks at the
 * text alone, so that what walks a value by recursion never meets one that is too deep.
 */
export function isNestedDeeperThan(limit: number, json: string): boolean {
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < json.length; index += 1) {
    const char = json[index];
    if (char === '"') isInString = !isInString;
    else if (isInString) index += char === "\\" ? 1 : 0;
    else if (char === "[" || char === "{") depth += 1;
    else if (char === "]" || char === "}") depth -= 1;
    if (depth > limit) return true;
  }
  return false;
}
