/** The rollout view in a page of its own: the real page, script and worker, and a server in place of the editor. */
import path from "node:path";
import { rolloutPage } from "../../extension/rollouts/page.ts";
import { WorkerLink } from "../../extension/rollouts/workerLink.ts";
import type { HostMessage, WorkerMessage } from "../../schemas/rolloutView.ts";
import type { Theme } from "./themes.ts";
import { type Bundles, bundleMatching, serveView } from "./viewServer.ts";

export { type Bundles, browserForTests } from "./viewServer.ts";

export interface Harness extends AsyncDisposable {
  /** Address of the view of a run. */
  address(theme?: Theme, title?: string): string;
  link: WorkerLink;
  /** Everything that was sent to the view. */
  sent: HostMessage[];
  log: string[];
}

export const bundleView = (): Promise<Bundles> => bundleMatching(/^(webview|extension)\/rollouts\//);

export async function startHarness(runFolder: string, { folder: dist }: Bundles): Promise<Harness> {
  const sent: HostMessage[] = [];
  const log: string[] = [];
  const server = await serveView({
    dist,
    view: "rollouts",
    page: (parts) => rolloutPage({ ...parts, runFolder, kept: undefined }),
    receive: (message) => link.receive(message as WorkerMessage),
  });
  const link = new WorkerLink({
    file: path.join(dist, "storeWorker.js"),
    runDir: runFolder,
    post: (message) => {
      sent.push(message);
      server.send(message);
    },
    log: (sentence) => log.push(sentence),
  });
  return {
    address: (theme = "dark", title = "quickstart") => server.address(theme, title),
    link,
    sent,
    log,
    [Symbol.asyncDispose]: async () => {
      link[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}
