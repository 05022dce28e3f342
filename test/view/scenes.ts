/** Every view in every state that a person may meet, in one table: what holds for all of them is tested over it. */
import type { Page } from "playwright-core";
import type { MadeRun } from "../../extension/rollouts/testing/madeRun.ts";
import type { TryState } from "../../schemas/tryView.ts";
import { EPISODE_SCENES } from "./episodeScenes.ts";
import { startCompare, startCurves, startHarness } from "./harness.ts";
import { HOSTILE_LINE, HOSTILE_MEGABYTE, HOSTILE_NAME } from "./hostileText.ts";
import { startEditor } from "./replacementHarness.ts";
import type { Scene, Served } from "./scene.ts";
import type { Fixtures } from "./sceneFixtures.ts";
import { type Bundles, bundleMatching } from "./viewServer.ts";

export const bundleAll = (): Promise<Bundles> =>
  bundleMatching(/^webview\/|^extension\/(rollouts|curves|compare|episodes)\//);

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

/** As a panel says it, when the view has begun to listen. */
function telling<V extends Served & { heard: readonly unknown[] }>(view: V, tell: () => void): Served {
  const timer = setInterval(() => {
    if (view.heard.length === 0) return;
    clearInterval(timer);
    tell();
  }, 50);
  return {
    address: view.address,
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await view[Symbol.asyncDispose]();
    },
  };
}

/** The draft while it is tried. */
const trying =
  (text: string, reason: string): Scene["serve"] =>
  async (bundles, { replacement }) => {
    const view = await startEditor(replacement.file, replacement.text, bundles);
    return telling(view, () => view.send({ kind: "try", try: tryOf(text, reason), rollouts: 4 }));
  };

function tryOf(text: string, reason: string): TryState {
  const tried = (["edited", "automatic"] as const).flatMap((side) =>
    [0, 1, 2].map((rollout) => {
      const correct = rollout === 0;
      const common = { side, rollout, text, characters: text.length, tokens: 40, calls: "[]", failed: false };
      return { ...common, truncated: rollout === 2, formatOk: rollout < 2, correct, reward: Number(correct), reason };
    }),
  );
  const sides = [
    { side: "edited", version: "edited", tokens: 312 },
    { side: "automatic", version: "few-shot", tokens: 287 },
  ] as const;
  const policy = { step: 12, updating: false };
  return { phase: "drawing", rollouts: 4, older: false, reason: null, remedy: null, policy, sides: [...sides], tried };
}

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
    name: "rollouts, of episodes",
    serve: rollouts(({ episodes }) => episodes),
    reach: (page) => page.getByText("This run has episodes, and no rollouts").waitFor(),
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
  ...(["Prompt", "Timeline", "Compare"] as const).flatMap((tab): Scene[] => [
    { name: `rollouts, ${tab}`, serve: rollouts(({ run }) => run), reach: openTab(tab) },
    { name: `rollouts, hostile ${tab}`, hostile: true, serve: rollouts(({ hostile }) => hostile), reach: openTab(tab) },
  ]),
  {
    name: "rollouts, tokens by probability",
    serve: (bundles, { quickstart }) => startHarness(quickstart, bundles),
    reach: async (page) => {
      await openFirstGroup(page);
      await page.locator(".card summary").first().click();
      await page.getByText("Shade by probability").first().click();
      await page.locator(".token").nth(8).waitFor();
    },
  },
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
    name: "curves of episodes",
    serve: curves(({ choices }) => choices),
    reach: (page) => page.getByRole("slider", { name: /^Choice of tools by step/ }).waitFor(),
  },
  {
    name: "curves of episodes as a table",
    serve: curves(({ choices }) => choices),
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
      return telling(view, () => view.say({ kind: "runs", runs }));
    },
    reach: async (page) => {
      await page.getByRole("combobox", { name: "Lay another run over this one" }).waitFor();
      await page.getByRole("combobox", { name: /^Held-out questions/ }).waitFor();
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
  ...EPISODE_SCENES,
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
  { name: "replacement, tried", serve: trying("<tool_call>{}</tool_call>", "It differs."), reach: openTried },
  { name: "replacement, hostile try", hostile: true, serve: trying(HOSTILE_LINE, HOSTILE_LINE), reach: openTried },
  {
    name: "replacement, arguments within each other",
    serve: editor(
      withParts({
        demonstrations: [
          {
            query: "A ticket.",
            calls: [
              { name: "create_ticket", arguments: { title: "Light", customer: { name: "Ada" } } },
              { name: "add_labels", arguments: { ticket: 4, labels: ["urgent", 2] } },
            ],
          },
        ],
      }),
    ),
    reach: (page) => page.getByRole("button", { name: "Remove labels 2" }).waitFor(),
  },
  {
    name: "replacement, wrong argument in JSON",
    serve: editor(
      withParts({
        demonstrations: [{ query: "Warm it.", calls: [{ name: "set_heating", arguments: { degrees: "warm" } }] }],
      }),
    ),
    reach: async (page) => {
      await page.getByRole("button", { name: "Edit as JSON" }).click();
      await page.locator(".cm-lintRange-error", { hasText: "warm" }).waitFor();
      await page.getByRole("textbox", { name: /as JSON/ }).press("Control+Home");
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("Control+Space");
      await page.locator(".cm-tooltip-autocomplete li").first().waitFor();
    },
  },
  {
    name: "replacement, hostile arguments in JSON",
    hostile: true,
    serve: editor(
      withParts({
        demonstrations: [
          { query: "Warm it.", calls: [{ name: "set_heating", arguments: { room: HOSTILE_LINE, [HOSTILE_LINE]: 1 } }] },
        ],
      }),
    ),
    reach: async (page) => {
      await page.getByRole("button", { name: "Edit as JSON" }).click();
      await page.locator(".cm-lintRange-error").first().waitFor();
    },
  },
  {
    name: "replacement, arguments as JSON",
    serve: editor((text) => text),
    reach: async (page) => {
      await page.getByRole("button", { name: "Edit as JSON" }).first().click();
      await page.locator(".cm-content").first().waitFor();
    },
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

function openTab(name: string): Scene["reach"] {
  return async (page) => {
    await openFirstGroup(page);
    await page.getByRole("tab", { name }).click();
    await page.getByRole("tabpanel", { name }).waitFor();
  };
}

async function openTried(page: Page): Promise<void> {
  const tried = page.getByRole("region", { name: /^Your edit/ });
  await tried.locator("summary").first().click();
  await tried.getByRole("document").first().waitFor();
}
