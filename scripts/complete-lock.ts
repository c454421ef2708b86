import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * Names in package-lock.json the platform packages that npm left out, as it does when the registry
 * at hand does not serve them all: `npm ci` refuses such a file on every system. With --check it
 * only looks. Run it after each install that changes the lock file.
 */

interface Entry {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

const CPUS = [
  "arm64",
  "arm",
  "ia32",
  "loong64",
  "mips64el",
  "ppc64",
  "riscv64",
  "s390x",
  "wasm32",
  "x64",
];
const SYSTEMS = [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
];
/** What some packages call them. */
const ALIASES: Record<string, string> = { "32": "ia32", "64": "x64", windows: "win32" };

const file = fileURLToPath(new URL("../package-lock.json", import.meta.url));
const lock = JSON.parse(readFileSync(file, "utf8")) as { packages: Record<string, Entry> };

/** Where Node.js would look for a package that `from` needs, nearest first. */
function placesFor(name: string, from: string): string[] {
  const parent = from.lastIndexOf("node_modules/");
  const here = from ? `${from}/node_modules/${name}` : `node_modules/${name}`;
  return parent < 0 ? [here] : [here, ...placesFor(name, from.slice(0, Math.max(0, parent - 1)))];
}

/** npm installs a platform package only where its lock entry says that it fits. */
function platformEntry(name: string, version: string, isDev: boolean): Entry {
  const words = name.split(/[/-]/).map((word) => ALIASES[word] ?? word);
  const cpu = words.filter((word) => CPUS.includes(word));
  const os = words.filter((word) => SYSTEMS.includes(word));
  const libc = words.includes("musl") ? ["musl"] : words.includes("gnu") ? ["glibc"] : [];
  if (cpu.length !== 1 || !/^\d+\.\d+\.\d+/.test(version)) {
    throw new Error(`${name}@${version} does not read like a platform package. Add it by hand.`);
  }
  return {
    version,
    cpu,
    ...(isDev && { dev: true }),
    ...(os.includes("linux") && libc.length > 0 && { libc }),
    optional: true,
    ...(os.length > 0 && { os }),
  };
}

function missing(): [path: string, entry: Entry][] {
  return Object.entries(lock.packages).flatMap(
    ([from, { optionalDependencies = {}, dev = false }]) =>
      Object.entries(optionalDependencies)
        .filter(([name, version]) => {
          const found = placesFor(name, from)
            .map((place) => lock.packages[place]?.version)
            .find(Boolean);
          return /^\d/.test(version) ? found !== version : found === undefined;
        })
        .map(([name, version]): [string, Entry] => {
          const beside = from.slice(0, from.lastIndexOf("node_modules/"));
          return [`${beside}node_modules/${name}`, platformEntry(name, version, dev)];
        }),
  );
}

const lacking = missing();
if (process.argv.includes("--check")) {
  for (const [path, { version }] of lacking)
    console.error(`package-lock.json lacks ${path} ${version}`);
  if (lacking.length > 0) {
    console.error("npm ci would refuse this lock file. Run: npm run lock");
    process.exitCode = 1;
  }
} else {
  // An entry can take the place of one of another version, which its own users then lack.
  for (let added = lacking; added.length > 0; added = missing()) {
    Object.assign(lock.packages, Object.fromEntries(added));
  }
  const packages = Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify({ ...lock, packages: Object.fromEntries(packages) }, null, 2);
  if (lacking.length > 0) writeFileSync(file, `${text}\n`);
}
