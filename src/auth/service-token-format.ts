import { sha256 } from "./sha256.ts";

/** What scanners for leaked secrets look for, and `redact` in the log. */
const PREFIX = "mcpw_";
const ID_LENGTH = 8;
/** 62^32 is more than 2^190. */
const SECRET_LENGTH = 32;
/** 62^6 is more than 2^32. */
const CHECKSUM_LENGTH = 6;

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const TOKEN = /^(mcpw_([0-9A-Za-z]{8})[0-9A-Za-z]{32})([0-9A-Za-z]{6})$/;

/** Bytes from here on would make the first digits likelier than the others. */
const FAIR_BYTES = 256 - (256 % DIGITS.length);

function randomDigits(length: number): string {
  let digits = "";
  while (digits.length < length) {
    const bytes = crypto.getRandomValues(new Uint8Array(length));
    const fair = Array.from(bytes).filter((byte) => byte < FAIR_BYTES);
    digits += fair.map((byte) => DIGITS[byte % DIGITS.length]).join("");
  }
  return digits.slice(0, length);
}

/** CRC-32 as in PNG and gzip (ISO 3309), of text in ASCII. */
function crc32(text: string): number {
  let rest = 0xff_ff_ff_ff;
  for (const byte of new TextEncoder().encode(text)) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit += 1) rest = (rest >>> 1) ^ (rest & 1 ? 0xed_b8_83_20 : 0);
  }
  return ~rest >>> 0;
}

function checksumOf(text: string): string {
  let rest = crc32(text);
  let digits = "";
  while (digits.length < CHECKSUM_LENGTH) {
    digits = `${DIGITS[rest % DIGITS.length]}${digits}`;
    rest = Math.floor(rest / DIGITS.length);
  }
  return digits;
}

/** Whether a text means to be a service token, if only in part. */
export function isLikeServiceToken(text: string): boolean {
  return /^mcpw_[0-9A-Za-z]*$/.test(text);
}

/**
 * A new service token: a prefix, a public id, a secret and a checksum, all in letters and digits.
 * Scanners find one that leaked without taking other text for it, and one that was mistyped or cut
 * off is known as such without a look at storage.
 */
export function makeServiceToken(): { id: string; token: string } {
  const id = randomDigits(ID_LENGTH);
  const unchecked = `${PREFIX}${id}${randomDigits(SECRET_LENGTH)}`;
  return { id, token: `${unchecked}${checksumOf(unchecked)}` };
}

/** The public id of a well-formed token; `undefined` for any other text. */
export function idOfServiceToken(text: string): string | undefined {
  const [, unchecked = "", id, checksum] = TOKEN.exec(text) ?? [];
  return checksum === checksumOf(unchecked) ? id : undefined;
}

/**
 * As what a token is kept: SHA-256. A slow or salted hash would add nothing, because nobody can try
 * 190 random bits.
 */
export const hashOfServiceToken = sha256;
