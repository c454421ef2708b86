/** Something that must not lie around, and what to call it in a report. */
export interface Secret {
  readonly name: string;
  readonly value: string;
}

/** Characters at either end of a base64 text that depend on what stands beside. */
const BASE64_EDGE = 4;

/**
 * The ways in which a program writes a text down: as it is, as two-byte text (as V8 stores some
 * strings), in hex, percent-encoded, escaped in JSON, and in base64 at each of its three offsets,
 * without the ends that depend on the neighbours.
 */
function spellingsOf(value: string): Buffer[] {
  const bytes = Buffer.from(value);
  const texts = [
    encodeURIComponent(value),
    encodeURIComponent(encodeURIComponent(value)),
    JSON.stringify(value).slice(1, -1),
    bytes.toString("hex"),
    bytes.toString("hex").toUpperCase(),
    ...[0, 1, 2].flatMap((offset) => {
      const shifted = Buffer.concat([Buffer.alloc(offset), bytes]);
      return (["base64", "base64url"] as const).map((encoding) =>
        shifted.toString(encoding).replaceAll("=", "").slice(BASE64_EDGE, -BASE64_EDGE),
      );
    }),
  ];
  return [bytes, Buffer.from(value, "utf16le"), ...texts.map((text) => Buffer.from(text))];
}

/** Too short a text is found by chance. */
const SHORTEST = 16;

export interface Scanner<Kind extends Secret> {
  /** The secrets in these bytes, in any spelling. */
  find(bytes: Buffer | string): Kind[];
}

export function scannerFor<Kind extends Secret>(secrets: readonly Kind[]): Scanner<Kind> {
  const short = secrets.filter(({ value }) => value.length < SHORTEST);
  if (short.length > 0) {
    throw new Error(`Too short to look for: ${short.map(({ name }) => name).join(", ")}`);
  }
  const known = secrets.map((secret) => ({ secret, spellings: spellingsOf(secret.value) }));
  return {
    find(bytes) {
      const where = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes);
      const hits = known.filter(({ spellings }) => spellings.some((text) => where.includes(text)));
      return hits.map(({ secret }) => secret);
    },
  };
}
