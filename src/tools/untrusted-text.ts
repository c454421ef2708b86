/** What a person would not see but a model would read. */
const INVISIBLE = new RegExp(
  [
    // Zero-width, bidi, tag, filler, variation and control characters, but for tabs and line ends.
    String.raw`(?![\t\n\r\u200D\uFE0F])[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}]`,
    // The emoji selector, except on an emoji or a keycap.
    String.raw`(?<!\p{Extended_Pictographic})\uFE0F(?!\u20E3)`,
    // The joiner, except between two emoji.
    String.raw`(?<!\p{Extended_Pictographic}[\uFE0F\p{Emoji_Modifier}]?)\u200D`,
    String.raw`\u200D(?!\p{Extended_Pictographic})`,
  ].join("|"),
  "gu",
);

export function removeInvisible(text: string): string {
  return text.replace(INVISIBLE, "");
}
