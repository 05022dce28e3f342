import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { Ref } from "../../toolcalls/dialects/ref.ts";
import { EscapeMap } from "./escapes.ts";
import { Locator } from "./locate.ts";

const at = (text: string, ref: Ref): string => {
  const { start, end } = new Locator(() => text).locate(ref);
  return text.slice(start, end);
};

test("values, keys and ancestors of what is not there", () => {
  const text = '{ "a": [1, {"b" : true}] }';
  assert.equal(at(text, Ref.root), text);
  assert.equal(at(text, Ref.root.at("a", 1, "b")), "true");
  assert.equal(at(text, Ref.root.at("a", 1, "b").key), '"b"');
  assert.equal(at(text, Ref.root.at("a", 7, "b")), '[1, {"b" : true}]');
  assert.equal(at(text, Ref.root.at("a", 1, "b").text(0, 2)), "true", "a text span of what is no text is the value");
});

test("a place inside JSON in a string, as deep as strings go, has exact offsets", () => {
  const values = fc.dictionary(
    fc.string({ unit: "binary" }),
    fc.oneof(fc.string({ unit: "binary" }), fc.integer(), fc.boolean()),
    { minKeys: 1 },
  );
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 3 }), (value, depth) => {
      let text = JSON.stringify(value);
      let ref = Ref.root;
      for (let level = 0; level < depth; level++) {
        text = JSON.stringify({ inner: text });
        ref = ref.at("inner").text();
      }
      for (const key of Object.keys(value)) {
        let found = at(text, ref.at(key));
        for (let level = 0; level < depth; level++) found = JSON.parse(`"${found}"`);
        assert.equal(found, JSON.stringify(value[key]));
      }
    }),
    { seed: 3, numRuns: 300 },
  );
});

test("the escape map agrees with decoding, unit by unit", () => {
  const literals = fc
    .array(fc.constantFrom("a", "é", "😀", "\\n", "\\\\", '\\"', "\\u0041", "\\ud83d\\ude00", "\\ud800"))
    .map((parts) => `"${parts.join("")}"`);
  fc.assert(
    fc.property(literals, (literal) => {
      const decoded: string = JSON.parse(literal);
      const map = new EscapeMap(literal);
      for (let offset = 0; offset < decoded.length; offset++) {
        const piece = literal.slice(map.toLiteral(offset), map.toLiteral(offset + 1));
        assert.equal(JSON.parse(`"${piece}"`), decoded.charAt(offset));
      }
      assert.equal(map.toLiteral(decoded.length), literal.length - 1);
    }),
    { seed: 4, numRuns: 500 },
  );
});
