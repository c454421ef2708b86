import { isLoopbackHost } from "../setting-types.ts";

/**
 * The origin under which this request is served, or `undefined` for a host that is not ours.
 * Issuer and resources are built from it, so a `Host` header must not be able to choose it: with
 * `PUBLIC_URL` only that origin is served, without it only workers.dev addresses, which Cloudflare
 * routes to their owner alone, and loopback.
 */
export function servedOrigin(url: URL, publicUrl: string | undefined): string | undefined {
  if (publicUrl) return url.host === new URL(publicUrl).host ? publicUrl : undefined;
  if (isLoopbackHost(url.hostname)) return url.origin;
  const isWorkersDev = url.hostname.endsWith(".workers.dev") && url.port === "";
  return isWorkersDev ? `https://${url.host}` : undefined;
}
