/** Every view in every state that a person may meet, in one table: what holds for all of them is tested over it. */
import { renameSync, rmSync } from "node:fs";
import type { Page } from "playwright-core";
import { HARD, madeRun, quickstartCopy } from "../../extension/replacements/testing/quickstartRun.ts";
import { ReplacementService } from "../../extension/replacements/worker/replacementService.ts";
import { evaluated } from "../../extension/rollouts/testing/evaluated.ts";
import { groupAt, type MadeRun, makeRun, stepOf } from "../../extension/rollouts/testing/madeRun.ts";
import { readRunRecord, updateRunRecord } from "../../server/store/runFolder.ts";
import { startCompare, startCurves, startHarness } from "./harness.ts";
import { HOSTILE_LINE, HOSTILE_MEGABYTE, HOSTILE_NAME } from "./hostileText.ts";
import { startEditor } from "./replacementHarness.ts";
import type { Theme } from "./themes.ts";
import { type Bundles, bundleMatching } from "./viewServer.ts";

/** A view as it is served. */
export interface Served extends AsyncDisposable {
  address(theme: Theme, title: string): string;
}

export interface Scene {
  name: string;
  /** Everything a model or a file says in it is hostile. */
  hostile?: true;
  serve(bundles: Bundles, fixtures: Fixtures): Promise<Served>;
  /** Settles when the state is on the page. */
  reach(page: Page): Promise<void>;
}

export const bundleAll = (): Promise<Bundles> => bundleMatching(/^webview\/|^extension\/(rollouts|curves|compare)\//);

export interface Fixtures extends Disposable {
  run: MadeRun;
  other: MadeRun;
  empty: MadeRun;
  hostile: MadeRun;
  /** Its folder is not there. */
  gone: MadeRun;
  replacement: { file: string; text: string };
}

const METRICS = { rewardMean: 0.5, accuracy: 0.5, "rewardParts.format": 0.7, clippedLow: 0.01, clippedHigh: 0.02 };

export function makeFixtures(): Fixtures {
  const [run, other, empty, hostile, gone] = [makeRun(), makeRun(), makeRun(), makeRun(), makeRun()];
  for (const [one, n] of [
    [run, 2],
    [other, 3],
  ] as const) {
    for (let step = 1; step <= 12; step++) one.writer.recordStep({ ...stepOf(step, 4, 8, 40), metrics: METRICS });
    evaluated(one, { step: 11, rows: 60, solves: (row) => row % n === 0 });
  }
  fillHostile(hostile);
  gone.close();
  renameSync(gone.folder, awayOf(gone));
  const workspace = quickstartCopy();
  const replacement = new ReplacementService().draft(madeRun(workspace.folder), HARD);
  return {
    run,
    other,
    empty,
    hostile,
    gone,
    replacement,
    [Symbol.dispose]: () => {
      rmSync(awayOf(gone), { recursive: true, force: true });
      for (const made of [run, other, empty, hostile, gone, workspace]) made[Symbol.dispose]();
    },
  };
}

const awayOf = ({ folder }: MadeRun): string => `${folder}-away`;

function fillHostile(run: MadeRun): void {
  const rollouts = groupAt(1, 0, 4, 40).map((rollout, index) => ({
    ...rollout,
    sample: HOSTILE_NAME,
    prompt: HOSTILE_MEGABYTE,
    completion:
      index === 0
        ? HOSTILE_MEGABYTE
        : `<tool_call>${JSON.stringify({ name: HOSTILE_NAME, arguments: { [HOSTILE_NAME]: HOSTILE_LINE } })}</tool_call>`,
    reason: HOSTILE_LINE,
    parts: { [HOSTILE_NAME]: 1 },
  }));
  const step = stepOf(1, 1, 4, 40);
  run.writer.recordStep({ ...step, rollouts, metrics: { ...METRICS, [`rewardParts.${HOSTILE_NAME}`]: 1 } });
  // Before training, so that the group of the step is the newest.
  evaluated(run, { step: 0, rows: 60, solves: () => false });
  const accuracy = { rows: 2, correct: 1, value: 0.5, low: 0.1, high: 0.9 };
  const categories = { [HOSTILE_NAME]: accuracy, other: accuracy };
  run.writer.recordEvaluation({ step: 0, moment: "before", accuracy, categories, truncated: 0, malformed: 0 });
  const record = readRunRecord(run.folder);
  const experiment = { ...record.experiment, name: HOSTILE_NAME, model: `/x/${HOSTILE_LINE}` };
  updateRunRecord(run.folder, { experiment, name: HOSTILE_NAME, message: HOSTILE_LINE, state: "failed" });
}

const rollouts =
  (of: (fixtures: Fixtures) => MadeRun): Scene["serve"] =>
  (bundles, fixtures) =>
    startHarness(of(fixtures).folder, bundles);

const curves =
  (of: (fixtures: Fixtures) => MadeRun): Scene["serve"] =>
  (bundles, fixtures) =>
    startCurves(of(fixtures).folder, bundles);

const comparison =
  (title: string, ...of: ((fixtures: Fixtures) => MadeRun)[]): Scene["serve"] =>
  (bundles, fixtures) =>
    startCompare(
      of.map((one, place) => ({ folder: one(fixtures).folder, title: `${title} ${place}` })),
      bundles,
    );

const editor =
  (text: (text: string) => string): Scene["serve"] =>
  (bundles, { replacement }) =>
    startEditor(replacement.file, text(replacement.text), bundles);

/** The draft with other parts. */
const withParts = (changes: object) => (text: string) => JSON.stringify({ ...JSON.parse(text), ...changes });

const openFirstGroup = async (page: Page): Promise<void> => {
  await page.locator(".row[aria-rowindex='2']").click();
  await page.locator(".card").first().waitFor();
};

const HOSTILE_DEMONSTRATIONS = [
  {
    query: HOSTILE_MEGABYTE.slice(0, 200_000),
    calls: [{ name: HOSTILE_NAME, arguments: { [HOSTILE_NAME]: HOSTILE_LINE } }],
  },
  { query: HOSTILE_LINE, calls: [] },
];

export const SCENES: readonly Scene[] = [
  {
    name: "rollouts",
    serve: rollouts(({ run }) => run),
    reach: (page) => page.locator(".row[aria-rowindex='2']").waitFor(),
  },
  { name: "rollouts, a group open", serve: rollouts(({ run }) => run), reach: openFirstGroup },
  {
    name: "rollouts, none yet",
    serve: rollouts(({ empty }) => empty),
    reach: (page) => page.getByText("Training has not produced rollouts yet").waitFor(),
  },
  {
    name: "rollouts, nothing found",
    serve: rollouts(({ run }) => run),
    reach: async (page) => {
      await page.locator(".row[aria-rowindex='2']").click();
      await page.keyboard.press("/");
      await page.keyboard.type("no such text");
      await page.locator(".row").nth(1).waitFor({ state: "detached" });
    },
  },
  {
    name: "rollouts, run gone",
    serve: rollouts(({ gone }) => gone),
    reach: (page) => page.getByRole("alert").waitFor(),
  },
  { name: "rollouts, hostile", hostile: true, serve: rollouts(({ hostile }) => hostile), reach: openHostileGroup },
  {
    name: "curves",
    serve: curves(({ run }) => run),
    reach: (page) => page.locator(".plot canvas").first().waitFor(),
  },
  {
    name: "curves as a table",
    serve: curves(({ run }) => run),
    reach: async (page) => {
      await page.getByRole("button", { name: "Show as a table" }).click();
      await page.getByRole("table").waitFor();
    },
  },
  {
    name: "curves, nothing to draw",
    serve: curves(({ empty }) => empty),
    reach: (page) => page.getByText("Nothing to draw yet").waitFor(),
  },
  { name: "curves, run gone", serve: curves(({ gone }) => gone), reach: (page) => page.getByRole("alert").waitFor() },
  {
    name: "curves, hostile",
    hostile: true,
    serve: async (bundles, { hostile, other }) => {
      const view = await startCurves(hostile.folder, bundles);
      const runs = [hostile, other].map(({ folder }) => ({ folder, title: HOSTILE_NAME }));
      // As the panel tells it, when the view has asked for the first time.
      const telling = setInterval(() => view.heard.length > 0 && view.say({ kind: "runs", runs }), 50);
      return {
        address: view.address,
        [Symbol.asyncDispose]: async () => {
          clearInterval(telling);
          await view[Symbol.asyncDispose]();
        },
      };
    },
    reach: async (page) => {
      await page.getByRole("combobox").waitFor();
      await page.locator(".plot canvas").first().waitFor();
      await page.getByRole("button", { name: "Show as a table" }).click();
      await page.getByRole("table").waitFor();
    },
  },
  {
    name: "comparison",
    serve: comparison(
      "run",
      ({ run }) => run,
      ({ other }) => other,
    ),
    reach: async (page) => {
      await page.getByText(/^1 to \d+ of/).waitFor();
      await page.locator(".plot canvas").first().waitFor();
    },
  },
  {
    name: "comparison, nothing asked",
    serve: comparison(
      "run",
      ({ empty }) => empty,
      ({ empty }) => empty,
    ),
    reach: (page) => page.getByText("None of the runs has been evaluated").waitFor(),
  },
  {
    name: "comparison, a run gone",
    serve: comparison(
      "run",
      ({ run }) => run,
      ({ gone }) => gone,
    ),
    reach: (page) => page.getByRole("alert").first().waitFor(),
  },
  {
    name: "comparison, hostile",
    hostile: true,
    serve: comparison(
      HOSTILE_NAME,
      ({ run }) => run,
      ({ hostile }) => hostile,
    ),
    reach: async (page) => {
      await page.getByText(/^1 to \d+ of/).waitFor();
      await page.locator("summary").click();
    },
  },
  {
    name: "replacement",
    serve: editor(withParts({ note: "The garage is heated by the hour." })),
    reach: (page) => page.getByRole("listitem", { name: "Demonstration 1", exact: true }).waitFor(),
  },
  {
    name: "replacement, pool open",
    serve: editor((text) => text),
    reach: async (page) => {
      await page.getByRole("button", { name: "Add from the pool…" }).click();
      await page.locator(".pool li").first().waitFor();
    },
  },
  {
    name: "replacement, wrong argument",
    serve: editor(
      withParts({
        demonstrations: [{ query: "Warm it.", calls: [{ name: "set_heating", arguments: { degrees: "warm" } }] }],
      }),
    ),
    reach: (page) => page.locator(".at-fault").first().waitFor(),
  },
  {
    name: "replacement, sample left out",
    serve: editor((text) => {
      const { demonstrations: _, ...edit } = JSON.parse(text);
      return JSON.stringify({ ...edit, action: "exclude" });
    }),
    reach: (page) => page.getByText("The sample is not drawn while it is hard.").waitFor(),
  },
  {
    name: "replacement, broken",
    serve: editor((text) => text.slice(0, -20)),
    reach: (page) => page.getByLabel(/Text of the file/).waitFor(),
  },
  {
    name: "replacement, hostile",
    hostile: true,
    serve: editor(withParts({ note: HOSTILE_LINE, demonstrations: HOSTILE_DEMONSTRATIONS })),
    reach: (page) => page.getByRole("listitem", { name: "Demonstration 2", exact: true }).waitFor(),
  },
  {
    name: "replacement, broken and hostile",
    hostile: true,
    serve: editor((text) => `${text.slice(0, -20)} ${HOSTILE_LINE}`),
    reach: (page) => page.getByLabel(/Text of the file/).waitFor(),
  },
];

/** With everything unfolded that can be. */
async function openHostileGroup(page: Page): Promise<void> {
  await openFirstGroup(page);
  await page.locator(".detail").evaluate((detail) => {
    for (const folded of detail.querySelectorAll("details")) folded.setAttribute("open", "");
  });
  await page.locator(".card pre").first().waitFor();
}
