/** The replacement editor's view in a real browser, on readings of real files. */
import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { beyondTheEdge, comesTrue, pictures, skip } from "./browserTests.ts";
import { card, draft, open, until, untilTrue, written } from "./replacementDesk.ts";

test("the prompt, the tokens and the demonstration of a draft are shown; what is typed becomes the document", {
  skip,
}, async () => {
  await using view = await open(draft.text);
  const { page } = view;
  const query = card(page, 1).getByLabel("The user asks");
  await query.waitFor();
  await comesTrue(async () => assert.match(await page.locator(".budget").innerText(), /^\d+ of \d+ tokens$/));
  await page.locator(".part-question pre").getByText("Heat the hall to 20.").waitFor();
  await query.fill("Warm the <b>hall</b>\u001b now.");
  await page.locator(".part-question pre").getByText("Warm the <b>hall</b>␛ now.").waitFor();
  await until(view, (edit) => edit.demonstrations?.[0]?.query === "Warm the <b>hall</b>\u001b now.");
  assert.equal(await page.locator(".part b").count(), 0);
});

test("a wrong argument is told at its field, also to those who hear it, and goes when it is mended", {
  skip,
}, async () => {
  await using view = await open(draft.text);
  const { page } = view;
  const degrees = card(page, 1).getByLabel("degrees", { exact: true });
  await degrees.fill("warm");
  await page.locator(".at-fault", { hasText: "degrees" }).waitFor();
  const described = () =>
    degrees.evaluate((field) =>
      (field.getAttribute("aria-describedby") ?? "")
        .split(" ")
        .map((id) => document.getElementById(id)?.textContent ?? "")
        .join(" "),
    );
  await comesTrue(async () => {
    assert.match(await described(), /is "warm", but the tool declares integer/);
    assert.equal(await degrees.getAttribute("aria-invalid"), "true");
  });
  await degrees.fill("21");
  await page.locator(".at-fault").waitFor({ state: "detached" });
  await until(view, (edit) => edit.demonstrations?.[0]?.calls[0]?.arguments.degrees === 21);

  await card(page, 1).getByRole("button", { name: "Leave out room" }).click();
  await card(page, 1).getByRole("button", { name: "Add room, required" }).click();
  await until(view, (edit) => edit.demonstrations?.[0]?.calls[0]?.arguments.room === "");
});

test("demonstrations are added from the pool with a reason, moved by keys and by hand, and removed", {
  skip,
}, async () => {
  await using view = await open(draft.text);
  const { page } = view;
  await page.getByRole("button", { name: "Add from the pool…" }).click();
  const first = page.locator(".pool li").first();
  await first.getByText(/Calls set_heating; \d+ % of the words in common/).waitFor();
  await page.getByLabel("Search questions, tools and ids").fill("tax_rate");
  await page.locator(".pool li .mono", { hasText: "tax_rate" }).first().waitFor();
  await page.locator(".pool li", { hasText: "Calls none of the tools" }).first().waitFor();
  await page.getByLabel("Search questions, tools and ids").fill("");
  await first.getByText(/Calls set_heating/).waitFor();
  await first.getByText("Add", { exact: true }).click();
  await card(page, 2).waitFor();
  await until(view, (edit) => edit.demonstrations?.length === 2);
  const added = written(view).demonstrations?.[1]?.query ?? "";
  await page.waitForFunction(() => document.activeElement?.getAttribute("data-place") === "query.1");

  await page.locator("[data-place='handle.1']").focus();
  await page.keyboard.press("Alt+ArrowUp");
  await until(view, (edit) => edit.demonstrations?.[0]?.query === added);
  await page.waitForFunction(() => document.activeElement?.getAttribute("data-place") === "handle.0");
  await page.getByRole("status").getByText("Demonstration 2 is now number 1 of 2").waitFor();
  await page.locator("[data-place='handle.0']").dragTo(card(page, 2).locator("header .tools"));
  await until(view, (edit) => edit.demonstrations?.[1]?.query === added);
  await card(page, 1).getByRole("button", { name: "Remove Demonstration 1" }).click();
  await until(view, (edit) => edit.demonstrations?.length === 1);
  assert.equal(written(view).demonstrations?.[0]?.query, added);
  await card(page, 1).getByRole("button", { name: "Remove Demonstration 1" }).click();
  await page.getByText("Without a demonstration this is the raw row").waitFor();
});

test("actions change what the file holds, and give back what they had", { skip }, async () => {
  await using view = await open(draft.text);
  const { page } = view;
  const what = page.getByLabel("What to do");
  await what.selectOption("exclude");
  await page.getByText("The sample is not drawn while it is hard.").waitFor();
  await until(view, (edit) => edit.action === "exclude" && edit.demonstrations === undefined);
  await what.selectOption("fixGold");
  await page.getByRole("heading", { name: "Gold calls" }).waitFor();
  await until(view, (edit) => edit.scope === "always" && Array.isArray(edit.gold));
  await what.selectOption("fewshot");
  await card(page, 1).waitFor();
  await until(view, (edit) => edit.demonstrations?.[0]?.query === "Heat the hall to 20.");
});

test("an action's part comes back with every digit", { skip }, async () => {
  await using view = await open(draft.text.replace('"degrees": 20', '"degrees": 12345678901234567890'));
  const what = view.page.getByLabel("What to do");
  for (const action of ["exclude", "fewshot"]) await what.selectOption(action);
  await until(view, (edit) => edit.action === "fewshot");
  assert.match(view.editor.text(), /12345678901234567890/);
});

test("a second choice counts from the first, also before that one has been read in the file", { skip }, async () => {
  await using view = await open(draft.text);
  const what = view.page.getByLabel("What to do");
  await card(view.page, 1).waitFor();
  const tell = view.editor.holdReadings();
  await what.selectOption("exclude");
  await until(view, (edit) => edit.action === "exclude");
  await comesTrue(async () => assert.equal(await what.inputValue(), "exclude"));
  await what.selectOption("fewshot");
  await until(view, (edit) => edit.action === "fewshot");
  tell();
  await card(view.page, 1).getByLabel("The user asks").waitFor();
  await comesTrue(async () => assert.equal(await what.inputValue(), "fewshot"));
  assert.deepEqual(JSON.parse(view.editor.text()), JSON.parse(draft.text));
  view.editor.replace(draft.text.replace('"fewshot"', '"exclude"'));
  await view.page.getByText("The sample is not drawn while it is hard.").waitFor();
  await comesTrue(async () => assert.equal(await what.inputValue(), "exclude"));
});

test("what was typed just before a saving is part of it, with the reason for the history", { skip }, async () => {
  await using view = await open(draft.text);
  const { page, editor } = view;
  await page.getByLabel("Why this change").fill("the unit was missing");
  await page.getByLabel("Note").fill("look again");
  editor.send({ kind: "flush" });
  await until(view, () => editor.heard.includes("flushed"));
  await comesTrue(() => {
    assert.ok(editor.heard.includes("why the unit was missing"));
    assert.match(editor.text(), /"note": "look again"/);
  });
  editor.send({ kind: "why", why: "" });
  editor.send({ kind: "saved", verdict: { state: "refused", sentence: "The prompt is too long." } });
  await page.locator(".verdict.is-refused").getByText("The prompt is too long.").waitFor();
  await comesTrue(async () => assert.equal(await page.getByLabel("Why this change").inputValue(), ""));
  await page.locator(".history li").getByText("1 of 2 rollouts correct in 1 draw").waitFor();
});

test("what was typed and is not in the file outlives the view", { skip }, async () => {
  await using view = await open(draft.text);
  const { page, editor } = view;
  await page.getByLabel("Why this change").fill("the unit was missing");
  await page.getByRole("button", { name: "Add from the pool…" }).click();
  await page.getByLabel("Search questions, tools and ids").fill("tax");
  await page.reload();
  await page.getByLabel("Search questions, tools and ids").waitFor();
  await comesTrue(async () => {
    assert.equal(await page.getByLabel("Search questions, tools and ids").inputValue(), "tax");
    assert.equal(await page.getByLabel("Why this change").inputValue(), "the unit was missing");
    assert.equal(editor.heard.at(-1), "ready the unit was missing");
  });
  // A saving that the view did not see has used it up.
  editor.send({ kind: "why", why: "" });
  await page.waitForFunction(() => !document.querySelector<HTMLInputElement>("[placeholder^='Goes into']")?.value);
});

test("a change from elsewhere is shown, and what was typed on the old text is not forced upon it", {
  skip,
}, async () => {
  await using view = await open(draft.text);
  const { page, editor } = view;
  await card(page, 1).waitFor();
  editor.replace(draft.text.replace("Heat the hall to 20.", "Somebody else was here."));
  await page.locator(".part-question pre").getByText("Somebody else was here.").waitFor();
  const asks = () => card(page, 1).getByLabel("The user asks").inputValue();
  await comesTrue(async () => assert.equal(await asks(), "Somebody else was here."));
});

test("a broken file shows its fault and is mended as text; one whose row changed is taken over by a button", {
  skip,
}, async () => {
  await using view = await open(draft.text.replace('"scope": "whileHard",', '"scope": '));
  const { page, editor } = view;
  const box = page.getByLabel(/Text of the file; the fault is on line/);
  await box.waitFor();
  await page.getByRole("button", { name: "Reopen as text" }).click();
  await box.fill(draft.text.replace(/"row": "[0-9a-f]{64}"/, `"row": "${"0".repeat(64)}"`));
  await page.getByText("This is not the hash of the row").waitFor();
  await page.getByRole("button", { name: "The edit fits the row as it is now" }).click();
  await page.getByText("This is not the hash of the row").waitFor({ state: "detached" });
  await until(view, (edit) => edit.row === JSON.parse(draft.text).row);
  assert.deepEqual(editor.heard.slice(1), ["reopenAsText"]);

  editor.replace("{");
  await page.getByLabel(/Text of the file/).fill("{]");
  await untilTrue(view, () => editor.text() === "{]");
  // As an undo: it stays undone.
  editor.replace('{ "a": ');
  await page.waitForFunction(() => document.querySelector("textarea")?.value === '{ "a": ');
  editor.send({ kind: "flush" });
  await untilTrue(view, () => editor.heard.includes("flushed"));
  assert.equal(editor.text(), '{ "a": ');
});

test("two hundred demonstrations and a text of a megabyte are shown", { skip }, async () => {
  const edit = JSON.parse(draft.text);
  const [one] = edit.demonstrations;
  edit.demonstrations = Array.from({ length: 200 }, (_, index) => ({ ...one, query: `Question ${index}` }));
  edit.demonstrations[0].query = `<img src=x onerror="failures.push('run')">\u202e${"x".repeat(200_000)}`;
  await using view = await open(JSON.stringify(edit));
  await card(view.page, 200).waitFor();
  await view.page.getByText(/too many: a run refuses this edit/).waitFor();
  assert.equal(await view.page.locator("img").count(), 0);
});

test("every theme and width keeps its parts inside, and its pictures can be kept", { skip }, async () => {
  const edit = JSON.parse(draft.text);
  edit.demonstrations.push({
    query: "Make the kitchen cosy.",
    calls: [{ name: "set_heating", arguments: { room: "kitchen", degrees: "warm" } }],
  });
  edit.demonstrations.push({
    query: "A double room for Ada.",
    calls: [
      {
        name: "book_room",
        arguments: {
          guest: { name: "Ada" },
          nights: "2",
          tags: ["late", "quiet floor"],
          note: null,
          extras: { bed: 1 },
        },
      },
    ],
  });
  edit.note = "The garage is heated by the hour.";
  for (const [theme, width] of [
    ["dark", 1400],
    ["light", 1100],
    ["contrast", 1400],
    // As a window of 1300 pixels at 200 %.
    ["dark", 650],
    ["light", 320],
  ] as const) {
    await using view = await open(JSON.stringify(edit, null, 2), { theme, width, height: 1600 });
    const { page } = view;
    await card(page, 2).getByRole("button", { name: "Edit as JSON" }).click();
    await card(page, 2).locator(".cm-lintRange-error").first().waitFor();
    await page.getByRole("button", { name: "Add from the pool…" }).click();
    await page.locator(".pool li").first().waitFor();
    const wide = await beyondTheEdge(page, "main *");
    assert.deepEqual(wide, [], `${theme} at ${width} pixels`);
    if (pictures) {
      await page.evaluate(() => document.body.scrollTo(0, 0));
      await page.screenshot({ path: path.join(pictures, `replacement-${theme}-${width}.png`) });
    }
  }
});
