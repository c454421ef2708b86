import * as fc from "fast-check";

const PIECES = [
  "",
  " ",
  "null",
  "undefined",
  "[object Object]",
  "NaN",
  "-1",
  "1e999",
  "true",
  "*",
  "__proto__",
  "constructor",
  "toString",
  "../../etc/passwd",
  "..%2f..%2f",
  "%00",
  "%",
  "%zz",
  "\u0000",
  "\r\nX-Injected: yes",
  "\u202Egnp.exe",
  "\u{1F648}",
  "\uD800",
  "ÿ",
  "a:b",
  "a:b:c",
  "::",
  "javascript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "file:///etc/passwd",
  "//evil.example/",
  "https://evil.example/callback",
  "http://169.254.169.254/latest/meta-data",
  "<script>alert(1)</script>",
  "' OR 1=1 --",
  "${7*7}{{7*7}}",
  "W10=",
  "2026-07-28",
  "1999-01-01",
];

/** Around the limits that count here: 512 bytes of a KV key, and our own of 1, 2, 16 KiB. */
const LENGTHS = [120, 505, 513, 600, 1025, 2100, 5000, 17_000];

/** Text as nobody sends it in good faith: famous, long, in parts, or random. */
export function oddText(): fc.Arbitrary<string> {
  const long = fc
    .tuple(fc.constantFrom("a", "é", "%", "0", ".", "\u{1F648}"), fc.constantFrom(...LENGTHS))
    .map(([piece, times]) => piece.repeat(times));
  const tokenLike = fc
    .tuple(long, fc.constantFrom("b", "", "é"), fc.constantFrom("c", "", ":::"))
    .map((parts) => parts.join(":"));
  return fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...PIECES) },
    { weight: 2, arbitrary: long },
    { weight: 1, arbitrary: tokenLike },
    { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
    { weight: 1, arbitrary: fc.string({ maxLength: 40 }) },
  );
}
