import type { Caller } from "./caller.ts";
import type { Call } from "./input.ts";
import type { World } from "./world.ts";

/** A request to the API, and who makes it. */
export interface ApiRequest {
  world: World;
  call: Call;
  path: string;
  parts: string[];
  caller: Caller;
}
