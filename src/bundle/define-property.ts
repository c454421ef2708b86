/** Babel's helper without the polyfill of `Object.defineProperty`. */
export default function defineProperty(target: object, key: PropertyKey, value: unknown): object {
  return Object.defineProperty(target, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
