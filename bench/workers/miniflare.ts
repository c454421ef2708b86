import { createRequire } from "node:module";

import type { SourcelessWorkerOptions } from "wrangler";

/** What is used here of Miniflare, which Wrangler brings and does not re-export. */
interface MiniflareInstance {
  readonly ready: Promise<URL>;
  unsafeGetDirectURL(): Promise<URL>;
  getInspectorURL(): Promise<URL>;
  getKVNamespace(binding: string): Promise<{
    put(key: string, value: string, options: object): Promise<void>;
  }>;
  dispose(): Promise<void>;
}

export type MiniflareOptions = SourcelessWorkerOptions & {
  modules: { type: "ESModule"; path: string }[];
  modulesRoot: string;
  cf: false;
  inspectorPort?: number;
  resourcePersistencePath?: string;
  handleStructuredLogs(): void;
};

interface MiniflareModule {
  Miniflare: new (options: unknown) => MiniflareInstance;
  convertV4MiniflareOptions(options: MiniflareOptions): unknown;
}

const fromWrangler = createRequire(createRequire(import.meta.url).resolve("wrangler"));

/** Starts workerd with one Worker. */
export function startMiniflare(options: MiniflareOptions): MiniflareInstance {
  const { Miniflare, convertV4MiniflareOptions } = fromWrangler("miniflare") as MiniflareModule;
  return new Miniflare(convertV4MiniflareOptions(options));
}

/** The exact runtime that everything is measured on. */
export function workerdVersion(): string {
  return (fromWrangler("workerd/package.json") as { version: string }).version;
}
