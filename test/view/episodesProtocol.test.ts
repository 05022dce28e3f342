/**
 * The real client of the view of episodes and the real session of its worker, over a channel that loses, repeats and delays messages. Once
 * it is honest again, the view must come to show what the store holds. Time is told by the test.
 */
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { makeEpisodes, playAt } from "../../extension/episodes/testing/madeEpisodes.ts";
import { trajectories } from "../../extension/episodes/testing/madeTrajectories.ts";
import { RunEpisodes } from "../../extension/episodes/worker/runEpisodes.ts";
import { EpisodeSession } from "../../extension/episodes/worker/session.ts";
import { type EpisodeSort, EVERY_EPISODE, episodeId } from "../../schemas/episodesView.ts";
import { EpisodeReader, type EpisodeSummary } from "../../server/store/episodeReader.ts";
import { EpisodesClient, type EpisodesState } from "../../webview/episodes/client/episodesClient.ts";
import { Channel, type Fate, fates } from "./channel.ts";
import { pass, tellTime, timers } from "./toldTime.ts";

type Action =
  | { kind: "play"; step: number; right: number }
  | { kind: "sort"; sort: EpisodeSort }
  | { kind: "look"; first: number };

const actions = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant("play" as const),
      step: fc.integer({ min: 0, max: 5 }),
      right: fc.integer({ min: 1, max: 3 }),
    }),
    fc.record({
      kind: fc.constant("sort" as const),
      sort: fc.constantFrom<EpisodeSort>("newest", "oldest", "returnDown", "question"),
    }),
    fc.record({ kind: fc.constant("look" as const), first: fc.integer({ min: 0, max: 300 }) }),
  ),
  { minLength: 5, maxLength: 15 },
);

tellTime();

async function converses(plan: Action[], fate: () => Fate): Promise<void> {
  using run = makeEpisodes({ lines: trajectories(250) });
  const toView = new Channel(fate, (message) => client.receive(message));
  using session = new EpisodeSession(new RunEpisodes(run.folder), (message) => toView.send(message));
  const toSession = new Channel(fate, (message) => session.receive(message));
  const post = (message: unknown) => toSession.send(message);
  const client = new EpisodesClient({ post, timers, query: EVERY_EPISODE, around: null, changed: () => undefined });
  client.open();
  for (const action of plan) {
    if (action.kind === "play") playAt(run, action.step, { questions: 20, right: action.right });
    else if (action.kind === "sort") client.setQuery({ ...EVERY_EPISODE, sort: action.sort });
    else client.look(action.first, action.first + 20);
    await pass(100);
  }

  toView.honest = true;
  toSession.honest = true;
  client.look(0, 450);
  // Longer than the view waits for an answer, and then is silent, before it asks anew.
  await pass(24_000);

  using reader = new EpisodeReader(run.folder);
  const stored = new Map(
    reader.parts().flatMap((part) => reader.summaries(part).map((row) => [episodeId(row), row] as const)),
  );
  // Counting episodes has a share of the real time, which the test does not tell.
  for (const end = performance.now() + 20_000; ; await pass(400)) {
    try {
      assertShown(client.state, stored);
      break;
    } catch (error) {
      if (performance.now() > end) throw error;
    }
  }
  client.dispose();
}

function assertShown(state: EpisodesState, stored: ReadonlyMap<string, EpisodeSummary>): void {
  const { list, connection, problem, header } = state;
  assert.deepEqual([connection, problem, header?.episodes], ["live", undefined, stored.size]);
  const shown = [...(list?.rows ?? [])];
  assert.equal(shown.length, stored.size, "no row is missing");
  assert.equal(new Set(shown.map(episodeId)).size, stored.size, "none is there twice");
  for (const row of shown) {
    const { correct, turns, return: sum } = stored.get(episodeId(row)) ?? assert.fail();
    assert.deepEqual([row.correct, row.turns, row.return], [correct, turns, sum]);
  }
}

test("whatever is lost, repeated or late, the view comes to show what the store holds", async () => {
  await fc.assert(
    fc.asyncProperty(actions, fates, async (plan, stream) => {
      await converses(plan, () => stream.next().value ?? "pass");
    }),
    { seed: 20261122, numRuns: 8, endOnFailure: true },
  );
});
