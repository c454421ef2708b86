/** How core-js hands out `trim`, without its polyfill: the method of a value, still to be called on it. */
export default function trim(text: string): string["trim"] {
  return text.trim;
}
