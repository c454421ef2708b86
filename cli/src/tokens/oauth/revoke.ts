import { type FetchLike, selectClientAuthMethod } from "@modelcontextprotocol/client";

import type { KeptClient, SignInRecord } from "./sign-in-record.ts";

/** Whether the authorization server took the tokens back, did not, or has no way to. */
export type Revocation = "revoked" | "failed" | "unsupported";

/** Takes back what was granted (RFC 7009): the refresh token first, from which others could be made. */
export async function revoke(
  { authorizationServer, client, tokens }: SignInRecord,
  fetchFn: FetchLike,
): Promise<Revocation> {
  const metadata = authorizationServer?.metadata;
  const endpoint = metadata?.revocation_endpoint;
  if (endpoint === undefined || !client || !tokens) return "unsupported";
  const methods = metadata?.token_endpoint_auth_methods_supported ?? [];
  let isDone = true;
  for (const hint of ["refresh_token", "access_token"] as const) {
    const token = tokens[hint];
    if (token === undefined) continue;
    const form = new URLSearchParams({ token, token_type_hint: hint });
    try {
      const response = await fetchFn(endpoint, {
        method: "POST",
        headers: authentication(client, methods, form),
        body: form,
      });
      await response.body?.cancel();
      isDone &&= response.ok;
    } catch {
      isDone = false;
    }
  }
  return isDone ? "revoked" : "failed";
}

/** Says who asks, in the way that the SDK chose at the token endpoint (RFC 6749, section 2.3.1). */
function authentication(
  client: KeptClient,
  methods: string[],
  form: URLSearchParams,
): Record<string, string> {
  const { client_id, client_secret } = client;
  const method = selectClientAuthMethod(client, methods);
  if (method === "client_secret_basic" && client_secret !== undefined)
    return { authorization: `Basic ${btoa(`${client_id}:${client_secret}`)}` };
  form.set("client_id", client_id);
  if (client_secret !== undefined) form.set("client_secret", client_secret);
  return {};
}
