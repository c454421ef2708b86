import { FAULT_WORDS, kvFault } from "./rules.ts";

interface Written {
  readonly text: string | null;
  readonly at: number;
}

/** What each key has held, newest last: KV elsewhere may go on showing what was there before. */
const history = new Map<string, Written[]>();

function remember(key: string, text: string | null): void {
  history.set(key, [...(history.get(key) ?? []), { text, at: Date.now() }]);
}

function wasWrittenAfter(key: string, since: number): boolean {
  return (history.get(key) ?? []).some(({ at }) => at >= since);
}

/** What a key held at a time. */
function asOf(key: string, time: number): string | null {
  return (history.get(key) ?? []).findLast(({ at }) => at < time)?.text ?? null;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

type Operation = "get" | "put" | "list" | "delete";

export function faultyKv(kv: KVNamespace): KVNamespace {
  async function struck<Result>(
    operation: Operation,
    key: string,
    work: () => Promise<Result>,
    changed: (result: Result, since: number, change: string) => Result,
  ): Promise<Result> {
    const strike = kvFault(operation, key);
    if (!strike) return work();
    const { fault, since } = strike;
    switch (fault.kind) {
      case "throws":
        throw new Error(`KV ${operation.toUpperCase()} failed: 500 ${FAULT_WORDS}`);
      case "limited":
        throw new Error(`KV ${operation.toUpperCase()} failed: 429 Too Many Requests`);
      case "throws-after":
        await work();
        throw new Error(`KV ${operation.toUpperCase()} failed: 500 ${FAULT_WORDS}`);
      case "slow":
        await pause(fault.ms);
        return work();
      case "says":
        return changed(await work(), since, fault.text);
      default:
        return changed(await work(), since, fault.kind);
    }
  }
  const unchanged = <Result>(result: Result) => result;

  const faulty = {
    get: (key: string) =>
      struck(
        "get",
        key,
        () => kv.get(key),
        (text, since, change) => {
          if (change === "stale") return wasWrittenAfter(key, since) ? asOf(key, since) : text;
          if (change === "cut") return text && text.slice(0, text.length / 2);
          return change;
        },
      ),
    put: (key: string, text: string, options?: KVNamespacePutOptions) =>
      struck(
        "put",
        key,
        async () => {
          await kv.put(key, text, options);
          remember(key, text);
        },
        unchanged,
      ),
    delete: (key: string) =>
      struck(
        "delete",
        key,
        async () => {
          await kv.delete(key);
          remember(key, null);
        },
        unchanged,
      ),
    list: (options: KVNamespaceListOptions) =>
      struck(
        "list",
        options.prefix ?? "",
        () => kv.list(options),
        (page, since) => ({
          ...page,
          keys: page.keys.filter(({ name }) => !wasWrittenAfter(name, since)),
        }),
      ),
  };
  return faulty as unknown as KVNamespace;
}
