import { inSource, never, off, provenBy } from "./guards.ts";
import type { SecurityCase } from "./security-case.ts";

const TOKEN = "auth/service-token";
const SOURCE = "src/auth/service-token.ts";
const FORMAT = { file: "unit/auth/service-token-format" };

/** Tokens of this server's own, which programs present. */
export const serviceTokenCases: readonly SecurityCase[] = [
  {
    id: "W20",
    threat: "Whoever can read KV takes service tokens from it",
    answer: "KV has a SHA-256 of each, of 190 random bits that nobody can try",
    tests: [...provenBy(TOKEN, "rests in KV as a hash"), FORMAT],
    guards: [
      [
        off(
          "scripts/service-token.ts",
          "value: JSON.stringify(record)",
          "value: JSON.stringify({ ...record, token })",
        ),
      ],
      [inSource("auth/service-token-format.ts", "byte < FAIR_BYTES", "byte < 256")],
    ],
  },
  {
    id: "W21",
    threat: "Made-up service tokens cost a look at storage each",
    answer: "401 without one, unless the checksum fits; refused tokens count by address",
    tests: [...provenBy(TOKEN, "costs no look at storage"), FORMAT],
    guards: [
      [
        inSource(
          "auth/service-token-format.ts",
          "checksum === checksumOf(unchecked) ? id : undefined",
          "id",
        ),
      ],
    ],
  },
  {
    id: "W22",
    threat: "Somebody knows a service token's id, and tries secrets",
    answer: "401; hashes are compared in constant time",
    tests: provenBy(TOKEN, "when its secret is not the one of its record"),
    guards: [never(SOURCE, "!isSame(record.hash, await hashOfServiceToken(token))")],
  },
  {
    id: "W23",
    threat: "A service token is used after its end",
    answer: "401 from that second on, and the streams that it opened end",
    tests: provenBy(TOKEN, "once it has expired", "ends the streams that it opened"),
    guards: [
      never(SOURCE, "record.expiresAt * 1000 <= Date.now()"),
      [inSource("auth/service-token.ts", "expiresAt: record.expiresAt,", "")],
    ],
  },
  {
    id: "W24",
    threat: "A service token is used after it was revoked",
    answer:
      "401: its record is read for every request, and KV shows a deleted one for 30 s at most",
    tests: provenBy(TOKEN, "once it was revoked"),
    guards: [
      [
        inSource(
          "auth/service-token.ts",
          "const record = await env.OAUTH_KV.get",
          "const kept = ((globalThis as any).kept ??= {}); const record = kept[id] ??= await env.OAUTH_KV.get",
        ),
      ],
    ],
  },
  {
    id: "W25",
    threat: "The note of a token's last use comes late, and brings back a revoked token",
    answer: "Uses have keys of their own, without the hash",
    tests: provenBy(TOKEN, "once it was revoked", "notes when it was last used"),
    guards: [
      [
        inSource(
          "auth/service-token.ts",
          'put(serviceTokenUseKey(id), "", { metadata, expiration })',
          "put(serviceTokenKey(id), JSON.stringify(record), { metadata, expiration })",
        ),
      ],
    ],
  },
  {
    id: "W26",
    threat: "A program uses the session of another program, or of a person",
    answer: "404: a session's id is signed for one identity and one token",
    tests: provenBy(TOKEN, "opens no session of another token"),
    guards: [
      [inSource("auth/service-token.ts", "const name = `token:${id}`;", 'const name = "token";')],
    ],
  },
  {
    id: "W27",
    threat: "A program calls without end, and others wait",
    answer: "429 by token; the others go on",
    tests: provenBy(TOKEN, "is limited by itself"),
    guards: [
      [inSource("auth/service-token.ts", "const name = `token:${id}`;", 'const name = "token";')],
    ],
  },
  {
    id: "W28",
    threat: "A record that storage garbled lets somebody in, or has a good token thrown away",
    answer: "503, and storage.unreadable in the log",
    tests: provenBy(TOKEN, "a line in the log when its record is"),
    guards: [[inSource("storage.ts", 'areTexts(record, "hash", "name") &&', "true ||")]],
  },
  {
    id: "W29",
    threat: "A service token gets into the log",
    answer: "Its prefix is known there, and what follows is redacted",
    tests: [{ file: "unit/log", name: "a service token" }],
    guards: [[inSource("log.ts", "mcpw_[A-Za-z0-9]{8,}|", "")]],
  },
];
