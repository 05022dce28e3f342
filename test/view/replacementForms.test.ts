/** Arguments in the replacement editor's view: as a form of their tool's schema, and as JSON. */
import assert from "node:assert/strict";
import test from "node:test";
import { skip } from "./browserTests.ts";
import { card, draft, open, until, written } from "./replacementDesk.ts";

function bookingEdit(args: object): string {
  const edit = JSON.parse(draft.text);
  edit.demonstrations = [{ query: "A room, please.", calls: [{ name: "book_room", arguments: args }] }];
  return JSON.stringify(edit, null, 2);
}

test("arguments of every kind have their field; what does not fit is shown as it is and not lost", {
  skip,
}, async () => {
  const args = {
    guest: { name: "Ada" },
    nights: "2",
    tags: ["late"],
    note: null,
    size: "suite",
    quiet: "yes",
    extras: { bed: 1 },
  };
  await using view = await open(bookingEdit(args));
  const { page } = view;
  const given = () => written(view).demonstrations?.[0]?.calls[0]?.arguments ?? {};
  const one = card(page, 1);
  await one.getByRole("group", { name: "guest" }).getByLabel("name", { exact: true }).fill("Ada Lovelace");
  await until(view, () => JSON.stringify(given().guest) === '{"name":"Ada Lovelace"}');
  await one.getByRole("button", { name: "Add age" }).click();
  await page.waitForFunction(() => document.activeElement?.getAttribute("data-place")?.endsWith("guest.age"));
  await page.keyboard.press("Control+a");
  await page.keyboard.type("36");
  await until(view, () => JSON.stringify(given().guest) === '{"name":"Ada Lovelace","age":36}');

  // Text where a number belongs keeps its quotes until it is mended.
  const nights = one.getByLabel("nights", { exact: true });
  assert.equal(await nights.inputValue(), '"2"');
  assert.equal(await nights.getAttribute("aria-required"), "true");
  await nights.fill("2");
  await until(view, () => given().nights === 2);

  await one.getByRole("button", { name: "Add to tags" }).click();
  await page.waitForFunction(() => document.activeElement?.getAttribute("data-place")?.endsWith("tags.1"));
  await page.keyboard.type("quiet floor");
  await until(view, () => JSON.stringify(given().tags) === '["late","quiet floor"]');
  await one.getByRole("button", { name: "Move tags 2 up" }).click();
  await until(view, () => JSON.stringify(given().tags) === '["quiet floor","late"]');
  await one.getByRole("button", { name: "Remove tags 2" }).click();
  await until(view, () => JSON.stringify(given().tags) === '["quiet floor"]');

  await one.getByRole("button", { name: "Give note a value" }).click();
  await until(view, () => given().note === "");
  await one.getByRole("button", { name: "Set note to null" }).click();
  await until(view, () => given().note === null);

  const size = one.getByLabel("size", { exact: true });
  assert.equal(await size.inputValue(), '"suite"');
  await size.selectOption("double");
  await until(view, () => given().size === "double");
  assert.equal(await one.getByLabel("quiet", { exact: true }).inputValue(), '"yes"');

  await one.getByRole("group", { name: "extras" }).getByLabel("Another name").fill("cot");
  await page.keyboard.press("Enter");
  await until(view, () => JSON.stringify(given().extras) === '{"bed":1,"cot":0}');
  assert.deepEqual(Object.keys(given()), ["guest", "nights", "tags", "note", "size", "quiet", "extras"]);
});
