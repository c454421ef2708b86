import { describe, expect, it } from "vitest";
import * as z from "zod";

import { isScope } from "../../../src/auth/scopes.ts";
import type { Tool } from "../../../src/tools/define-tool.ts";
import { exampleTools } from "../../../src/tools/examples.ts";
import { tools } from "../../../src/tools/index.ts";

type JsonSchema = z.core.JSONSchema.BaseSchema;

const jsonSchemaOf = (schema: z.ZodObject, io: "input" | "output"): JsonSchema =>
  z.toJSONSchema(schema, { io });

/** Every field of a schema, the nested ones included, by its path. */
function fieldsOf(schema: JsonSchema, path = ""): [path: string, field: JsonSchema][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const child = field as JsonSchema;
    return [[path + name, child], ...fieldsOf(child, `${path}${name}.`)];
  });
}

const named = (tool: Tool) => ({ name: tool.name, tool });

describe("the registry of tools", () => {
  it("holds exactly the known tools, in the order in which clients see them", () => {
    expect(tools.map(({ name }) => name)).toEqual([
      "add",
      "userInfoOctokit",
      "getGithubReadme",
      "whoami",
      "generateImage",
    ]);
  });

  it("gives every tool a name and a title of its own", () => {
    const titles = tools.map(({ title }) => title);

    expect(new Set(tools.map(({ name }) => name)).size).toBe(tools.length);
    expect(new Set(titles).size).toBe(titles.length);
  });
});

describe.each([...tools, ...exampleTools].map(named))("$name", ({ tool }) => {
  it("has a name that every client can show and call", () => {
    expect(tool.name).toMatch(/^[A-Za-z][A-Za-z0-9_-]{1,63}$/);
  });

  it("has a title of a few words, without a full stop", () => {
    expect(tool.title).toMatch(/^[A-Z].{4,48}[^.\s]$/);
  });

  it("has a description of a sentence or a few", () => {
    expect(tool.description).toMatch(/^[A-Z].{20,398}\.$/);
  });

  it("says all four hints, as truth values that do not contradict each other", () => {
    const { readOnlyHint, destructiveHint, ...others } = tool.annotations;

    expect(Object.values(others)).toEqual([expect.any(Boolean), expect.any(Boolean)]);
    expect(Object.keys(others).toSorted()).toEqual(["idempotentHint", "openWorldHint"]);
    expect([readOnlyHint, destructiveHint]).toEqual([expect.any(Boolean), expect.any(Boolean)]);
    expect(readOnlyHint && destructiveHint).toBe(false);
  });

  it("asks for scopes that exist, each once, the baseline first", () => {
    expect(tool.scopes.every(isScope)).toBe(true);
    expect(tool.scopes[0]).toBe("mcp:tools");
    expect(new Set(tool.scopes).size).toBe(tool.scopes.length);
  });

  it.each(["input", "output"] as const)("has an %s schema that JSON Schema can say", (io) => {
    const schema = jsonSchemaOf(tool[io], io);

    expect(schema.type).toBe("object");
    expect(schema).not.toHaveProperty("anyOf");
    expect(schema).not.toHaveProperty("oneOf");
    expect(schema).not.toHaveProperty("allOf");
  });

  it.each(["input", "output"] as const)("has an %s schema without transforms", (io) => {
    const withoutDefaults = (schema: JsonSchema) =>
      Object.fromEntries(
        fieldsOf(schema).map(([path, { type, anyOf }]) => [path, { type, anyOf }]),
      );

    const accepted = withoutDefaults(jsonSchemaOf(tool[io], "input"));

    expect(withoutDefaults(jsonSchemaOf(tool[io], "output"))).toEqual(accepted);
  });

  it("describes every field that a caller fills in, in a few words", () => {
    const fields = fieldsOf(jsonSchemaOf(tool.input, "input"));

    const unclear = fields.filter(
      ([, { description = "" }]) => !/^[A-Z].{8,150}[^.\s]$/.test(description),
    );

    expect(unclear).toEqual([]);
  });

  it("describes no field of its answer at length", () => {
    const fields = fieldsOf(jsonSchemaOf(tool.output, "output"));

    const unclear = fields.filter(
      ([, { description = "Short" }]) => !/^\S.{2,150}$/.test(description),
    );

    expect(unclear).toEqual([]);
  });
});
