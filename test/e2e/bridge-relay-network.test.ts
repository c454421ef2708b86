import { describe, expect, it } from "vitest";

import { startProxy } from "../support/bridge/fixture-proxy.ts";
import { sessionServer } from "../support/bridge/fixture-sessions.ts";
import { echo, setting } from "../support/bridge/fixture-setting.ts";
import { makeCertificate } from "../support/bridge/fixture-tls.ts";

const { serve, bridgeTo, atEnd } = setting();

/** A name that no resolver knows (RFC 2606). */
const NAME = "mcp.example";

async function serveTls() {
  const certificate = await makeCertificate(NAME);
  atEnd(certificate.remove);
  return { certificate, server: await serve(sessionServer(echo).handle, { tls: certificate }) };
}

async function proxyTo(port: number) {
  const proxy = await startProxy(port);
  atEnd(proxy.close);
  return proxy;
}

describe("mcp-bridge run, on its way to the server", () => {
  it.for(["HTTPS_PROXY", "https_proxy"])(
    "goes through the proxy of %s, and trusts the authority of --ca",
    async (variable) => {
      const { certificate, server } = await serveTls();
      const proxy = await proxyTo(server.port);
      const env = { [variable]: proxy.url };
      const bridge = bridgeTo(`https://${NAME}/mcp`, ["--ca", certificate.file], env);

      await bridge.initialize();
      const answer = await bridge.ask("x", { by: "proxy" });

      expect(answer.result.echoed).toEqual({ by: "proxy" });
      expect(new Set(proxy.asked)).toEqual(new Set([`${NAME}:443`]));
    },
  );

  it("goes through the proxy of HTTP_PROXY to a plain server that is allowed", async () => {
    const server = await serve(sessionServer(echo).handle);
    const proxy = await proxyTo(server.port);
    const bridge = bridgeTo(`http://${NAME}/mcp`, ["--allow-http"], { HTTP_PROXY: proxy.url });

    await bridge.initialize();

    expect(await bridge.ask("x")).toMatchObject({ result: { echoed: {} } });
    expect(proxy.asked).toContain(`${NAME}:80`);
  });

  it("passes the proxy by for what NO_PROXY names", async () => {
    const { certificate, server } = await serveTls();
    const proxy = await proxyTo(server.port);
    const env = { HTTPS_PROXY: proxy.url, NO_PROXY: `other.example,.${NAME}` };
    const bridge = bridgeTo(`https://${NAME}/mcp`, ["--ca", certificate.file], env);

    bridge.send({ id: 1, method: "x" });
    await expect.poll(() => bridge.stderr()).toContain("cannot be reached (ENOTFOUND)");

    expect(proxy.asked).toEqual([]);
  });

  it("passes the proxy by for this machine, to which plain http is allowed", async () => {
    const server = await serve(sessionServer(echo).handle);
    const proxy = await proxyTo(server.port);
    const bridge = bridgeTo(server.url, [], { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url });

    await bridge.initialize();

    expect(await bridge.ask("x")).toMatchObject({ result: { echoed: {} } });
    expect(proxy.asked).toEqual([]);
  });

  it("trusts an authority of --ca without a proxy, beside those that Node trusts", async () => {
    const { certificate, server } = await serveTls();
    const bridge = bridgeTo(server.url, ["--ca", certificate.file]);

    await bridge.initialize();

    expect(await bridge.ask("x")).toMatchObject({ result: { echoed: {} } });
  });

  it("says at once that a certificate is not trusted, and what to do", async () => {
    const { server } = await serveTls();
    const bridge = bridgeTo(server.url);

    const { error } = await bridge.initialize();

    expect(error!.message).toMatch(/certificate is not trusted.*--ca/);
    expect(server.seen).toEqual([]);
  });

  it.for([
    ["a missing file", "/nowhere/authority.pem", /cannot be read: \/nowhere/],
    ["a file without a certificate", import.meta.filename, /holds no certificate/],
  ] as const)("ends with a clear error when --ca is %s", async ([, file, says]) => {
    const bridge = bridgeTo("https://mcp.example/mcp", ["--ca", file]);

    const { code } = await bridge.ended();

    expect(code).toBe(1);
    expect(bridge.stderr()).toMatch(says);
    expect(bridge.lines).toEqual([]);
  });

  it.for([
    ["plain http to another machine", `http://${NAME}/mcp`, /plain http.*--allow-http/],
    ["no address", "mcp.example", /no.* address|not an address/],
    ["an address with a password", "https://me:hunter22@mcp.example/", /name or a password/],
  ] as const)("refuses %s before it sends anything", async ([, url, says]) => {
    const bridge = bridgeTo(url);

    const { code } = await bridge.ended();

    expect(code).toBe(1);
    expect(bridge.stderr()).toMatch(says);
    expect(bridge.stderr()).not.toContain("hunter22");
  });

  it("sends --header with every request, also the stream's and the last one", async () => {
    const server = await serve(sessionServer(echo).handle);
    const headers = ["--header", "X-Team: blue", "--header", "Authorization: Bearer ${SECRET}"];
    const bridge = bridgeTo(server.url, headers, { SECRET: "s3cret-value" });
    await bridge.initialize();
    await server.arrived(({ method }) => method === "GET");
    await bridge.ended(() => bridge.process.stdin.end());

    expect(new Set(server.seen.map(({ method }) => method))).toEqual(
      new Set(["POST", "GET", "DELETE"]),
    );
    for (const { headers } of server.seen)
      expect(headers).toMatchObject({ "x-team": "blue", authorization: "Bearer s3cret-value" });
  });

  it("keeps its headers from another origin, and never tells a secret on stderr", async () => {
    const elsewhere = await serve((call) => call.status(200));
    const server = await serve((call) => {
      const echoed = `${call.headers.authorization} ${String(call.headers["x-key"])}`;
      if (call.message?.method !== "x") call.status(500, echoed);
      else call.response.writeHead(307, { location: elsewhere.url }).end(echoed);
    });
    const headers = [
      "--header",
      "Authorization: Bearer s3cret-value",
      "--header",
      "X-Key: k3y-value",
    ];
    const bridge = bridgeTo(server.url, ["--log-level", "debug", ...headers]);
    await bridge.initialize();

    const { error } = await bridge.ask("x");
    await bridge.ended(() => bridge.process.stdin.end());

    expect(elsewhere.seen).toEqual([]);
    expect(error!.message).toContain("points elsewhere");
    expect(bridge.stderr()).not.toMatch(/s3cret|k3y/);
    expect(bridge.lines.join("\n")).not.toMatch(/s3cret|k3y/);
  });
});
