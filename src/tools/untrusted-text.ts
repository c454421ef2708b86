/**
 * Characters that a person would not see but a model would read: format characters (bidi controls,
 * zero-width, tags), variation selectors beyond the emoji one, and control characters other than
 * tab and line ends. The joiner of emoji sequences stays where it joins emoji.
 */
const INVISIBLE =
  /(?<!\p{Extended_Pictographic}\uFE0F?)\u200D|(?!\u200D)\p{Cf}|[\uFE00-\uFE0E\u{E0100}-\u{E01EF}\u115F\u1160\u3164\uFFA0]|(?![\t\n\r])\p{Cc}/gu;

export function removeInvisible(text: string): string {
  return text.replace(INVISIBLE, "");
}
