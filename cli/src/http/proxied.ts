import { isLoopback } from "../target.ts";

/** A variable, in capitals or not: both are in use. */
function variable(name: string): string | undefined {
  return process.env[name.toLowerCase()] || process.env[name] || undefined;
}

/** What goes without the proxy, as `NO_PROXY` says it. */
export function namedExceptions(): string | undefined {
  const { no_proxy: lower, NO_PROXY: named = lower } = process.env;
  return named;
}

/** `host`, `.domain`, `*.domain` or `*`, each with a port or without. */
function excludes(entry: string, { hostname, port, protocol }: URL): boolean {
  if (`[${entry}]` === hostname) return true;
  const [, name = "", only] = /^(.*?)(?::(\d+))?$/.exec(entry.trim().toLowerCase()) ?? [];
  if (only !== undefined && only !== (port || (protocol === "https:" ? "443" : "80"))) return false;
  const domain = name.replace(/^\*?\./, "");
  return name === "*" || (name !== "" && (hostname === domain || hostname.endsWith(`.${domain}`)));
}

/** Whether the proxy variables lead requests to this address through a proxy: to this machine, never. */
export function isProxied(url: URL): boolean {
  const proxy =
    url.protocol === "https:"
      ? (variable("HTTPS_PROXY") ?? variable("HTTP_PROXY"))
      : variable("HTTP_PROXY");
  if (proxy === undefined || isLoopback(url)) return false;
  const exceptions = (namedExceptions() ?? "").split(/[\s,]+/);
  return !exceptions.some((entry) => excludes(entry, url));
}
