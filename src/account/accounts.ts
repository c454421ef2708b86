import { type Identity, identityKey } from "../auth/identity.ts";
import type { AccountObject } from "./account-object.ts";

/** The person's object. Calling it is a hop to wherever it lives: nothing that a fresh token needs. */
export function accountOf(env: Env, identity: Identity): DurableObjectStub<AccountObject> {
  return env.ACCOUNT_OBJECT.getByName(identityKey(identity));
}
