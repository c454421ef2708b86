import * as tls from "node:tls";

/** The certificate authorities that Node trusts, in PEM: those of `NODE_EXTRA_CA_CERTS` too, where Node can say so. */
export function trustedAuthorities(): readonly string[] {
  // Node 20 cannot be asked what it trusts besides its own.
  const { getCACertificates: ask }: Pick<Partial<typeof tls>, "getCACertificates"> = tls;
  return ask?.() ?? tls.rootCertificates;
}
