import { type Answer, json, noContent } from "./answer.ts";
import { knownPerson } from "./control-tokens.ts";
import { BadInput, type Call, jsonFields, requiredText } from "./input.ts";
import type { Repository } from "./repositories.ts";
import type { World } from "./world.ts";

export async function changeRepositories(
  world: World,
  call: Call,
  rest: string[],
): Promise<Answer | undefined> {
  const [owner, name, what, more] = rest;
  if (call.method === "POST" && rest.length === 0) return create(world, call);
  if (!owner || !name || more !== undefined) return undefined;
  const operation = `${call.method} ${what}`;
  if (operation === "PUT readme") {
    const path = call.query.get("path") ?? "README.md";
    const repository = await existing(world, owner, name);
    world.repositories.putReadme(repository, { path, bytes: call.body });
    return noContent();
  }
  if (operation === "DELETE readme") {
    world.repositories.putReadme(await existing(world, owner, name), "none");
    return noContent();
  }
  if (operation === "POST rename") return rename(world, call, await existing(world, owner, name));
  return undefined;
}

export function changePeople(world: World, call: Call, rest: string[]): Answer | undefined {
  if (call.method !== "POST" || rest.length !== 2 || rest[1] !== "rename") return undefined;
  const person = knownPerson(world, rest[0] ?? "");
  const login = requiredText(jsonFields(call.body), "login");
  if (!/^[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}$/.test(login)) {
    throw new BadInput('"login" must be a login as GitHub allows it.');
  }
  const holder = world.people.byLogin(login);
  if (holder && holder !== person) throw new BadInput(`The login "${login}" is taken.`, 409);
  world.people.rename(person, login);
  return json(200, { id: person.id, login });
}

async function create(world: World, call: Call): Promise<Answer> {
  const fields = jsonFields(call.body);
  const [owner, name] = [requiredText(fields, "owner"), requiredText(fields, "name")];
  if (fields.private !== undefined && typeof fields.private !== "boolean") {
    throw new BadInput('"private" must be true or false.');
  }
  const person = knownPerson(world, owner);
  const answer = await world.upstream.ask({
    home: person.home,
    method: "POST",
    path: "/user/repos",
    headers: JSON_HEADERS,
    body: JSON.stringify({ name, private: fields.private ?? false }),
  });
  if (answer.status !== 201) throw refused(answer.body, answer.status);
  const repository = await existing(world, owner, name);
  world.repositories.learn(repository);
  return json(201, { id: repository.id, full_name: repository.fullName });
}

async function rename(world: World, call: Call, repository: Repository): Promise<Answer> {
  const name = requiredText(jsonFields(call.body), "name");
  const [home = ""] = repository.home.split("/");
  const answer = await world.upstream.ask({
    home,
    method: "PATCH",
    path: `/repos/${repository.home}`,
    headers: JSON_HEADERS,
    body: JSON.stringify({ name }),
  });
  if (answer.status !== 200) throw refused(answer.body, answer.status);
  const renamed = { ...repository, home: `${home}/${name}`, name };
  world.repositories.learn(renamed, repository.home);
  return json(200, { id: repository.id, name });
}

const JSON_HEADERS = { "content-type": "application/json" };

/** Looks as the owner, who sees all of their own. */
async function existing(world: World, owner: string, name: string): Promise<Repository> {
  const viewer = { home: knownPerson(world, owner).home, readsPrivate: true };
  const located = await world.repositories.byName(viewer, owner, name);
  if (!located) throw new BadInput(`There is no repository ${owner}/${name}.`, 404);
  return located.repository;
}

function refused(body: Buffer, status: number): BadInput {
  return new BadInput(`The package "emulate" refused: ${body.toString("utf8")}`, status);
}
