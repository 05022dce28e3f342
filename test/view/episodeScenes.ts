/** The view of episodes in every state that a person may meet. */
import type { Page } from "playwright-core";
import type { MadeRun } from "../../extension/rollouts/testing/madeRun.ts";
import { startEpisodes } from "./harness.ts";
import type { Scene } from "./scene.ts";
import type { Fixtures } from "./sceneFixtures.ts";

const episodesOf =
  (of: (fixtures: Fixtures) => MadeRun): Scene["serve"] =>
  (bundles, fixtures) =>
    startEpisodes({ runDir: of(fixtures).folder }, bundles);

const trajectoriesOf =
  (of: (fixtures: Fixtures) => { trajectories: string }): Scene["serve"] =>
  (bundles, fixtures) =>
    startEpisodes({ file: of(fixtures).trajectories }, bundles);

/** The first episode of the list, or of what is left of it, with all of its turns. */
async function openFirstEpisode(page: Page): Promise<void> {
  await page.locator(".row[aria-rowindex='2']").click();
  await page.getByRole("button", { name: "Unfold All Turns" }).click();
  await page.locator(".turn-body").nth(1).waitFor();
}

export const EPISODE_SCENES: readonly Scene[] = [
  {
    name: "episodes",
    serve: episodesOf(({ episodes }) => episodes),
    reach: (page) => page.locator(".row[aria-rowindex='2']").waitFor(),
  },
  {
    name: "episodes, a stored one turn by turn",
    serve: episodesOf(({ episodes }) => episodes),
    reach: async (page) => {
      await page.locator(".row[aria-rowindex='2']").waitFor();
      await page.keyboard.press("/");
      await page.keyboard.type("train-0006");
      await page.locator(".row", { hasText: "train-0006" }).click();
      await page.locator(".lessons").waitFor();
      await page.locator(".candidate summary").nth(1).click();
    },
  },
  {
    name: "episodes, a played one",
    serve: episodesOf(({ episodes }) => episodes),
    reach: openFirstEpisode,
  },
  {
    name: "episodes of a file",
    serve: trajectoriesOf(({ episodes }) => episodes),
    reach: openFirstEpisode,
  },
  {
    name: "episodes, none yet",
    serve: episodesOf(({ empty }) => empty),
    reach: (page) => page.getByText("This run has no episodes").waitFor(),
  },
  {
    name: "episodes, nothing found",
    serve: episodesOf(({ episodes }) => episodes),
    reach: async (page) => {
      await page.locator(".row[aria-rowindex='2']").waitFor();
      await page.keyboard.press("/");
      await page.keyboard.type("no such text");
      await page.getByText("No episode fits the filter.").waitFor();
    },
  },
  {
    name: "episodes, run gone",
    serve: episodesOf(({ gone }) => gone),
    reach: (page) => page.getByRole("alert").waitFor(),
  },
  {
    name: "episodes, hostile",
    hostile: true,
    serve: episodesOf(({ hostileEpisodes }) => hostileEpisodes),
    reach: openHostileEpisode,
  },
  {
    name: "episodes, hostile file",
    hostile: true,
    serve: trajectoriesOf(({ hostileEpisodes }) => hostileEpisodes),
    reach: openHostileEpisode,
  },
];

async function openHostileEpisode(page: Page): Promise<void> {
  await openFirstEpisode(page);
  await page.locator(".detail").evaluate((detail) => {
    for (const folded of detail.querySelectorAll("details")) folded.setAttribute("open", "");
  });
}
