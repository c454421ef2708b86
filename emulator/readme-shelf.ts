export interface StoredReadme {
  path: string;
  bytes: Uint8Array;
}

/** READMEs as bytes, kept here because the package behind us holds files as text of its own. */
export function readmeShelf() {
  const shelf = new Map<string, StoredReadme | "none">();
  return {
    get: (fullName: string) => shelf.get(fullName) ?? "unknown",
    put(fullName: string, readme: StoredReadme | "none") {
      shelf.set(fullName, readme);
    },
    move(from: string, to: string) {
      const readme = shelf.get(from);
      if (readme) shelf.set(to, readme);
      shelf.delete(from);
    },
    clear: () => shelf.clear(),
  };
}
