import type { Metafile } from "./workers/build.ts";

export interface PackageSize {
  readonly name: string;
  readonly bytes: number;
}

const OWN_CODE = "(the Worker's own code)";
const WRANGLER = "(added by Wrangler)";

/** The npm package that a bundled file comes from: the innermost one, where packages bring their own. */
export function packageOf(input: string): string {
  const [, inPackage] = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input) ?? [];
  if (inPackage !== undefined) return inPackage;
  const isFile = /\.[cm]?[jt]sx?$/.test(input) && !input.includes(":");
  return isFile && !input.includes(".wrangler/") ? OWN_CODE : WRANGLER;
}

/** What each package adds to the bundle, the largest first. */
export function sizesByPackage({ outputs }: Pick<Metafile, "outputs">): PackageSize[] {
  const sizes = new Map<string, number>();
  for (const { inputs } of Object.values(outputs)) {
    for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
      const name = packageOf(input);
      sizes.set(name, (sizes.get(name) ?? 0) + bytesInOutput);
    }
  }
  return [...sizes].map(([name, bytes]) => ({ name, bytes })).toSorted((a, b) => b.bytes - a.bytes);
}
