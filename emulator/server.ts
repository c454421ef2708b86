import type { IncomingMessage, ServerResponse } from "node:http";

import { accessToken, personOfExchange } from "./access-token.ts";
import { type Answer, apiError, html, json, send } from "./answer.ts";
import { authorize } from "./authorize.ts";
import { avatar } from "./avatar.ts";
import { bearerToken } from "./caller.ts";
import { control } from "./control.ts";
import { faultAnswer } from "./fault-answers.ts";
import { BadInput, type Call, readBody } from "./input.ts";
import { pageOf } from "./page.ts";
import type { LoggedRequest } from "./request-log.ts";
import { rest } from "./rest.ts";
import { presentedToken } from "./token-check.ts";
import type { World } from "./world.ts";

const API = "/api/v3";
const BODY_LIMIT_BYTES = 10 * 1024 * 1024;
/** A README of 100 MB is the largest that GitHub serves. */
const CONTROL_BODY_LIMIT_BYTES = 101 * 1024 * 1024;

export async function serve(world: World, request: IncomingMessage, response: ServerResponse) {
  const head = request.method === "HEAD";
  try {
    const call = await arrived(request);
    if (isControl(call.path)) return await send(response, await control(world, call), head);
    const answer = await observed(world, call);
    if (answer === "reset") return void response.socket?.resetAndDestroy();
    await send(response, answer, head);
  } catch (error) {
    await send(response, failure(error), head);
  }
}

async function arrived(request: IncomingMessage): Promise<Call> {
  const target = `http://localhost${request.url ?? "/"}`;
  if (!URL.canParse(target)) throw new BadInput("The path is malformed.");
  const { pathname: path, searchParams: query } = new URL(target);
  const limit = isControl(path) ? CONTROL_BODY_LIMIT_BYTES : BODY_LIMIT_BYTES;
  const body = await readBody(request, limit);
  return { method: request.method ?? "GET", path, query, headers: request.headers, body };
}

const isControl = (path: string) => path.startsWith("/_emulator/");

/** Answers a request that the log keeps and a fault may strike. */
async function observed(world: World, call: Call): Promise<Answer | "reset"> {
  const entry = logEntry(world, call);
  world.log.add(entry);
  const { path, method } = call;
  const usual = async () => {
    try {
      return await answerTo(world, call);
    } catch (error) {
      return failure(error);
    }
  };
  const fault = world.faults.take({ path, method, login: entry.login });
  const answer = fault ? await faultAnswer(fault, { ...world, usual }) : await usual();
  entry.status = answer === "reset" ? 0 : answer.status;
  return answer;
}

async function answerTo(world: World, call: Call): Promise<Answer> {
  const { path } = call;
  if (path === API || path.startsWith(`${API}/`)) {
    return rest(world, call, path.slice(API.length) || "/");
  }
  if (path === "/login/oauth/authorize") return authorize(world, call);
  if (path === "/login/oauth/access_token") return accessToken(world, call);
  if (path.startsWith("/avatars/")) return avatar(path);
  if (path === "/") return html(200, pageOf("The local GitHub", WELCOME));
  return html(404, pageOf("Nothing here", WELCOME));
}

const WELCOME =
  "<p>Applications sign people in at <code>/login/oauth/authorize</code> and find the REST API below <code>/api/v3</code>.</p>";

function logEntry(world: World, call: Call): LoggedRequest {
  const { method, path, query, headers } = call;
  const presented = path.startsWith(`${API}/applications/`)
    ? presentedToken(call)
    : bearerToken(headers.authorization);
  return {
    at: new Date().toISOString(),
    method,
    path,
    query: query.toString(),
    status: 0,
    token: presented || null,
    login: loginOf(world, call, presented),
    userAgent: headers["user-agent"] ?? null,
  };
}

/** A token that does not work any more still tells who tried. */
function loginOf(world: World, call: Call, presented: string | undefined): string | null {
  const isExchange = call.path === "/login/oauth/access_token";
  const userId = presented
    ? world.tokens.known(presented)?.userId
    : isExchange && call.method === "POST"
      ? personOfExchange(world, call)
      : undefined;
  return (userId !== undefined && world.people.byId(userId)?.login) || null;
}

function failure(error: unknown): Answer {
  if (error instanceof BadInput) {
    const { status, message } = error;
    return json(status, { message, error: message }, status === 413 ? { connection: "close" } : {});
  }
  const reason = error instanceof Error ? error.message : String(error);
  return apiError(500, `The GitHub emulator failed: ${reason}`);
}
