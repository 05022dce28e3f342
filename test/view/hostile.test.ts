/** What a model or a file says is text in every view: no element and no script of theirs, nothing unseen, and no policy that would let one in. */
import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { skip, viewTests } from "./browserTests.ts";
import { THEIRS, UNSEEN_PATTERN } from "./hostileText.ts";
import { type Fixtures, makeFixtures } from "./sceneFixtures.ts";
import { bundleAll, SCENES } from "./scenes.ts";

const tests = viewTests(bundleAll);
let fixtures: Fixtures;
before(() => {
  if (!skip) fixtures = makeFixtures();
});
after(() => fixtures?.[Symbol.dispose]());

const hostile = SCENES.filter(({ hostile }) => hostile);

for (const { name, serve, reach } of hostile) {
  test(`${name}: it is shown, and it is text`, { skip }, async () => {
    const view = await serve(tests.bundles, fixtures);
    await using opened = await tests.open(view.address("dark", "quickstart"), view, {});
    const { page } = opened;
    await reach(page);
    const found = await page.evaluate(
      ([theirs, unseen]) => {
        const pattern = new RegExp(unseen as string, "u");
        const nodes: (Document | ShadowRoot)[] = [document];
        const elements: Element[] = [];
        // Controls keep their parts in shadow trees.
        for (const root of nodes) {
          for (const element of root.querySelectorAll("*")) {
            elements.push(element);
            if (element.shadowRoot) nodes.push(element.shadowRoot);
          }
        }
        // A field holds what its file holds, so that nothing is lost; data is for scripts alone.
        const texts = elements.flatMap((element) => [
          ...[...element.childNodes].filter((node) => node instanceof Text).map((node) => node.data),
          ...[...element.attributes]
            .filter(({ name }) => name !== "value" && !name.startsWith("data-"))
            .map(({ value }) => value),
        ]);
        return {
          theirs: elements.filter(({ id }) => id === theirs).map(({ tagName }) => tagName),
          scripts: elements.filter((one) => one instanceof HTMLScriptElement && one.nonce === "").length,
          handlers: elements.filter((one) => [...one.attributes].some((a) => a.name.startsWith("on"))).length,
          links: elements.filter((one) => /^\s*javascript:/i.test(one.getAttribute("href") ?? "")).length,
          ran: Reflect.get(globalThis, theirs as string),
          unseen: texts.filter((text) => pattern.test(text)).map((text) => JSON.stringify(text.slice(0, 200))),
          mentioned: elements.some((one) => {
            const text = one instanceof HTMLTextAreaElement ? one.value : one.textContent;
            return text?.includes(`id="${theirs}"`);
          }),
        };
      },
      [THEIRS, UNSEEN_PATTERN],
    );
    const { mentioned, ...others } = found;
    assert.deepEqual(others, { theirs: [], scripts: 0, handlers: 0, links: 0, ran: undefined, unseen: [] });
    assert.ok(mentioned, "it is on the page, as text");
  });
}

test("every view has hostile text to show", () => {
  const views = new Set(SCENES.map(({ name }) => name.split(",")[0]?.split(" ")[0]));
  assert.deepEqual(new Set(hostile.map(({ name }) => name.split(",")[0])), views);
});

test("no view's policy has anything unsafe, and each starts from nothing", { skip }, async () => {
  for (const { name, serve } of SCENES) {
    await using view = await serve(tests.bundles, fixtures);
    const page = await (await fetch(view.address("dark", "quickstart"))).text();
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? "";
    assert.match(policy, /^default-src 'none'; /, name);
    assert.doesNotMatch(policy, /unsafe-|\*|data:|https?:(?!\/\/127\.0\.0\.1:)|strict-dynamic/, name);
    const scripts = [...page.matchAll(/<script(?![^>]*\bnonce=)/g)];
    assert.equal(scripts.length, 0, name);
  }
});
