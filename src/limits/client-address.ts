/** Where a developer's own programs come from, each of which is the developer. */
const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|::1)$/;

/** The first 64 bits of an IPv6 address, which one customer of a provider has at the least. */
function networkOf(address: string): string {
  const [head = "", tail] = address.split("::");
  const before = head.split(":");
  const after = tail === undefined ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array.from({ length: zeros }, () => "0"), ...after];
  return groups
    .slice(0, 4)
    .map((group) => (Number.parseInt(group, 16) || 0).toString(16))
    .join(":");
}

/**
 * Whose requests count together where nobody has signed in yet: an IPv4 address, or an IPv6 network
 * of 64 bits. Cloudflare writes the header, takes none from outside, and never names loopback:
 * `undefined` is a request on a developer's machine.
 */
export function clientAddress({ headers }: Request): string | undefined {
  const address = headers.get("cf-connecting-ip");
  if (address === null || LOOPBACK.test(address)) return undefined;
  return address.includes(":") ? networkOf(address) : address;
}
