/**
 * A page of a view, and a server in place of the editor. What the editor would pass on goes through an event stream and
 * posts, so that nothing of the test's driver is in the way.
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { PageParts } from "../../extension/views/page.ts";
import { bundle } from "../../scripts/bundle.ts";
import { entries } from "../../scripts/entries.ts";
import { type Theme, themes } from "./themes.ts";

const types: Record<string, string> = { ".js": "text/javascript", ".css": "text/css", ".ttf": "font/ttf" };

export interface Bundles extends Disposable {
  /** Stands for dist/. */
  folder: string;
}

/** Bundles what a view is made of, so that it is tested as it is written now. */
export async function bundleMatching(sources: RegExp): Promise<Bundles> {
  const folder = mkdtempSync(path.join(tmpdir(), "view-"));
  await Promise.all(entries.filter(({ source }) => sources.test(source)).map((entry) => bundle(entry, folder)));
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface ViewServerOptions {
  dist: string;
  /** Name of script and style. */
  view: string;
  page(parts: PageParts): string;
  /** A message of the view. */
  receive(message: unknown): void;
}

export interface ViewServer extends AsyncDisposable {
  /** To the view. */
  send(message: unknown): void;
  address(theme: Theme, title: string): string;
}

export async function serveView({ dist, view, page, receive }: ViewServerOptions): Promise<ViewServer> {
  let stream: ServerResponse | undefined;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://view");
    if (url.pathname === "/stream") {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(":\n\n");
      stream = response;
    } else if (url.pathname === "/post") {
      void bodyOf(request).then((body) => {
        receive(JSON.parse(body));
        response.end();
      });
    } else if (url.pathname === "/") {
      response.writeHead(200, { "content-type": "text/html" });
      response.end(pageFor(url, (server.address() as AddressInfo).port));
    } else serveFile(path.join(dist, "webview", path.basename(url.pathname)), response);
  });

  function pageFor(url: URL, port: number): string {
    const nonce = randomBytes(16).toString("base64url");
    const source = `http://127.0.0.1:${port}`;
    const title = url.searchParams.get("title") ?? "";
    const theme = themes[(url.searchParams.get("theme") ?? "dark") as Theme];
    // The editor's own bridge needs no connection and sets its variables itself; this one needs leave for both.
    return page({ script: `/${view}.js`, style: `/${view}.css`, source, nonce, title })
      .replace("default-src 'none'", `default-src 'none'; connect-src ${source}`)
      .replace(
        "<link",
        `<style nonce="${nonce}">html { ${theme.variables} }</style>\n<script nonce="${nonce}">${bridge}</script>\n<link`,
      )
      .replace(/<body(?=[ >])/, `<body class="${theme.bodyClass}" data-vscode-theme-kind="${theme.bodyClass}"`);
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    send: (message) => void stream?.write(`data: ${JSON.stringify(message)}\n\n`),
    address: (theme, title) => `http://127.0.0.1:${port}/?${new URLSearchParams({ theme, title })}`,
    [Symbol.asyncDispose]: () => stopped(server),
  };
}

/** What the editor gives a view: `acquireVsCodeApi`, with state that outlives the page. */
const bridge = `
  // One after the other, as the editor passes them on.
  let streamOpen;
  let sent = new Promise((resolve) => { streamOpen = resolve; });
  globalThis.acquireVsCodeApi = () => ({
    postMessage: (message) => { sent = sent.then(() => fetch("/post", { method: "POST", body: JSON.stringify(message) })); },
    getState: () => JSON.parse(sessionStorage.getItem("state") ?? "null") ?? undefined,
    setState: (state) => sessionStorage.setItem("state", JSON.stringify(state)),
  });
  globalThis.violations = [];
  addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective + " " + event.blockedURI + " " + event.sample));
  globalThis.failures = [];
  addEventListener("error", (event) => failures.push(String(event.message)));
  addEventListener("unhandledrejection", (event) => failures.push(String(event.reason)));
  const stream = new EventSource("/stream");
  stream.onopen = () => streamOpen();
  stream.onmessage = ({ data }) => postMessage(JSON.parse(data), "*");
`;

function serveFile(file: string, response: ServerResponse): void {
  if (!existsSync(file)) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { "content-type": types[path.extname(file)] ?? "application/octet-stream" });
  response.end(readFileSync(file));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

function stopped(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
