import { isLoopbackHost } from "../setting-types.ts";

/**
 * Whether a page of this origin may call the MCP endpoints (MCP 2025-11-25, Streamable HTTP,
 * security: `Origin` must be validated). No header means no browser. Loopback pages run on the
 * person's own machine, where local tools such as the Inspector live.
 */
export function isAllowedOrigin(
  header: string | null,
  own: string,
  allowed: ReadonlySet<string>,
): boolean {
  if (header === null) return true;
  if (!URL.canParse(header)) return false;
  const url = new URL(header);
  if (url.origin !== header.toLowerCase()) return false;
  return url.origin === own || isLoopbackHost(url.hostname) || allowed.has(url.origin);
}
