import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The bridge as npm would install it. */
export interface PackedBridge {
  /** What the package holds. */
  readonly files: readonly string[];
  /** The program behind the command `mcp-bridge`. */
  readonly main: string;
  remove(): void;
}

interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** Packs the workspace, and unpacks it in a folder of its own beside what it depends on, and nothing else. */
export function packBridge(): PackedBridge {
  const folder = mkdtempSync(join(tmpdir(), "bridge-package-"));
  const words = ["pack", "--workspace", "cli", "--json", "--pack-destination", folder];
  // The build prints before the list.
  const printed = execFileSync("npm", words, { cwd: root, encoding: "utf8", stdio: "pipe" });
  const [packed] = JSON.parse(printed.slice(printed.indexOf("[\n"))) as {
    filename: string;
    files: { path: string }[];
  }[];
  if (!packed) throw new Error(`npm packed nothing: ${printed}`);
  execFileSync("tar", ["-xzf", packed.filename], { cwd: folder });
  const place = join(folder, "package");
  const { bin, dependencies } = JSON.parse(
    readFileSync(join(place, "package.json"), "utf8"),
  ) as Manifest;
  for (const name of Object.keys(dependencies)) {
    const own = join(root, "cli/node_modules", name);
    const link = join(place, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(existsSync(own) ? own : join(root, "node_modules", name), link);
  }
  return {
    files: packed.files.map(({ path }) => path),
    main: join(place, bin["mcp-bridge"] ?? ""),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
