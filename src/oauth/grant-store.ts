/** How long KV may go on showing what was there before a write: a minute, or a little more. */
const RECENT_MS = 2 * 60_000;

interface Recent {
  /** `null` for what was deleted. */
  readonly text: string | null;
  /** Milliseconds since 1970. */
  readonly until: number;
}

interface HeldGrant {
  readonly key: string;
  readonly text: string;
  readonly options: KVNamespacePutOptions | undefined;
}

const isGrant = (key: string) => key.startsWith("grant:");

/**
 * KV as the OAuth library sees it inside the object of a grant, which alone writes that grant.
 *
 * The library writes a grant first, and the access token made under it second. Without the token
 * nobody gets an answer, but the grant would know the code as used: the client that tries again
 * would be taken for a thief, and its sign-in would end. So the grant is written last.
 *
 * And what was written here is read from here while KV may still show what was there before: an old
 * grant does not know the newest refresh token, and an old list lacks the newest access token.
 */
export class GrantStore {
  readonly #recent = new Map<string, Recent>();

  /** For one answer of the library. */
  over(kv: KVNamespace): KVNamespace {
    let held: HeldGrant | undefined;
    const read = new Map<string, string>();

    const writeHeld = async () => {
      if (!held) return;
      const { key, text, options } = held;
      held = undefined;
      try {
        await kv.put(key, text, options);
      } catch (error) {
        // It may arrive all the same. The client has no answer, so what it knows is what counts.
        const before = read.get(key);
        if (before !== undefined) this.#remember(key, before);
        throw error;
      }
      this.#remember(key, text);
    };

    const store = {
      get: async (key: string, options?: { type: "json" }): Promise<unknown> => {
        const recent = this.#find(key);
        if (recent) return options && recent.text !== null ? JSON.parse(recent.text) : recent.text;
        const value: unknown = await (options ? kv.get(key, options) : kv.get(key));
        if (options && isGrant(key) && value !== null) read.set(key, JSON.stringify(value));
        return value;
      },
      put: async (key: string, text: string, options?: KVNamespacePutOptions) => {
        if (isGrant(key)) {
          held = { key, text, options };
          return;
        }
        await kv.put(key, text, options);
        this.#remember(key, text);
        await writeHeld();
      },
      delete: async (key: string) => {
        await kv.delete(key);
        this.#remember(key, null);
      },
      list: async (options: KVNamespaceListOptions) => {
        const page = await kv.list(options);
        const listed = new Set(page.keys.map(({ name }) => name));
        const lacking = options.cursor === undefined ? this.#names(options.prefix ?? "") : [];
        const added = lacking.filter((name) => !listed.has(name)).map((name) => ({ name }));
        return { ...page, keys: [...page.keys, ...added] };
      },
    };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The library calls nothing else.
    return store as unknown as KVNamespace;
  }

  #find(key: string): Recent | undefined {
    const recent = this.#recent.get(key);
    return recent && recent.until > Date.now() ? recent : undefined;
  }

  #names(prefix: string): string[] {
    return Array.from(this.#recent.keys()).filter(
      (key) => key.startsWith(prefix) && typeof this.#find(key)?.text === "string",
    );
  }

  #remember(key: string, text: string | null): void {
    const now = Date.now();
    for (const [name, { until }] of this.#recent) if (until <= now) this.#recent.delete(name);
    this.#recent.set(key, { text, until: now + RECENT_MS });
  }
}
