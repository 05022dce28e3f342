/** Trying an edit, in a real browser: the panel of the replacement editor, with a host that says what a run would. */
import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import type { TriedRollout, TrySide } from "../../schemas/tries.ts";
import type { TryState } from "../../schemas/tryView.ts";
import { beyondTheEdge, comesTrue, pictures, skip } from "./browserTests.ts";
import { card, draft, type Opened, open as openEditor, untilTrue } from "./replacementDesk.ts";
import type { Theme } from "./themes.ts";

/** The editor of a draft, with nothing tried yet. */
async function open(options: { theme?: Theme; width?: number; height?: number } = {}): Promise<Opened> {
  const view = await openEditor(draft.text, options);
  await card(view.page, 1).waitFor();
  await view.page.getByText("Try now", { exact: true }).waitFor();
  return view;
}

const call = (degrees: number): string =>
  `<tool_call>\n{"name": "set_heating", "arguments": {"room": "garage", "degrees": ${degrees}, "duration": 45}}\n</tool_call>`;

function rollout(side: TrySide, index: number, changes: Partial<TriedRollout> = {}): TriedRollout {
  const correct = side === "edited" ? index % 3 !== 0 : index === 4;
  const text = changes.text ?? call(correct ? 16 : 20 + index);
  return {
    side,
    rollout: index,
    text,
    characters: text.length,
    tokens: 40 + index,
    truncated: false,
    calls: "[]",
    formatOk: true,
    correct,
    reward: Number(correct),
    failed: false,
    reason: correct ? "The calls are right." : `Parameter degrees: ${20 + index} is not 16.`,
    ...changes,
  };
}

const drawing: TryState = {
  phase: "drawing",
  rollouts: 10,
  older: false,
  reason: null,
  remedy: null,
  policy: { step: 12, updating: false },
  sides: [
    { side: "edited", version: "edited", tokens: 312 },
    { side: "automatic", version: "few-shot", tokens: 287 },
  ],
  tried: [],
};

const heard = (view: Opened, wish: string): Promise<void> => untilTrue(view, () => view.editor.heard.includes(wish));

test("rollouts stream into both sides, are read out as counts, and are opened, cancelled and promoted by keys", {
  skip,
}, async () => {
  await using view = await open();
  const { page, editor } = view;
  await page.getByText("Try now", { exact: true }).click();
  await heard(view, "try");
  editor.send({ kind: "try", try: { ...drawing, phase: "waiting", policy: null, sides: [] }, rollouts: 10 });
  await page.getByText("Waiting until the engine is done").first().waitFor();
  editor.send({ kind: "try", try: drawing, rollouts: 10 });
  const mine = page.getByRole("region", { name: /^Your edit/ });
  const automatic = page.getByRole("region", { name: /^Automatic few-shots of the round/ });
  for (const index of [1, 0]) editor.send({ kind: "tried", rollout: rollout("edited", index) });
  editor.send({ kind: "tried", rollout: rollout("automatic", 0) });
  await mine.getByText("1 of 2 correct").waitFor();
  await automatic.getByText("0 of 1 correct").waitFor();
  const status = page.locator(".try [role=status]");
  await status.getByText("Your edit: 1 of 2 correct. Automatic: 0 of 1 correct.").waitFor();
  assert.equal(await status.getAttribute("aria-live"), "polite");
  await comesTrue(async () => assert.equal(await mine.locator("li .dim").first().innerText(), "#1"));

  await mine.locator("summary").nth(1).focus();
  await page.keyboard.press("Enter");
  await mine.getByRole("document", { name: "Rollout 2, correct, text" }).getByText('"degrees": 16').waitFor();
  await mine.getByText("Promote to demonstration").click();
  await heard(view, "promote edited 1");
  await mine.locator("summary").first().click();
  assert.equal(await mine.getByText("Promote to demonstration").count(), 1, "a wrong one is promoted by nobody");
  await page.getByText("Cancel", { exact: true }).click();
  await heard(view, "cancelTry");
  editor.send({
    kind: "try",
    try: { ...drawing, phase: "cancelled", tried: [rollout("edited", 0)] },
    rollouts: 10,
  });
  await page.getByText("Cancelled after 1 of 20 rollouts.").first().waitFor();
  await page.getByText("Try now", { exact: true }).waitFor();
});

test("what was typed goes before a try, and an edit that is changed after it says so", { skip }, async () => {
  await using view = await open();
  const { page, editor } = view;
  const query = page.getByLabel("The user asks");
  await query.fill("Warm the hall up.");
  await page.getByText("Try now", { exact: true }).click();
  await heard(view, "try");
  assert.match(editor.text(), /Warm the hall up\./);
  const tried = { ...drawing, tried: [rollout("edited", 0)] };
  editor.send({ kind: "try", try: tried, rollouts: 10 });
  await page.getByRole("region", { name: /^Your edit/ }).waitFor();
  assert.equal(await page.getByText("The edit has been changed since").count(), 0);
  editor.send({ kind: "try", try: { ...tried, older: true }, rollouts: 10 });
  await page.getByText("The edit has been changed since it was tried.").waitFor();
});

test("a refusal has its reason and its way out; Use is confirmed, and told again when a step used it", {
  skip,
}, async () => {
  await using view = await open();
  const { page, editor } = view;
  const reason = "The run 2026-quickstart is not live, so it has no policy to ask. Resume it, or start another one.";
  const refused: TryState = { ...drawing, phase: "refused", policy: null, sides: [], reason, remedy: "resume" };
  editor.send({ kind: "try", try: refused, rollouts: 10 });
  await page.locator(".try-phase.is-bad").getByText(reason).waitFor();
  await page.getByText("Resume a run").click();
  await heard(view, "remedy");
  await page.getByText("Use", { exact: true }).click();
  await heard(view, "use");
  editor.send({ kind: "saved", verdict: { state: "accepted", sentence: "The run uses this edit from step 13 on." } });
  await page.locator(".verdict").getByText("from step 13 on").waitFor();
  editor.send({ kind: "used", step: 14, rollouts: 8, correct: 3 });
  await page.locator(".verdict.is-accepted").getByText("Used at step 14: 3 of 8 rollouts correct.").waitFor();
});

test("an excluded sample is not tried; hostile completions are inert and long ones are bounded", {
  skip,
}, async () => {
  await using view = await open();
  const { page, editor } = view;
  const hostile = `<img src=x onerror="failures.push('run')">\u202e\u001b[2J${"x".repeat(40_000)}`;
  const tried = [
    rollout("edited", 0, { text: hostile, characters: 1_000_000, reason: "<b>no</b>\u0007", truncated: true }),
    rollout("automatic", 0, { text: "", characters: 0, failed: true, reason: "it threw" }),
  ];
  editor.send({ kind: "try", try: { ...drawing, phase: "done", tried }, rollouts: 10 });
  await page.locator(".tried summary").first().click();
  await page.locator(".tried pre").getByText("<img src=x").waitFor();
  await page.getByText("of 1,000,000 characters shown").waitFor();
  assert.equal(await page.locator(".try img, .try b").count(), 0);
  await page.getByText("not judged").waitFor();
  await page.getByLabel("What to do").selectOption("exclude");
  await page.getByText("there is nothing to try").waitFor();
  assert.equal(await page.getByText("Try now", { exact: true }).count(), 0);
});

test("every theme and width keeps the panel inside, and its pictures can be kept", { skip }, async () => {
  const all = Array.from({ length: 10 }, (_, index) => index);
  const tried = [
    ...all.map((index) => rollout("edited", index)),
    rollout("automatic", 9, { formatOk: false, correct: false, reason: "Tool call 1 is never closed." }),
    ...all.slice(0, 7).map((index) => rollout("automatic", index)),
  ];
  for (const [theme, width] of [
    ["dark", 1400],
    ["light", 1100],
    ["contrast", 1400],
    ["dark", 650],
    ["light", 320],
  ] as const) {
    await using view = await open({ theme, width, height: 1000 });
    const { page, editor } = view;
    editor.send({ kind: "try", try: { ...drawing, tried }, rollouts: 10 });
    await page.locator(".tried").nth(17).waitFor();
    await page.locator(".tried summary").nth(1).click();
    const wide = await beyondTheEdge(page, ".try *");
    assert.deepEqual(wide, [], `${theme} at ${width} pixels`);
    if (pictures) {
      await page.evaluate(() => document.body.scrollTo(0, 0));
      await page.screenshot({ path: path.join(pictures, `try-${theme}-${width}.png`) });
    }
  }
});
