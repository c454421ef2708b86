import type { Patient } from "./patient.ts";
import { PATIENCE_MS } from "./patient.ts";

/** As much of an answer as says what kind of server gave it. */
export interface FirstAnswer {
  readonly status: number;
  readonly response: Response;
  /** Which transport's first request it answers. */
  readonly transport: "http" | "sse";
}

const INITIALIZE = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "mcp-bridge-doctor", version: "1" },
  },
};

/** What servers of the transport of 2024 may say to a POST (MCP 2025-11-25, backwards compatibility). */
const NOT_STREAMABLE = new Set([400, 404, 405]);

async function ask({ url }: Patient, send: Patient["send"], init: RequestInit): Promise<Response> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const response = await send(url, { ...init, redirect: "manual", signal });
  await response.body?.cancel();
  return response;
}

/** Asks for a session as a client does first, and gives it back if it got one. */
async function askForSession(patient: Patient, send: Patient["send"]): Promise<Response> {
  const response = await ask(patient, send, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
    },
    body: JSON.stringify(INITIALIZE),
  });
  const session = response.headers.get("mcp-session-id");
  if (session !== null)
    await ask(patient, send, { method: "DELETE", headers: { "mcp-session-id": session } });
  return response;
}

function askForStream(patient: Patient, send: Patient["send"]): Promise<Response> {
  return ask(patient, send, { headers: { accept: "text/event-stream" } });
}

function isStream({ headers }: Response): boolean {
  return headers.get("content-type")?.startsWith("text/event-stream") === true;
}

/** What the server says to the first request of a client, of either transport. */
export async function firstAnswer(patient: Patient, send: Patient["send"]): Promise<FirstAnswer> {
  const { transport } = patient.options;
  const of = (response: Response, name: "http" | "sse") => ({
    status: response.status,
    response,
    transport: name,
  });
  if (transport === "sse") return of(await askForStream(patient, send), "sse");
  const response = await askForSession(patient, send);
  if (transport === "http" || !NOT_STREAMABLE.has(response.status)) return of(response, "http");
  const stream = await askForStream(patient, send);
  const isSse = (stream.ok && isStream(stream)) || stream.status === 401;
  return isSse ? of(stream, "sse") : of(response, "http");
}
