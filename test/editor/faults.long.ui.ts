/** Processes of the editor that die, and an extension that is replaced, while work goes on. */
import assert from "node:assert/strict";
import path from "node:path";
import { targetHere } from "../../scripts/packaging/targets.ts";
import { packageFile } from "../../scripts/packaging/vsix.ts";
import { RunReader } from "../../server/store/reader.ts";
import { listRuns } from "../../server/store/runFolder.ts";
import { findServer } from "../../server/training/server/serverFile.ts";
import { type Desk, editorTests } from "./support/fixture.ts";
import { processesOf } from "./support/processes.ts";
import { RolloutView } from "./support/rolloutView.ts";
import { TextEditor } from "./support/textEditor.ts";
import { until } from "./support/until.ts";
import { PATIENCE_MS } from "./support/window.ts";
import { endlessQuickstartIn, TRAINED_MS } from "./support/workspaces.ts";

/** Deaths of the language server after which it stays down (extension/language/crashes.ts). */
const DEATHS = 4;

const uiTest = editorTests({ settings: { "files.autoSave": "off" } });

const homeOf = ({ folder }: Pick<Desk, "folder">): string => path.join(path.dirname(folder), "home");

uiTest(
  "a run outlives its extension host and an update of the extension, and is followed again after each",
  async (desk) => {
    const workspace = endlessQuickstartIn(desk.folder);
    const window = await desk.open(workspace);
    await window.run("ToolExpander: Start Training");
    const trains = window.status(/quickstart.*\d+\/\d+/);
    await trains.waitFor({ timeout: TRAINED_MS });
    const run = listRuns(path.join(workspace, "runs"))[0]?.dir ?? "";
    const server = findServer(run)?.server.pid;
    assert.ok(server);
    const newest = (): number => {
      using reader = new RunReader(run);
      return reader.counts().lastStep;
    };
    const goesOn = async (after: string): Promise<void> => {
      const before = newest();
      await until(`further steps ${after}`, TRAINED_MS, () => newest() > before + 1);
      assert.equal(findServer(run)?.server.pid, server, "it is the same server all along");
    };

    const hosts = processesOf(homeOf(desk), "--type=extensionHost");
    assert.ok(hosts.length > 0);
    for (const host of hosts) process.kill(host, "SIGKILL");
    await goesOn("without an extension host");
    // The editor starts another by itself, or says that it did not: a reload is what a person tries then.
    await window.reload();
    await trains.waitFor({ timeout: TRAINED_MS });
    await window.run("ToolExpander: Open Rollouts");
    await new RolloutView(window).watch(TRAINED_MS);

    const target = targetHere();
    assert.ok(target);
    await desk.server.install(packageFile(target));
    await goesOn("while the extension is replaced");
    await window.reload();
    await trains.waitFor({ timeout: TRAINED_MS });
    await window.run("ToolExpander: Pause");
    await window.status(/paused/i).waitFor();
    assert.equal(findServer(run)?.server.pid, server);
  },
);

uiTest(
  "a language server that dies is started again, then left alone, and started by hand with everything it knew",
  async (desk) => {
    const workspace = endlessQuickstartIn(desk.folder);
    const window = await desk.open(workspace);
    const editor = new TextEditor(window);
    await editor.open("quickstart.demos.jsonl");
    await editor.replace("set_priority", "set_priorit");
    await window.run("Problems: Focus on Problems View");
    const problem = editor.problem(/"set_priorit"/);
    await problem.waitFor();

    const servers = () => processesOf(homeOf(desk), "languageServer.js");
    const killed = new Set<number>();
    for (let death = 1; death <= DEATHS; death++) {
      await until(`server ${death}`, PATIENCE_MS, () => servers().some((pid) => !killed.has(pid)));
      // What it knew is what stands in the editor, unsaved.
      await problem.waitFor();
      for (const pid of servers()) {
        process.kill(pid, "SIGKILL");
        killed.add(pid);
      }
    }
    const told = window.notification(/ended and could not be started again/);
    await told.waitFor();
    assert.deepEqual(
      servers().filter((pid) => !killed.has(pid)),
      [],
      "it stays down",
    );
    await told.getByRole("button", { name: "Start Again" }).click();
    await problem.waitFor();
    await editor.replace("set_priorit", "set_priority");
    await problem.waitFor({ state: "detached" });
  },
);
