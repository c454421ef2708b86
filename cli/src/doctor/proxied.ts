/** A variable, in capitals or not: both are in use. */
function variable(name: string): string | undefined {
  return process.env[name.toLowerCase()] || process.env[name] || undefined;
}

/** `host`, `.domain`, `*.domain` or `*`, each with a port or without. */
function excludes(entry: string, { hostname, port, protocol }: URL): boolean {
  if (`[${entry}]` === hostname) return true;
  const [, name = "", only] = /^(.*?)(?::(\d+))?$/.exec(entry.trim().toLowerCase()) ?? [];
  if (only !== undefined && only !== (port || (protocol === "https:" ? "443" : "80"))) return false;
  const domain = name.replace(/^\*?\./, "");
  return name === "*" || (name !== "" && (hostname === domain || hostname.endsWith(`.${domain}`)));
}

/** Whether the proxy variables lead requests to this address through a proxy. */
export function isProxied(url: URL): boolean {
  const proxy =
    url.protocol === "https:"
      ? (variable("HTTPS_PROXY") ?? variable("HTTP_PROXY"))
      : variable("HTTP_PROXY");
  if (proxy === undefined) return false;
  const exceptions = (variable("NO_PROXY") ?? "").split(/[\s,]+/);
  return !exceptions.some((entry) => excludes(entry, url));
}
