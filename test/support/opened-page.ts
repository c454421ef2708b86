import type { Shell } from "./shell.ts";
import { allow, type Allowance } from "./sign-in.ts";
import type { TestStack } from "./stack.ts";

/** Allows on the page that a program opens, and goes back to the program; returns the page. */
export async function signInAtOpenedPage(
  stack: Pick<TestStack, "url" | "github">,
  { firstOpened }: Pick<Shell, "firstOpened">,
  ended: Promise<unknown>,
  allowance: Allowance,
): Promise<string> {
  const page = await firstOpened(ended);
  const done = await fetch(await allow(stack, page, allowance));
  if (!done.ok) throw new Error(`The program answered ${done.status}: ${await done.text()}`);
  return page;
}
