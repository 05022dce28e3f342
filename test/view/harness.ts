/**
 * A view in a page of its own: the real page, script and worker, and a server in place of the editor. What the
 * editor would pass on goes through an event stream and posts, so that nothing of the test's driver is in the way.
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { viewPage } from "../../extension/views/page.ts";
import { WorkerLink } from "../../extension/views/workerLink.ts";
import { type CurveRequest, type CurvesHostMessage, isCurvesHostMessage } from "../../schemas/curvesView.ts";
import { type HostMessage, isHostMessage, type WorkerMessage } from "../../schemas/rolloutView.ts";
import { bundle } from "../../scripts/bundle.ts";
import { entries } from "../../scripts/entries.ts";
import { type Theme, themes } from "./themes.ts";

const types: Record<string, string> = { ".js": "text/javascript", ".css": "text/css", ".ttf": "font/ttf" };

/** Where Debian's package lies. */
const chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((file) => existsSync(file));

/** Path of the browser; undefined where there is none, which is a failure where `CI` is set. */
export function browserForTests(): string | undefined {
  if (!chromium && process.env.CI) throw new Error("These tests need a browser: apt-get install -y chromium");
  return chromium;
}

export interface Harness<FromView extends { kind: string }, ToView> extends AsyncDisposable {
  /** Address of the view of a run. */
  address(theme?: Theme, title?: string): string;
  link: WorkerLink<FromView, ToView>;
  /** Says something to the view as the panel does. */
  say(message: ToView): void;
  /** Everything that was sent to the view. */
  sent: ToView[];
  /** What the view said that is for the panel and not for its worker. */
  heard: { kind: string }[];
  log: string[];
}

export type RolloutHarness = Harness<WorkerMessage, HostMessage>;
export type CurvesHarness = Harness<CurveRequest, CurvesHostMessage>;

export interface Bundles extends Disposable {
  /** Stands for dist/. */
  folder: string;
}

/** Bundles what the views are made of, so that they are tested as they are written now. */
export async function bundleView(name: "rollouts" | "curves"): Promise<Bundles> {
  const folder = mkdtempSync(path.join(tmpdir(), "view-"));
  const needed = entries.filter(({ source }) => new RegExp(`^(webview|extension)/${name}/`).test(source));
  await Promise.all(needed.map((entry) => bundle(entry, folder)));
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

export const startHarness = (runDir: string, bundles: Bundles): Promise<RolloutHarness> =>
  serveView(bundles, { name: "rollouts", worker: "storeWorker.js", runDir, accepts: isHostMessage });

export const startCurves = (runDir: string, bundles: Bundles): Promise<CurvesHarness> =>
  serveView(bundles, { name: "curves", worker: "curvesWorker.js", runDir, accepts: isCurvesHostMessage });

interface View<ToView> {
  name: string;
  worker: string;
  runDir: string;
  accepts(message: unknown): message is ToView;
}

async function serveView<FromView extends { kind: string }, ToView>(
  { folder: dist }: Bundles,
  { name, worker, runDir, accepts }: View<ToView>,
): Promise<Harness<FromView, ToView>> {
  const sent: ToView[] = [];
  const log: string[] = [];
  const heard: { kind: string }[] = [];
  let stream: ServerResponse | undefined;
  const say = (message: ToView): void => {
    sent.push(message);
    stream?.write(`data: ${JSON.stringify(message)}\n\n`);
  };
  const link = new WorkerLink<FromView, ToView>({
    file: path.join(dist, worker),
    name,
    data: { runDir },
    subject: runDir,
    accepts,
    post: (message) => say(message as ToView),
    log: (sentence) => log.push(sentence),
  });

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://view");
    if (url.pathname === "/stream") {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(":\n\n");
      stream = response;
    } else if (url.pathname === "/post") {
      void bodyOf(request).then((body) => {
        const message = JSON.parse(body);
        if (message.kind === "request" || message.kind === "ack") link.receive(message);
        else heard.push(message);
        response.end();
      });
    } else if (url.pathname === "/") {
      response.writeHead(200, { "content-type": "text/html" });
      response.end(pageFor(name, runDir, url, (server.address() as AddressInfo).port));
    } else serveFile(path.join(dist, "webview", path.basename(url.pathname)), response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: (theme = "dark", title = "quickstart") =>
      `http://127.0.0.1:${port}/?${new URLSearchParams({ theme, title })}`,
    link,
    say,
    sent,
    heard,
    log,
    [Symbol.asyncDispose]: async () => {
      link[Symbol.dispose]();
      await stopped(server);
    },
  };
}

function pageFor(name: string, runFolder: string, url: URL, port: number): string {
  const nonce = randomBytes(16).toString("base64url");
  const source = `http://127.0.0.1:${port}`;
  const title = url.searchParams.get("title") ?? "";
  const theme = themes[(url.searchParams.get("theme") ?? "dark") as Theme];
  const page = viewPage({
    script: `/${name}.js`,
    style: `/${name}.css`,
    source,
    nonce,
    title,
    data: { "run-folder": runFolder, title, kept: "null" },
  });
  // The editor's own bridge needs no connection and sets its variables itself; this one needs leave for both.
  return page
    .replace("default-src 'none'", `default-src 'none'; connect-src ${source}`)
    .replace(
      "<link",
      `<style nonce="${nonce}">html { ${theme.variables} }</style>\n<script nonce="${nonce}">${bridge}</script>\n<link`,
    )
    .replace("<body ", `<body class="${theme.bodyClass}" data-vscode-theme-kind="${theme.bodyClass}" `);
}

/** What the editor gives a view: `acquireVsCodeApi`, with state that outlives the page. */
const bridge = `
  globalThis.acquireVsCodeApi = () => ({
    postMessage: (message) => { fetch("/post", { method: "POST", body: JSON.stringify(message) }); },
    getState: () => JSON.parse(sessionStorage.getItem("state") ?? "null") ?? undefined,
    setState: (state) => sessionStorage.setItem("state", JSON.stringify(state)),
  });
  globalThis.violations = [];
  addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective + " " + event.blockedURI + " " + event.sample));
  globalThis.failures = [];
  addEventListener("error", (event) => failures.push(String(event.message)));
  addEventListener("unhandledrejection", (event) => failures.push(String(event.reason)));
  new EventSource("/stream").onmessage = ({ data }) => postMessage(JSON.parse(data), "*");
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
