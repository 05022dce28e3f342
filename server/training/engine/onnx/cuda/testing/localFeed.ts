/** A package feed on this machine, which answers as a test wants it to. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import type { ProviderPackage } from "../providerPackage.ts";

export const PACKAGE = "Some.Runtime.Gpu";
export const VERSION = "7.1.0";
/** Where the package has its two libraries. */
export const PATHS = {
  "libonnxruntime_providers_cuda.so": "runtimes/native/libonnxruntime_providers_cuda.so",
  "libonnxruntime_providers_shared.so": "runtimes/native/libonnxruntime_providers_shared.so",
} as const;

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface LocalFeed {
  provider: ProviderPackage;
  /** Paths that were asked for, in order. */
  asked: string[];
}

/**
 * Starts the feed; it ends with the test.
 *
 * @param archive the package, or how its address answers
 * @param others how other addresses answer, by path
 */
export async function localFeed(
  t: TestContext,
  archive: Buffer | Answer,
  others: Readonly<Record<string, Answer>> = {},
): Promise<LocalFeed> {
  const asked: string[] = [];
  const id = PACKAGE.toLowerCase();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    asked.push(pathname);
    const given = answers()[pathname];
    if (given) given(request, response);
    else response.writeHead(404).end();
  });
  const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const answers = (): Record<string, Answer> => ({
    "/index.json": json({ resources: [{ "@id": `${address()}/flat`, "@type": "PackageBaseAddress/3.0.0" }] }),
    [`/flat/${id}/index.json`]: json({ versions: ["7.0.0", VERSION] }),
    [`/flat/${id}/${VERSION}/${id}.${VERSION}.nupkg`]: typeof archive === "function" ? archive : bytes(archive),
    ...others,
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  t.after(() => {
    server.closeAllConnections();
    return new Promise((closed) => server.close(closed));
  });
  const provider: ProviderPackage = {
    name: PACKAGE,
    sources: [{ version: VERSION, index: new URL("/index.json", address()) }],
    files: Object.entries(PATHS).map(([name, path]) => ({ name, path })),
  };
  return { provider, asked };
}

export const json =
  (value: unknown): Answer =>
  (_, response) =>
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));

export const bytes =
  (content: Buffer): Answer =>
  (_, response) =>
    response.writeHead(200, { "content-length": content.length }).end(content);

/** The first half, with the length of the whole; then `and`. */
export const half =
  (content: Buffer, and: (response: ServerResponse) => void): Answer =>
  (_, response) => {
    response.writeHead(200, { "content-length": content.length });
    response.write(content.subarray(0, content.length / 2), () => and(response));
  };
