import { type Answer, json, noContent } from "./answer.ts";
import { changePeople, changeRepositories } from "./control-repositories.ts";
import { controlTokens } from "./control-tokens.ts";
import { parseFaultRequest } from "./faults.ts";
import { BadInput, type Call, jsonFields, requiredText, segments } from "./input.ts";
import { appPrivateKey } from "./installations.ts";
import { changeMembership } from "./memberships.ts";
import type { World } from "./world.ts";

/** `/_emulator/…`: how a test arranges this GitHub, and reads what happened. */
export async function control(world: World, call: Call): Promise<Answer> {
  if (!isLocal(call)) return json(403, { error: "The control API answers this machine only." });
  const [, area, ...rest] = segments(call.path);
  const answer = await routed(world, call, area ?? "", rest);
  return answer ?? json(404, { error: `No control call ${call.method} ${call.path}.` });
}

async function routed(world: World, call: Call, area: string, rest: string[]) {
  const operation = `${call.method} ${[area, ...rest].join("/")}`;
  switch (operation) {
    case "GET requests":
      return json(200, world.log.list(call.query.get("login") ?? undefined));
    case "DELETE requests":
      world.log.clear();
      return noContent();
    case "GET app":
      return json(200, { private_key: appPrivateKey() });
    case "POST faults":
      return json(201, { id: world.faults.add(parseFaultRequest(jsonFields(call.body))) });
    case "DELETE faults":
      world.faults.clear();
      return noContent();
    case "POST redirect-origins":
      registerOrigin(world, requiredText(jsonFields(call.body), "origin"));
      return noContent();
    case "POST reset":
      world.reset();
      return noContent();
  }
  if (area === "tokens") return controlTokens(world, call, rest);
  if (area === "repos") return changeRepositories(world, call, rest);
  if (area === "people" && rest[1] === "memberships") return changeMembership(world, call, rest);
  if (area === "people") return changePeople(world, call, rest);
  return undefined;
}

function registerOrigin(world: World, text: string) {
  if (!URL.canParse(text) || new URL(text).origin !== text) {
    throw new BadInput('"origin" must be an origin such as https://worker.example.');
  }
  world.redirectOrigins.add(text);
  world.save();
}

const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/** A page elsewhere in the browser must not reach this, by its own origin or by a rebound name. */
function isLocal({ headers }: Call): boolean {
  const { host = "", origin } = headers;
  if (!LOOPBACK_HOST.test(host)) return false;
  return origin === undefined || origin === `http://${host}`;
}
