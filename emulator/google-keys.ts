import { generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** Which key signs: Google's newest, the one before, or one that was never Google's. */
export type Signer = "current" | "former" | "stranger";

export type GoogleKeys = ReturnType<typeof googleKeys>;

export function makeKey(): SigningKey {
  const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { kid: randomBytes(20).toString("hex"), ...pair };
}

/** Two keys are always published, as Google does: tokens of both are in use. */
export function googleKeys() {
  let [current, former] = [makeKey(), makeKey()];
  const stranger = makeKey();
  return {
    get: (signer: Signer): SigningKey => ({ current, former, stranger })[signer],
    rotate() {
      [current, former] = [makeKey(), current];
    },
    /** RFC 7517, as Google writes it. */
    jwks: () => ({
      keys: [former, current].map(({ kid, publicKey }) => {
        return { ...publicKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid };
      }),
    }),
  };
}
